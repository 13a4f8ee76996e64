"""The table of a datasource. Some options are for some accesses only: which, each access says itself."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from lightly_access.kinds.azure import fields as azure
from lightly_access.kinds.s3 import fields as s3
from lightly_access.kinds.s3 import protocol
from lightly_access.kinds.s3.hardened import Hardened
from lightly_access.tables import fields
from lightly_access.tables.directory import Directory
from lightly_access.tables.fields import not_with, option
from lightly_access.tables.known import chosen_access, known_names
from lightly_access.tables.rules import needs, paired, together_with
from lightly_access.tables.table import Table

_NOT_OURS = "somebody else made this access, and changes and replaces it; it is only registered"
_OURS = not_with(("secret",), _NOT_OURS)
_OUR_POLICY = not_with(("role_arn", "access_key_id"), _NOT_OURS)
_NAMED = needs("secret", "it only with a secret", "it is about a credential that you give: leave this out")
_ROTATED = option("a role has no key to replace, and an external one is not ours: leave this out")
_SAS = option("only a SAS is made in one of two ways: leave this out, or set access: sas")
_ROLE = option("only a role has it: leave this out, or set access: delegated")
_KEY = option("only a key that you give is named: leave this out, or set access: key")
_SECRET = option("a role has no secret, its external_id is named; a mount has none at all: leave this out")
_HARDENED = option("only S3's policies know networks: leave this out, or bound the store itself")
_KeyId = Annotated[
    str, fields.or_variable(protocol.access_key_id), fields.schema("string", pattern="^[!#-&(-+.0-_a-~-]+$")
]


def _pair(about: str) -> AfterValidator:
    """The secret of a key that somebody else made goes with its id, where an access may have one and need not."""

    def validate(value: object, info: ValidationInfo) -> object:
        access = chosen_access(info)
        if access is None or "access_key_id" not in access.options - access.needed:
            return value
        return paired(value, "access_key_id", about, info)

    return AfterValidator(validate)


class Datasource(Table):
    """One of a dataset's two datasources: a directory of a store, and how Lightly reaches it."""

    store: fields.StoreRef = Field(description="The name of one of the stores")
    path: Directory = Field(
        description="The directory inside the store, such as projects/cows/. Empty for the whole store (input only)"
    )
    access: fields.Access = Field(description="How Lightly gets in")
    role_arn: Annotated[s3.RoleArn, _ROLE] | None = Field(
        default=None,
        description="The ARN of a role that exists and that somebody else made: it is registered and verified, and "
        "never changed (with access: delegated and external_id)",
    )
    external_id: Annotated[
        fields.SecretName | None,
        together_with("role_arn", "where the external ID of that role is: a name or env:NAME"),
    ] = Field(
        default=None,
        validate_default=True,
        description="Where the external ID in that role's trust policy is, never itself: the name of a secret "
        "lightly-keys:<name> of the stack's configuration, or env:NAME for an environment variable",
    )
    access_key_id: Annotated[_KeyId | None, fields.needed_by_access("the id of the key, or env:NAME"), _KEY] = Field(
        default=None,
        validate_default=True,
        description="The id of the external key, or env:NAME for an environment variable that holds it (with access: "
        "key, or with access: user for the key of a user that exists and that somebody else made)",
    )
    secret: Annotated[
        fields.SecretName | None,
        fields.needed_by_access("where the key's secret is: a name or env:NAME"),
        _pair("where the key's secret is: a name or env:NAME"),
        _SECRET,
    ] = Field(
        default=None,
        validate_default=True,
        description="Where the secret of a credential is that somebody else made, never itself: the name of a secret "
        "lightly-keys:<name> of the stack's configuration, or env:NAME for an environment variable. The key's secret "
        "(with access: key or user), the SAS token (sas), or the JSON text of the key file (service_account)",
    )
    whole_bucket: Annotated[bool, _NAMED] = Field(
        default=False,
        description="Accept that the external key or token reaches beyond the path, where it cannot be bound to one",
    )
    list_prefix_condition: Annotated[bool, _OUR_POLICY] = Field(default=True, description="Bind listing to the path")
    permissions_boundary: Annotated[s3.PolicyArn, _OUR_POLICY] | None = Field(
        default=None, description="ARN of the policy that bounds the role or user, where your organisation demands one"
    )
    hardened: Annotated[Hardened, _OUR_POLICY, _HARDENED] | None = Field(
        default=None,
        description="Lightly's own servers may only list; reading and writing is for your network, where the worker is "
        "(with access: delegated or user). The worker then runs with datasource.bypass_verify",
    )
    sas: Annotated[azure.SasMethod, _SAS, _OURS] = Field(
        default="stored_policy",
        description="How the SAS is signed (with access: sas): with the account's key and a stored access policy, "
        "which revokes it at once, or, for accounts that refuse keys, by user_delegation, for 7 days at most",
    )
    rotate_after: Annotated[fields.RotationDays, _ROTATED, _OURS] = Field(
        default=90,
        description="Days after which a deployment replaces the credential (with access: user, sas or service_account; "
        "default 90, CIS AWS 2.12; with sas: user_delegation 3, 5 at most: deploy within 6 days less these, each time)",
    )
    rotate_anchor: Annotated[fields.Anchor, _ROTATED, _OURS] = Field(
        default=date(2026, 1, 1),
        description="The day from which the rotation periods are counted (with access: user, sas or service_account)",
    )
    rotate_now: Annotated[fields.AnyText, _ROTATED, _OURS] | None = Field(
        default=None,
        description="Any text; another text replaces the credential at the next deployment (with access: user, sas or "
        "service_account)",
    )

    @property
    def made_elsewhere(self) -> bool:
        """Whether it names a credential that somebody else made: then we only register and verify it."""
        return self.role_arn is not None or self.secret is not None

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, raw: object, info: ValidationInfo) -> object:
        """What the access says of a table that leaves things out."""
        known = known_names(info)
        if known is None or not isinstance(raw, Mapping):
            return raw
        access = known.accesses.get(str(raw.get("access")))
        return {**access.defaults(raw), **raw} if access else raw
