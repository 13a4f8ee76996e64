"""What datasets and stores must be to each other: nobody writes where somebody else reads or writes.

Works on the tables as they were written and uses what can be read of them, so that one mistake does not hide another.
What holds for one kind of store only is its own to say.
"""

from collections.abc import Iterator, Mapping

from lightly_core import directory
from lightly_core.fault import Fault, did_you_mean

from lightly_access import secret_refs
from lightly_access.kinds import registry
from lightly_access.manifest import names
from lightly_access.manifest.yaml_scalars import GO_DATE
from lightly_access.tables.overlaps import INPUT, LIGHTLY, DatasourcePath
from lightly_access.tables.problem import Problem, Where
from lightly_access.tables.written import Tables, table


def relations(tables: Tables) -> tuple[list[Problem], list[Problem]]:
    """Problems and warnings between the entries of the tables."""
    known = list(_datasource_paths(tables))
    problems = [
        *_dates(tables),
        *_shared_buckets(tables),
        *names.problems(tables),
        *_misfits(tables),
        *_accesses(known),
        *_secrets(known, tables.secrets),
        *_roots(known),
        *_overlaps(known),
        *_directories(known),
        *(problem for kind in registry.ROWS for problem in kind.problems(tables, known)),
    ]
    warnings = [
        *_unused(tables),
        *_remarks(known),
        *_own_overlaps(known),
        *(warning for kind in registry.ROWS for warning in kind.warnings(tables, known)),
    ]
    return problems, warnings


def _dates(tables: Tables) -> Iterator[Problem]:
    """Text that was a bare date in YAML and is another text now, whether we read it or Pulumi did."""
    written = {"stores": tables.stores, "datasets": tables.datasets, "accounts": tables.accounts, "tags": tables.tags}
    for where, text in _texts((), written):
        if text.endswith(GO_DATE) and where[-1] != "rotate_anchor":
            bare = text.removesuffix(GO_DATE)
            yield Problem.of(where, text, Fault("text, which a bare date is not", f"put it in quotes: '{bare}'"))


def _texts(where: Where, value: object) -> Iterator[tuple[Where, str]]:
    """Every name and every text, and where it stands."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield (*where, str(key)), str(key)
            yield from _texts((*where, str(key)), inner)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _texts((*where, str(index)), inner)


def _datasource_paths(tables: Tables) -> Iterator[DatasourcePath]:
    """Every datasource whose store and path can be read."""
    for name, dataset in tables.datasets.items():
        for purpose in (INPUT, LIGHTLY):
            source = table(table(dataset).get(purpose))
            store, path = source.get("store"), source.get("path")
            known = isinstance(store, str) and store in tables.stores
            if known and isinstance(path, str) and directory.directory_path(path) is None:
                yield _datasource_path(name, purpose, tables.stores[str(store)], directory.normalised(path), source)


def _datasource_path(
    dataset: str, purpose: str, raw: object, path: str, source: Mapping[object, object]
) -> DatasourcePath:
    store = table(raw)
    kind = registry.find_kind(store.get("kind"))
    if kind is None:
        return DatasourcePath(dataset, purpose, store, path, source, None, path, "bucket")
    identity, inside = kind.store_identity(store, purpose), kind.inside(store, path, purpose)
    return DatasourcePath(dataset, purpose, store, path, source, identity, inside, kind.container)


def _shared_buckets(tables: Tables) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, raw in tables.stores.items():
        store = table(raw)
        kind = registry.find_kind(store.get("kind"))
        where = kind.store_identity(store) if kind else None
        if kind and where and first.setdefault(where, name) != name:
            word = kind.container
            hint = f"stores.{first[where]} is this {word} too; datasets can share a store"
            yield Problem.of(("stores", name, word), store.get(word), Fault(f"a {word} that is declared once", hint))


def _misfits(tables: Tables) -> Iterator[Problem]:
    """An account of another cloud; what is wrong with a kind or cloud itself is said elsewhere."""
    clouds = [kind.cloud for kind in registry.ROWS if kind.cloud]
    for name, raw in tables.stores.items():
        store, owner = table(raw), tables.owner(table(raw))
        kind = registry.find_kind(store.get("kind"))
        cloud = owner.get("cloud") if owner is not None else None
        if kind is None or kind.cloud is None or cloud == kind.cloud or cloud not in clouds:
            continue
        fitting = [each for each, account in tables.accounts.items() if table(account).get("cloud") == kind.cloud]
        hint = f"there {'is' if len(fitting) == 1 else 'are'} {', '.join(fitting)}" if fitting else None
        fault = Fault(f"an account of cloud {kind.cloud} for a store of kind {kind.name}", hint)
        yield Problem.of(("stores", name, "owner"), store.get("owner"), fault)


def _accesses(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """Each kind of store has its own accesses; what belongs to a policy that we write has no place at some of them."""
    known = registry.accesses()
    for datasource in datasource_paths:
        kind, access = datasource.kind, datasource.raw.get("access")
        if not isinstance(access, str):
            continue
        if isinstance(kind, str) and (fault := registry.access_fault(kind, access)):
            yield Problem.of(datasource.key("access"), access, fault)
        elif access in known and (whose := known[access].no_policy):
            for name, nothing in (("permissions_boundary", None), ("list_prefix_condition", True)):
                value = datasource.raw.get(name, nothing)
                if value is not nothing:
                    fault = Fault("it only where we write the policy", whose)
                    yield Problem.of(datasource.key(name), value, fault)


def _secrets(datasource_paths: list[DatasourcePath], known: frozenset[str] | None) -> Iterator[Problem]:
    if known is None:
        return
    for datasource, key in ((datasource, key) for datasource in datasource_paths for key in ("secret", "external_id")):
        name = datasource.raw.get(key)
        if not isinstance(name, str) or not secret_refs.secret_name(name) or name in known:
            continue
        expected = f"the name of a secret of this stack, {secret_refs.SECRETS_NAMESPACE}:<name>"
        hint = did_you_mean(name, known) or f"pulumi config set --secret {secret_refs.SECRETS_NAMESPACE}:<name>"
        # Not shown: whoever misread the rule wrote the secret itself here.
        yield Problem(datasource.key(key), "a name that this file does not have", expected, hint)


def _roots(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    for datasource in datasource_paths:
        if datasource.purpose == LIGHTLY and not datasource.inside:
            hint = f"Lightly would write to, and delete in, the whole {datasource.container}"
            yield Problem.of(datasource.key("path"), datasource.path, Fault("a directory", hint))


def _directories(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What a cloud adds to the rules that hold for every path."""
    for datasource in datasource_paths:
        kind = registry.find_kind(datasource.kind)
        if kind and (fault := kind.directory_fault(datasource.path, datasource.store)):
            yield Problem.of(datasource.key("path"), datasource.path, fault)


