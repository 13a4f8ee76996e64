"""What datasets and stores must be to each other: nobody writes where somebody else reads or writes.

Works on the tables as they were written and uses what can be read of them, so that one mistake does not hide another.
"""

from collections.abc import Iterator

from lightly_core import directory, lightly_rules
from lightly_core.fault import Fault, did_you_mean

from lightly_access import secret_refs
from lightly_access.kinds.azure import names as azure_names
from lightly_access.kinds.azure import relations as azure_relations
from lightly_access.kinds.gcs import names as gcs_names
from lightly_access.kinds.s3 import names as s3_names
from lightly_access.manifest import account_relations
from lightly_access.manifest.overlaps import (
    INPUT,
    LIGHTLY,
    DatasourcePath,
    container_key,
    datasource_paths,
    store_identity,
    table,
)
from lightly_access.manifest.problem import Problem
from lightly_access.manifest.tables import Tables


def relations(tables: Tables) -> tuple[list[Problem], list[Problem]]:
    """Problems and warnings between the entries of the tables."""
    known = list(datasource_paths(tables))
    problems = [
        *_shared_buckets(tables),
        *_tag_sums(tables),
        *_ways_in(known),
        *_mounts(known),
        *_given_secrets(known, tables.secrets),
        *_partitions(known),
        *_roots(known),
        *_overlaps(known),
        *_directories(known),
        *azure_relations.problems(tables, known),
        *account_relations.problems(tables, known),
    ]
    warnings = [
        *_unused(tables),
        *_remarks(known),
        *_locations(tables),
        *_own_overlaps(known),
        *_private_networks(known),
        *azure_relations.warnings(known),
        *account_relations.warnings(tables, known),
    ]
    return problems, warnings


def _shared_buckets(tables: Tables) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, raw in tables.stores.items():
        store = table(raw)
        where, word = store_identity(store), container_key(store)
        if where and first.setdefault(where, name) != name:
            hint = f"stores.{first[where]} is this {word} too; datasets can share a store"
            yield Problem.of(("stores", name, word), store.get(word), Fault(f"a {word} that is declared once", hint))


def _tag_sums(tables: Tables) -> Iterator[Problem]:
    """A created bucket of S3 carries the tags of everything and its own."""
    common = table(tables.tags)
    for name, store in tables.stores.items():
        if table(store).get("kind") == "azure":
            continue
        own = table(table(store).get("tags"))
        both = {str(key): "" for key in (*common, *own)}
        if common and own and not s3_names.tags({str(key): "" for key in own}) and (fault := s3_names.tags(both)):
            yield Problem.of(("stores", name, "tags"), own, Fault(f"{fault.expected}, the common ones included"))


