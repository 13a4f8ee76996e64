"""What stores and the accounts that own them must be to each other."""

import re
from collections.abc import Iterator, Mapping

from lightly_core import lightly_rules
from lightly_core.fault import Fault, did_you_mean

from lightly_access import secret_refs
from lightly_access.manifest.fields import CLOUDS
from lightly_access.manifest.overlaps import DatasourcePath, table
from lightly_access.manifest.problem import Problem
from lightly_access.manifest.tables import Tables

_ARN = re.compile(r"arn:([a-z-]+):iam::([0-9]{12}|aws):.+")


def problems(tables: Tables, datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What cannot be deployed."""
    for name, raw in tables.stores.items():
        store, owner = table(raw), _owner(table(raw), tables)
        if owner is not None and (fault := _misfit(store, owner, tables)):
            yield Problem.of(("stores", name, "owner"), store.get("owner"), fault)
        elif owner is not None:
            yield from _apart(name, store, owner)
    yield from _boundaries(tables, datasource_paths)
    yield from _external_ids(tables)


def warnings(tables: Tables, datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """An account that nothing uses, and a token that the login itself signs, not what the account makes of it."""
    used = [table(raw).get("owner") for raw in tables.stores.values()]
    for name in tables.accounts:
        if name not in used:
            yield Problem(("accounts", name), "an account that no store names", f"a store with owner: {name}")
    for datasource in datasource_paths:
        tenant = (_owner(datasource.store, tables) or {}).get("tenant")
        if tenant is not None and datasource.raw.get("sas") == "user_delegation":
            hint = "the token is signed with your login as it is, so that must be a login to this tenant"
            yield Problem.of(datasource.key("sas"), "user_delegation", Fault(f"a login to the tenant {tenant}", hint))


def _owner(store: Mapping[object, object], tables: Tables) -> Mapping[object, object] | None:
    name = store.get("owner")
    return table(tables.accounts[name]) if isinstance(name, str) and name in tables.accounts else None


def _misfit(store: Mapping[object, object], owner: Mapping[object, object], tables: Tables) -> Fault | None:
    """An account of another cloud; what is wrong with a kind or cloud itself is said elsewhere."""
    kind, cloud = store.get("kind"), owner.get("cloud")
    wanted = CLOUDS.get(kind) if isinstance(kind, str) else None
    if wanted is None or cloud == wanted or cloud not in CLOUDS.values():
        return None
    fitting = [name for name, raw in tables.accounts.items() if table(raw).get("cloud") == wanted]
    hint = f"there {'is' if len(fitting) == 1 else 'are'} {', '.join(fitting)}" if fitting else None
    return Fault(f"an account of cloud {wanted} for a store of kind {kind}", hint)


def _apart(name: str, store: Mapping[object, object], owner: Mapping[object, object]) -> Iterator[Problem]:
    """What store and owner both say must be the same."""
    whose = f"accounts.{store.get('owner')}"
    project, owned = store.get("project"), owner.get("project")
    if store.get("kind") == "gcs" and isinstance(project, str) and isinstance(owned, str) and project != owned:
        fault = Fault(f"{owned}, the project of {whose}", "the service accounts are made where the bucket is")
        yield Problem.of(("stores", name, "project"), project, fault)
    region, role = store.get("region"), _arn(owner.get("role_arn"))
    if not (role and isinstance(region, str)) or lightly_rules.s3_region(region):
        return
    if role[0] != (partition := lightly_rules.partition(region)):
        fault = Fault(f"a region of the partition {role[0]}, where {whose} is", f"{region} is in {partition}")
        yield Problem.of(("stores", name, "region"), region, fault)


def _boundaries(tables: Tables, datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """IAM takes a boundary of the account in which the role or user is made, or one of AWS's own."""
    for datasource in datasource_paths:
        owner, value = _owner(datasource.store, tables), datasource.raw.get("permissions_boundary")
        role, boundary = _arn((owner or {}).get("role_arn")), _arn(value)
        if role and boundary and boundary[1] not in ("aws", role[1]):
            whose = f"accounts.{datasource.store.get('owner')}"
            yield Problem.of(
                datasource.key("permissions_boundary"),
                value,
                Fault(f"the ARN of a policy of account {role[1]} ({whose})"),
            )


def _external_ids(tables: Tables) -> Iterator[Problem]:
    """A secret that the file does not have. Not shown: whoever misread the rule wrote the external ID itself here."""
    for name, raw in tables.accounts.items():
        value = table(raw).get("external_id")
        if tables.secrets is None or not isinstance(value, str) or not secret_refs.secret_name(value):
            continue
        if value not in tables.secrets:
            place = f"{secret_refs.SECRETS_NAMESPACE}:<name>"
            hint = did_you_mean(value, tables.secrets) or f"pulumi config set --secret {place}"
            expected = f"the name of a secret of this stack, {place}"
            yield Problem(("accounts", name, "external_id"), "a name that this file does not have", expected, hint)


def _arn(value: object) -> tuple[str, str] | None:
    """Partition and account of an ARN of IAM."""
    found = _ARN.fullmatch(value) if isinstance(value, str) else None
    return (found[1], found[2]) if found else None
