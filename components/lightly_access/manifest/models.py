"""The tables of the manifest as frozen values: the stores (see `stores`), Datasource, Dataset, Verify.

The descriptions are what editors show, through the JSON Schema. A rule between two fields stands at the later one.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field, RootModel, model_validator

from lightly_access.manifest import fields
from lightly_access.manifest.rules import needed_with, needs, not_with, only_with, together_with
from lightly_access.manifest.stores import Table

if TYPE_CHECKING:
    from lightly_policies.network import Network

_ROTATED = only_with(
    *("access", "user", "a role has no key to replace, and a given one is not ours: leave this out"),
    *("sas", "service_account"),
)
_SAS = only_with("access", "sas", "only a SAS is made in one of two ways: leave this out, or set access: sas")
_ROLE = only_with("access", "delegated", "only a role has it: leave this out, or set access: delegated")
_KEY = only_with("access", "key", "only a key that you give is named: leave this out, or set access: key", "user")
_SECRET = only_with(
    *("access", "key", "a role has no secret, its external_id is named; a mount has none at all: leave this out"),
    *("user", "sas", "service_account"),
)
_NOT_OURS = "somebody else made this access, and changes and replaces it; it is only registered"
_OURS = not_with(("secret",), _NOT_OURS)
_OUR_POLICY = not_with(("role_arn", "access_key_id"), _NOT_OURS)
_NAMED = needs("secret", "it only with a secret", "it is about a credential that you give: leave this out")
_NOT_ADOPTED = only_with("adopt", False, "an adopted dataset is kept on destroy: leave one of the two out")


_S3_WAYS = only_with(
    *("access", "user", "only S3's policies know networks: leave this out, or bound the store itself"), "delegated"
)


class Hardened(Table):
    """Where reading and writing is allowed from. Lightly's own servers are not there: they can list, and no more."""

    vpc_ids: fields.VpcIds | None = Field(
        default=None, description="VPCs that reach S3 through an endpoint of their own, such as vpc-0a1b2c3d4e5f67890"
    )
    cidrs: Annotated[fields.Cidrs | None, fields.Somewhere] = Field(
        default=None,
        validate_default=True,
        description="Public addresses: of NAT gateways and offices, and of people who look at Lightly's pages",
    )

    @property
    def network(self) -> "Network":
        """The same for the templates and their proof."""
        from lightly_policies.network import Network  # late: a check of a manifest needs no policies

        return Network(self.vpc_ids or (), self.cidrs or ())


class Datasource(Table):
    """One of a dataset's two ways in: a directory of a store, and how Lightly reaches it."""

    store: fields.StoreRef = Field(description="The name of one of the stores")
    path: fields.Directory = Field(
        description="The directory inside the store, such as projects/cows/. Empty for the whole store (input only)"
    )
    access: fields.Access = Field(
        description="How Lightly gets in: delegated (a role that it assumes), user (the key of a user that we make), "
        "sas (a SAS token, for azure), service_account (the key of one that we make, for gcs), key (a key that you "
        "give, for obs) or mount (a folder of the worker, for local). With role_arn or secret somebody else made it"
    )
    role_arn: Annotated[fields.RoleArn, _ROLE] | None = Field(
        default=None,
        description="The ARN of a role that exists and that somebody else made: it is registered and verified, and "
        "never changed (with access: delegated and external_id)",
    )
    external_id: Annotated[
        fields.GivenSecret | None,
        together_with("role_arn", "where the external ID of that role is: a name or env:NAME"),
    ] = Field(
        default=None,
        validate_default=True,
        description="Where the external ID in that role's trust policy is, never itself: the name of a secret "
        "lightly-keys:<name> of the stack's configuration, or env:NAME for an environment variable",
    )
    access_key_id: Annotated[
        fields.GivenKeyId | None, needed_with("access", "key", "the id of the key, or env:NAME"), _KEY
    ] = Field(
        default=None,
        validate_default=True,
        description="The id of the given key, or env:NAME for an environment variable that holds it (with access: key, "
        "or with access: user for the key of a user that exists and that somebody else made)",
    )
    secret: Annotated[
        fields.GivenSecret | None,
        needed_with("access", "key", "where the key's secret is: a name or env:NAME"),
        together_with("access_key_id", "where the key's secret is: a name or env:NAME", ("access", "user")),
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
        description="Accept that the given key or token reaches beyond the path, where it cannot be bound to one",
    )
    list_prefix_condition: Annotated[bool, _OUR_POLICY] = Field(default=True, description="Bind listing to the path")
    permissions_boundary: Annotated[fields.PolicyArn, _OUR_POLICY] | None = Field(
        default=None, description="ARN of the policy that bounds the role or user, where your organisation demands one"
    )
    hardened: Annotated[Hardened, _OUR_POLICY, _S3_WAYS] | None = Field(
        default=None,
        description="Lightly's own servers may only list; reading and writing is for your network, where the worker is "
        "(with access: delegated or user). The worker then runs with datasource.bypass_verify",
    )
    sas: Annotated[fields.SasMethod, _SAS, _OURS] = Field(
        default="stored_policy",
        description="How the SAS is signed (with access: sas): with the account's key and a stored access policy, "
        "which revokes it at once, or, for accounts that refuse keys, by user_delegation, for 7 days at most",
    )
    rotate_after: Annotated[fields.RotationDays, _ROTATED, _OURS] = Field(
        default=90,
        description="Days after which a deployment replaces the credential (with access: user, sas or service_account; "
        "default 90, CIS AWS 2.12; 6, the most there, with sas: user_delegation)",
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
    def adopted(self) -> bool:
        """Whether the role, user, token or service account is somebody else's: then we only register and verify it.

        A given key (`access: key`) always is; it has a component of its own.
        """
        return self.role_arn is not None or (self.access != "key" and self.secret is not None)

    @model_validator(mode="before")
    @classmethod
    def _short_delegation(cls, raw: object) -> object:
        """A user delegation SAS has a default period of its own, because it lives for 7 days at most."""
        ours = isinstance(raw, Mapping) and raw.get("access") == "sas" and raw.get("secret") is None
        if ours and isinstance(raw, Mapping) and raw.get("sas") == "user_delegation":
            return {"rotate_after": fields.USER_DELEGATION_DAYS, **raw}
        return raw


class Dataset(Table):
    """A dataset at Lightly: where Lightly reads raw data from (input), and where it also writes (lightly)."""

    type: fields.DatasetType = Field(description="What the dataset holds: images or videos")
    adopt: bool = Field(
        default=False, description="Take over a dataset of this name that exists at Lightly; destroy keeps it"
    )
    force_destroy: Annotated[bool, _NOT_ADOPTED] = Field(
        default=False, description="Let destroy delete the dataset together with its samples"
    )
    input: Datasource = Field(description="INPUT: where Lightly lists and reads the raw data")
    lightly: Datasource = Field(description="LIGHTLY: where Lightly also writes thumbnails, frames and predictions")


class Verify(Table):
    """How a verification waits until the clouds have caught up with a deployment."""

    deadline: fields.Deadline = Field(
        default=120, description="Seconds after which a light that is not as expected is final"
    )
    confirmations: fields.Confirmations = Field(
        default=2, description="Good answers in a row that make a dataset verified"
    )
    probe: bool = Field(
        default=True,
        description="Also try what each access key can really do; whoever deploys must reach the store for that",
    )


class TagTable(RootModel[fields.Tags]):
    """Tags of everything that is made in AWS and Azure; Google's labels stand at each store."""

    model_config = ConfigDict(strict=True, frozen=True)