def _ways_in(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """Each kind of store has its own ways in; what belongs to a policy that we write has no place at a given key."""
    for datasource in datasource_paths:
        kind, access = datasource.store.get("kind"), datasource.raw.get("access")
        if isinstance(kind, str) and isinstance(access, str) and (fault := lightly_rules.kind_access(kind, access)):
            yield Problem.of(datasource.key("access"), access, fault)
        elif isinstance(access, str) and access in _NO_POLICY:
            whose = _NO_POLICY[access]
            for name, nothing in (("permissions_boundary", None), ("list_prefix_condition", True)):
                value = datasource.raw.get(name, nothing)
                if value is not nothing:
                    fault = Fault("it only where we write the policy", whose)
                    yield Problem.of(datasource.key(name), value, fault)


_NO_POLICY = {
    "key": "you gave this key: its owner bounds it",
    "mount": "a mount has no policy",
    "sas": "a SAS has no policy of AWS; its container or directory bounds it",
    "service_account": "Google Cloud has no such thing; a condition binds the service account to the path",
}


def _mounts(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """A local store may have one folder only, for a dataset whose other side is in a cloud."""
    for datasource in datasource_paths:
        mount = f"{datasource.purpose}_mount"
        if datasource.store.get("kind") == "local" and datasource.store.get(mount) is None:
            name = datasource.raw.get("store")
            fault = Fault(f"a store with {mount}", f"give stores.{name} a {mount}, or name another store")
            yield Problem.of(datasource.key("store"), name, fault)


def _given_secrets(datasource_paths: list[DatasourcePath], known: frozenset[str] | None) -> Iterator[Problem]:
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


def _partitions(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    for datasource in datasource_paths:
        region, access = datasource.store.get("region"), datasource.raw.get("access")
        if datasource.store.get("kind") != "s3":
            continue
        if not isinstance(region, str) or lightly_rules.s3_region(region):
            continue
        if isinstance(access, str) and (fault := lightly_rules.region_access(region, access)):
            yield Problem.of(datasource.key("access"), access, fault)
        boundary, partition = datasource.raw.get("permissions_boundary"), lightly_rules.partition(region)
        if isinstance(boundary, str) and boundary.startswith("arn:") and not boundary.startswith(f"arn:{partition}:"):
            fault = Fault(f"the ARN of a policy where the store is, arn:{partition}:iam::...")
            yield Problem.of(datasource.key("permissions_boundary"), boundary, fault)


def _roots(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    for datasource in datasource_paths:
        if datasource.purpose == LIGHTLY and not datasource.inside:
            hint = f"Lightly would write to, and delete in, the whole {container_key(datasource.store)}"
            yield Problem.of(datasource.key("path"), datasource.path, Fault("a directory", hint))


def _directories(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What a cloud adds to the rules that hold for every path."""
    for datasource in datasource_paths:
        kind, fault = datasource.store.get("kind"), None
        if kind == "azure":
            fault = azure_names.directory(datasource.path, hierarchical=datasource.store.get("hierarchical") is True)
        elif kind == "gcs":
            fault = gcs_names.directory(datasource.path)
        if fault:
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
            if azure_relations.reaches_all(datasource):
                continue  # there is no narrower SAS
            fault = Fault("a directory", f"Lightly will list and read the whole {container_key(datasource.store)}")
            yield Problem.of(datasource.key("path"), datasource.path, fault)
        elif hint := directory.remark(datasource.path):
            yield Problem.of(
                datasource.key("path"), datasource.path, Fault("plain letters, digits and ! - _ . ' ( )", hint)
            )


def _private_networks(datasource_paths: list[DatasourcePath]) -> Iterator[Problem]:
    """AWS sees the public address of a request, or the VPC of its endpoint, never a private address."""
    for datasource in datasource_paths:
        ranges = table(datasource.raw.get("hardened")).get("cidrs")
        for text in ranges if isinstance(ranges, list | tuple) else ():
            if isinstance(text, str) and not s3_names.address_range(text) and s3_names.private_addresses(text):
                fault = Fault("public addresses", "private ones come in through the endpoint of a VPC: vpc_ids")
                yield Problem.of((*datasource.key("hardened"), "cidrs"), text, fault)


def _locations(tables: Tables) -> Iterator[Problem]:
    """A location that we do not know, and a name that Google gives to the owner of a domain only."""
    rules = {"azure": azure_names.unusual_location, "gcs": gcs_names.unusual_location}
    for name, raw in tables.stores.items():
        store = table(raw)
        kind, location, bucket = store.get("kind"), store.get("location"), store.get("bucket")
        if isinstance(kind, str) and kind in rules and isinstance(location, str) and (hint := rules[kind](location)):
            yield Problem.of(("stores", name, "location"), location, Fault("a location that we know", hint))
        if kind == "gcs" and store.get("create") is True and isinstance(bucket, str) and "." in bucket:
            hint = "Google makes a bucket with periods only for the verified owner of that domain"
            yield Problem.of(("stores", name, "bucket"), bucket, Fault("a name without periods", hint))


def _unused(tables: Tables) -> Iterator[Problem]:
    sides = [table(table(dataset).get(purpose)) for dataset in tables.datasets.values() for purpose in (INPUT, LIGHTLY)]
    used = [purpose.get("store") for purpose in sides]
    for name in tables.stores:
        if name not in used:
            yield Problem(("stores", name), "a store that no dataset uses", "a dataset with it")
    if not tables.datasets:
        yield Problem(("datasets",), "nothing", "at least one dataset", "without one nothing is registered at Lightly")
