"""What Azure's stores and datasources must be to each other: who reaches what with a SAS, and who makes an account.

A SAS is for a container, or, in a hierarchical namespace only, for a directory
(https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/storage/common/storage-sas-overview.md).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from lightly_core.azure import POLICIES_A_CONTAINER
from lightly_core.fault import Fault, one_of

from lightly_access.kinds.azure import names as azure_names
from lightly_access.kinds.azure.names import POLICIES_A_DATASOURCE
from lightly_access.tables.overlaps import LIGHTLY, DatasourcePath
from lightly_access.tables.problem import Problem
from lightly_access.tables.written import Tables, table


def problems(tables: Tables, datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What cannot be deployed."""
    stores = {name: table(raw) for name, raw in tables.stores.items() if table(raw).get("kind") == "azure"}
    yield from _accounts(stores)
    yield from _groups(stores)
    yield from _tags(tables, stores)
    yield from _policies(datasource_paths)


def warnings(tables: Tables, datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What is accepted and should be looked at."""
    yield from _unusual_locations(tables)
    yield from _whole_containers(datasource_paths)
    yield from _logins(tables, datasource_paths)


def _unusual_locations(tables: Tables) -> Iterator[Problem]:
    for name, raw in tables.stores.items():
        location = table(raw).get("location") if table(raw).get("kind") == "azure" else None
        if isinstance(location, str) and (hint := azure_names.unusual_location(location)):
            yield Problem.of(("stores", name, "location"), location, Fault("a location that we know", hint))


def _logins(tables: Tables, datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """A token that the login itself signs, not what the account makes of it."""
    for datasource in datasource_paths:
        tenant = (tables.owner(datasource.store) or {}).get("tenant")
        if tenant is not None and datasource.raw.get("sas") == azure_names.USER_DELEGATION:
            hint = "the token is signed with your login as it is, so that must be a login to this tenant"
            yield Problem.of(
                datasource.key("sas"), azure_names.USER_DELEGATION, Fault(f"a login to the tenant {tenant}", hint)
            )


def _whole_containers(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """A SAS that covers the whole container although a directory is registered; a container that we make for this one
    datasource is what the warning asks for."""
    inside = defaultdict(list)
    for datasource in datasource_paths:
        if _reaches_all(datasource):
            inside[datasource.store_identity].append(datasource)
    for datasource in (datasource for together in inside.values() for datasource in together if datasource.path):
        if datasource.store.get("create") is True and len(inside[datasource.store_identity]) == 1:
            continue
        others = [str(other) for other in inside[datasource.store_identity] if other is not datasource]
        may = "read, overwrite and delete" if datasource.purpose == LIGHTLY else "read"
        also = f"; with it Lightly could also {may} {one_of(others[:3])}" if others else ""
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        hint = f"a SAS covers the whole container, not only this directory{also}{more}"
        expected = "a container of its own, or an account with a hierarchical namespace (hierarchical: true)"
        yield Problem.of(datasource.key("path"), datasource.path, Fault(expected, hint))


def _reaches_all(datasource: DatasourcePath) -> bool:
    """Whether a SAS for this datasource covers the whole container, whatever its path."""
    return datasource.kind == "azure" and datasource.store.get("hierarchical") is not True


def _accounts(stores: Mapping[str, Mapping[object, object]]) -> Iterator[Problem]:
    """An account is one thing, however many of its containers are declared; who makes it has it alone."""
    first: dict[object, str] = {}
    for name, store in stores.items():
        account = store.get("account")
        if not isinstance(account, str) or (known := first.setdefault(account, name)) == name:
            continue
        made = [store_name for store_name in (known, name) if stores[store_name].get("create_account") is True]
        if made:
            hint = f"stores.{made[0]} makes this account; make it in a stack of its own, and adopt it here"
            fault = Fault("an account that nobody makes, or nobody else uses", hint)
            yield Problem.of(("stores", name, "account"), account, fault)
            continue
        for key, nothing in (("hierarchical", False), ("resource_group", None)):
            mine, theirs = (str(stores[each].get(key, nothing)).lower() for each in (name, known))
            if mine != theirs:
                fault = Fault(f"the same as stores.{known} says", "it is one account")
                yield Problem.of(("stores", name, key), store.get(key, nothing), fault)


def _groups(stores: Mapping[str, Mapping[object, object]]) -> Iterator[Problem]:
    """Who makes a resource group deletes it on destroy, with everything inside."""
    named = defaultdict(list)
    for name, store in stores.items():
        if isinstance(group := store.get("resource_group"), str):
            named[group.lower()].append(name)
    for names in named.values():
        for name in names:
            others = [other for other in names if other != name and not _same_account(stores[other], stores[name])]
            if stores[name].get("create_account") is True and others:
                hint = f"stores.{others[0]} uses it too, and destroy deletes a group with everything inside"
                group = stores[name].get("resource_group")
                yield Problem.of(("stores", name, "resource_group"), group, Fault("a resource group of its own", hint))


def _same_account(one: Mapping[object, object], other: Mapping[object, object]) -> bool:
    return one.get("account") == other.get("account")


def _tags(tables: Tables, stores: Mapping[str, Mapping[object, object]]) -> Iterator[Problem]:
    """A created account carries the tags of everything and its own, by Azure's rules."""
    common = {str(key): value for key, value in table(tables.tags).items()}
    made = {name: store for name, store in stores.items() if store.get("create_account") is True}
    for name, value in common.items() if made else ():
        fault = azure_names.tag_name(name) or (azure_names.tag_value(value) if isinstance(value, str) else None)
        if fault:
            yield Problem.of(
                ("tags", name), name, Fault(f"{fault.expected}, because Azure's are among them", fault.hint)
            )
    for name, store in made.items():
        own = {str(key): "" for key in table(store.get("tags"))}
        both = {**dict.fromkeys(common, ""), **own}
        if common and not azure_names.tags(own) and (fault := azure_names.tags(both)):
            fault = Fault(f"{fault.expected}, the common ones included", fault.hint)
            yield Problem.of(("stores", name, "tags"), store.get("tags", {}), fault)


def _policies(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """Two datasources fill a container: each needs a stored access policy, and a second one while it is rotated."""
    room = POLICIES_A_CONTAINER // POLICIES_A_DATASOURCE
    held: dict[object, int] = defaultdict(int)
    for datasource in datasource_paths:
        stored = datasource.raw.get("access") == "sas" and datasource.raw.get("sas", "stored_policy") == "stored_policy"
        stored = stored and datasource.raw.get("secret") is None  # the policy of an external token is its owner's
        if not stored or datasource.kind != "azure" or not datasource.store_identity:
            continue
        held[datasource.store_identity] += 1
        if held[datasource.store_identity] > room:
            hint = (
                f"a container holds {POLICIES_A_CONTAINER} policies and a rotation needs two for each datasource: use "
                "another container, or sas: user_delegation"
            )
            fault = Fault(f"at most {room} datasources with stored access policies in one container", hint)
            yield Problem.of(datasource.key("store"), datasource.raw.get("store"), fault)
