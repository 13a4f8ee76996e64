"""SAS access: a token for one path of one container, replaced period by period.

What Lightly asks for: read and list, and write and delete where it stores its results
(https://docs.lightly.ai/docs/azure). A token of a plain account covers the whole container: `proof` is about the path,
and `lightly_policies.proof_sas` names what lies beside it.
"""

from datetime import UTC, datetime
from typing import Any, NotRequired, TypedDict

import pulumi
from lightly_core.capability import Purpose
from lightly_policies.cases_sas import Sharee
from lightly_policies.proof_sas import planned, prove_sas
from lightly_policies.sas import StoredPolicy

from lightly_access.access import Access, LeastPrivilegeError, fingerprint, store_prerequisites
from lightly_access.joined import together
from lightly_access.kinds.azure.components.container import AzureContainer
from lightly_access.kinds.azure.fields import SasMethod
from lightly_access.kinds.azure.names import STORED_POLICY, USER_DELEGATION
from lightly_access.kinds.azure.policy_id import policy_id
from lightly_access.kinds.azure.sas_window import DELEGATED_DAYS, DELEGATED_DEFAULT, Window
from lightly_access.resources import AzureSas
from lightly_access.rotation import DAYS, Period
from lightly_access.rotation_args import RotationArgs
from lightly_access.stack_name import stack_name
from lightly_access.tables.directory import Directory


class _Place(TypedDict):
    store: AzureContainer
    """The container."""
    path: Directory
    """The directory inside it, ending in `/`; empty for the whole container."""
    purpose: Purpose
    """INPUT (list, read) or LIGHTLY (list, read, write, overwrite, delete)."""
    dataset: str
    """Whose access this is; part of the name of each stored policy that is made."""


class AzureSasAccessArgs(_Place, RotationArgs):
    """Access to one path of one container, and when its token is replaced.

    `rotate_after` is 90 at most, the default; for `user_delegation` it is 5 at most, and 3 by default.
    """

    method: NotRequired[SasMethod]
    """`stored_policy` (default): the token lives by a policy of the container, and dies at once when that is dropped.
    `user_delegation`: signed with the deployer's login, needs no account key; it lives 7 days at most, so the
    next deployment must come within 6 days less `rotate_after`: 3 by default. It cannot be revoked alone: what was
    given away stays valid until its end."""


class AzureSasAccess(Access):
    """A SAS token for one path, which is replaced period by period; the new one is verified before the old one dies.

    Example:
        photos = AzureContainer(
            "photos", {"account": "acmedatalake", "container": "photos", "resource_group": "acme-data"}
        )
        reads = AzureSasAccess(
            "farm-animals-input",
            {"store": photos, "path": "farm-animals/", "purpose": Purpose.INPUT, "dataset": "farm-animals"},
        )
    """

    def __init__(self, name: str, args: AzureSasAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:azure:AzureSasAccess", name, None, opts)
        store, purpose, path = args["store"], args["purpose"], args["path"]
        delegated = args.get("method", STORED_POLICY) == USER_DELEGATION
        now = datetime.now(UTC)
        period = _period(name, args, now)
        window = Window.delegated(period) if delegated else Window.stored(period)
        # The id of a token that is not replaced now stays, also under another key: the provider keeps it.
        policy = policy_id(pulumi.get_project(), stack_name(), args["dataset"], purpose, period.mark)
        sharee = Sharee(purpose, store.account, store.container, path, store.hierarchical, now)
        _assert_least_privilege(name, sharee, policy, window, delegated=delegated)
        start, expiry = window.texts
        sas = AzureSas(
            f"{name}-sas",
            account_name=store.account,
            account_key=None if delegated else store.account_key,
            endpoint=store.endpoint,
            container=store.container,
            directory=path,
            hierarchical=store.hierarchical,
            purpose=purpose,
            policy=policy,
            method=args.get("method", STORED_POLICY),
            start=start,
            expiry=expiry,
            opts=pulumi.ResourceOptions(parent=self, depends_on=store.prerequisites),
        )

        def proved(parts: list[Any]) -> dict[str, bool]:
            token, permissions, made = parts
            stored = None if delegated else StoredPolicy(made, permissions, window.start, window.expiry)
            return dict(prove_sas(sharee, token, stored, policy_id=made, until=window.expiry).capabilities)

        whole = pulumi.Output.from_input(f"{store.account}/{store.container}/user-delegation")
        made = {
            "kind": "SAS token",
            "rotates": period.due.isoformat(),
            "expires": expiry,
            "period": period.trigger,
            "method": args.get("method", STORED_POLICY),
        }
        self._describe(
            purpose=purpose,
            registration={
                "kind": "azure",
                "access": "sas",
                "path": f"azure://{store.account}/{store.container}/{path}",
                "sas_token": sas.sas_token,
            },
            identity=whole if delegated else sas.id,
            # The lights tell nothing of the token.
            proof=pulumi.Output.unsecret(together(sas.sas_token, sas.permissions, sas.policy).apply(proved)),
            fingerprint=together(sas.policy, sas.permissions, sas.start, sas.expiry, sas.directory).apply(
                lambda parts: fingerprint(*(str(part) for part in parts))
            ),
            credential=sas.created.apply(lambda at: {**made, "created": at}),
            probe_credential={"sasToken": sas.sas_token, "endpoint": store.endpoint},
            prerequisites=store_prerequisites(store, path, writes=purpose is Purpose.LIGHTLY),
        )


def _period(name: str, args: AzureSasAccessArgs, now: datetime) -> Period:
    """Raises ValueError for a period that is too long for the tokens of its method."""
    delegated = args.get("method", STORED_POLICY) == USER_DELEGATION
    longest, default = (DELEGATED_DAYS, DELEGATED_DEFAULT) if delegated else (DAYS, DAYS)
    days = args.get("rotate_after", default)
    if not 1 <= days <= longest:
        method = args.get("method", STORED_POLICY)
        raise ValueError(f"rotate_after: got {days}, expected 1 to {longest} for {method}")
    rotation: RotationArgs = {"rotate_after": days}
    if anchor := args.get("rotate_anchor"):
        rotation["rotate_anchor"] = anchor
    if text := args.get("rotate_now"):
        rotation["rotate_now"] = text
    return Period.of(rotation, now.date())


def _assert_least_privilege(name: str, sharee: Sharee, policy: str, window: Window, *, delegated: bool) -> None:
    """Prove the token that will be made, with a placeholder for its key. Raises LeastPrivilegeError."""
    token, stored = planned(sharee, policy, window.start, window.expiry, delegated=delegated)
    proof = prove_sas(sharee, token, stored, policy_id=policy, until=window.expiry)
    if proof.unexpected:
        raise LeastPrivilegeError(name, Purpose(sharee.purpose), proof.unexpected)