def _overlaps(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    for outer, inner in _nested(datasource_paths):
        if outer.dataset == inner.dataset:
            continue
        same = "is the same as" if outer.inside == inner.inside else "lies inside"
        if inner.purpose == LIGHTLY:
            does = "be given as data" if outer.purpose == INPUT else "be overwritten and deleted"
            hint = f"it {same} {outer}, where what Lightly writes for {inner.dataset} would {does}"
            yield Problem.of(inner.key("path"), inner.path, Fault("a directory of its own", hint))
        elif outer.purpose == LIGHTLY:
            hint = f"{inner} {same} it, and Lightly could overwrite and delete that data"
            yield Problem.of(outer.key("path"), outer.path, Fault("a directory of its own", hint))


def _own_overlaps(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    for outer, inner in _nested(datasource_paths):
        if outer.dataset != inner.dataset or outer.purpose == inner.purpose:
            continue
        lightly, source = (inner, outer) if inner.purpose == LIGHTLY else (outer, inner)
        same = "is the same as" if outer.inside == inner.inside else "lies inside" if inner is lightly else "contains"
        risk = "what Lightly writes lies among the data" if inner is lightly and same != "is the same as" else ""
        hint = f"it {same} {source}: {risk or 'Lightly may overwrite and delete the raw data'}"
        yield Problem.of(lightly.key("path"), lightly.path, Fault("a directory apart from the data", hint))


def _nested(datasource_paths: list[DatasourcePath]) -> Iterator[tuple[DatasourcePath, DatasourcePath]]:
    """Every pair in one bucket of which the first contains the second; in sorted order the containers are a stack."""
    readable = (datasource for datasource in datasource_paths if datasource.store_identity)
    containers: list[DatasourcePath] = []
    for datasource in sorted(readable, key=lambda r: (str(r.store_identity), r.inside, r.purpose)):
        while containers and not (
            containers[-1].store_identity == datasource.store_identity
            and directory.contains(containers[-1].inside, datasource.inside)
        ):
            containers.pop()
        for container in containers:
            yield container, datasource
        containers.append(datasource)


def _remarks(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    for datasource in datasource_paths:
        if datasource.purpose == INPUT and not datasource.inside:
            kind = registry.find_kind(datasource.kind)
            if kind and kind.reaches_all(datasource.store):
                continue  # there is no narrower credential
            fault = Fault("a directory", f"Lightly will list and read the whole {datasource.container}")
            yield Problem.of(datasource.key("path"), datasource.path, fault)
        elif hint := directory.remark(datasource.path):
            yield Problem.of(
                datasource.key("path"), datasource.path, Fault("plain letters, digits and ! - _ . ' ( )", hint)
            )


def _unused(tables: Tables) -> Iterator[Problem]:
    sides = [table(table(dataset).get(purpose)) for dataset in tables.datasets.values() for purpose in (INPUT, LIGHTLY)]
    used = [purpose.get("store") for purpose in sides]
    for name in tables.stores:
        if name not in used:
            yield Problem(("stores", name), "a store that no dataset uses", "a dataset with it")
    owners = [table(raw).get("owner") for raw in tables.stores.values()]
    for name in tables.accounts:
        if name not in owners:
            yield Problem(("accounts", name), "an account that no store names", f"a store with owner: {name}")
    if not tables.datasets:
        yield Problem(("datasets",), "nothing", "at least one dataset", "without one nothing is registered at Lightly")
