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
from lightly_access.manifest.overlaps import INPUT, LIGHTLY, Reach, place, reaches, table, vessel
from lightly_access.manifest.problem import Problem
from lightly_access.manifest.tables import Tables


def relations(tables: Tables) -> tuple[list[Problem], list[Problem]]:
    """Problems and warnings between the entries of the tables."""
    known = list(reaches(tables))
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
        where, word = place(store), vessel(store)
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


def _ways_in(reaches: list[Reach]) -> Iterator[Problem]:
    """Each kind of store has its own ways in; what belongs to a policy that we write has no place at a given key."""
    for reach in reaches:
        kind, access = reach.store.get("kind"), reach.raw.get("access")
        if isinstance(kind, str) and isinstance(access, str) and (fault := lightly_rules.kind_access(kind, access)):
            yield Problem.of(reach.key("access"), access, fault)
        elif isinstance(access, str) and access in _NO_POLICY:
            whose = _NO_POLICY[access]
            for name, nothing in (("permissions_boundary", None), ("list_prefix_condition", True)):
                value = reach.raw.get(name, nothing)
                if value is not nothing:
                    fault = Fault("it only where we write the policy", whose)
                    yield Problem.of(reach.key(name), value, fault)


_NO_POLICY = {
    "key": "you gave this key: its owner bounds it",
    "mount": "a mount has no policy",
    "sas": "a SAS has no policy of AWS; its container or directory bounds it",
    "service_account": "Google Cloud has no such thing; a condition binds the service account to the path",
}


def _mounts(reaches: list[Reach]) -> Iterator[Problem]:
    """A local store may have one folder only, for a dataset whose other side is in a cloud."""
    for reach in reaches:
        mount = f"{reach.side}_mount"
        if reach.store.get("kind") == "local" and reach.store.get(mount) is None:
            name = reach.raw.get("store")
            fault = Fault(f"a store with {mount}", f"give stores.{name} a {mount}, or name another store")
            yield Problem.of(reach.key("store"), name, fault)


def _given_secrets(reaches: list[Reach], known: frozenset[str] | None) -> Iterator[Problem]:
    if known is None:
        return
    for reach, key in ((reach, key) for reach in reaches for key in ("secret", "external_id")):
        name = reach.raw.get(key)
        if not isinstance(name, str) or not secret_refs.secret_name(name) or name in known:
            continue
        expected = f"the name of a secret of this stack, {secret_refs.SECRETS_NAMESPACE}:<name>"
        hint = did_you_mean(name, known) or f"pulumi config set --secret {secret_refs.SECRETS_NAMESPACE}:<name>"
        # Not shown: whoever misread the rule wrote the secret itself here.
        yield Problem(reach.key(key), "a name that this file does not have", expected, hint)


def _partitions(reaches: list[Reach]) -> Iterator[Problem]:
    for reach in reaches:
        region, access = reach.store.get("region"), reach.raw.get("access")
        if reach.store.get("kind") != "s3":
            continue
        if not isinstance(region, str) or lightly_rules.s3_region(region):
            continue
        if isinstance(access, str) and (fault := lightly_rules.region_access(region, access)):
            yield Problem.of(reach.key("access"), access, fault)
        boundary, partition = reach.raw.get("permissions_boundary"), lightly_rules.partition(region)
        if isinstance(boundary, str) and boundary.startswith("arn:") and not boundary.startswith(f"arn:{partition}:"):
            fault = Fault(f"the ARN of a policy where the store is, arn:{partition}:iam::...")
            yield Problem.of(reach.key("permissions_boundary"), boundary, fault)


def _roots(reaches: list[Reach]) -> Iterator[Problem]:
    for reach in reaches:
        if reach.side == LIGHTLY and not reach.inside:
            hint = f"Lightly would write to, and delete in, the whole {vessel(reach.store)}"
            yield Problem.of(reach.key("path"), reach.path, Fault("a directory", hint))


def _directories(reaches: list[Reach]) -> Iterator[Problem]:
    """What a cloud adds to the rules that hold for every path."""
    for reach in reaches:
        kind, fault = reach.store.get("kind"), None
        if kind == "azure":
            fault = azure_names.directory(reach.path, hierarchical=reach.store.get("hierarchical") is True)
        elif kind == "gcs":
            fault = gcs_names.directory(reach.path)
        if fault:
            yield Problem.of(reach.key("path"), reach.path, fault)


def _overlaps(reaches: list[Reach]) -> Iterator[Problem]:
    for outer, inner in _nested(reaches):
        if outer.dataset == inner.dataset:
            continue
        same = "is the same as" if outer.inside == inner.inside else "lies inside"
        if inner.side == LIGHTLY:
            does = "be given as data" if outer.side == INPUT else "be overwritten and deleted"
            hint = f"it {same} {outer}, where what Lightly writes for {inner.dataset} would {does}"
            yield Problem.of(inner.key("path"), inner.path, Fault("a directory of its own", hint))
        elif outer.side == LIGHTLY:
            hint = f"{inner} {same} it, and Lightly could overwrite and delete that data"
            yield Problem.of(outer.key("path"), outer.path, Fault("a directory of its own", hint))


def _own_overlaps(reaches: list[Reach]) -> Iterator[Problem]:
    for outer, inner in _nested(reaches):
        if outer.dataset != inner.dataset or outer.side == inner.side:
            continue
        lightly, source = (inner, outer) if inner.side == LIGHTLY else (outer, inner)
        same = "is the same as" if outer.inside == inner.inside else "lies inside" if inner is lightly else "contains"
        risk = "what Lightly writes lies among the data" if inner is lightly and same != "is the same as" else ""
        hint = f"it {same} {source}: {risk or 'Lightly may overwrite and delete the raw data'}"
        yield Problem.of(lightly.key("path"), lightly.path, Fault("a directory apart from the data", hint))


def _nested(reaches: list[Reach]) -> Iterator[tuple[Reach, Reach]]:
    """Every pair in one bucket of which the first contains the second; in sorted order the containers are a stack."""
    readable = (reach for reach in reaches if reach.place)
    containers: list[Reach] = []
    for reach in sorted(readable, key=lambda r: (str(r.place), r.inside, r.side)):
        while containers and not (
            containers[-1].place == reach.place and directory.contains(containers[-1].inside, reach.inside)
        ):
            containers.pop()
        for container in containers:
            yield container, reach
        containers.append(reach)


def _remarks(reaches: list[Reach]) -> Iterator[Problem]:
    for reach in reaches:
        if reach.side == INPUT and not reach.inside:
            if azure_relations.reaches_all(reach):
                continue  # there is no narrower SAS
            fault = Fault("a directory", f"Lightly will list and read the whole {vessel(reach.store)}")
            yield Problem.of(reach.key("path"), reach.path, fault)
        elif hint := directory.remark(reach.path):
            yield Problem.of(reach.key("path"), reach.path, Fault("plain letters, digits and ! - _ . ' ( )", hint))


def _private_networks(reaches: list[Reach]) -> Iterator[Problem]:
    """AWS sees the public address of a request, or the VPC of its endpoint, never a private address."""
    for reach in reaches:
        ranges = table(reach.raw.get("hardened")).get("cidrs")
        for text in ranges if isinstance(ranges, list | tuple) else ():
            if isinstance(text, str) and not s3_names.address_range(text) and s3_names.private_addresses(text):
                fault = Fault("public addresses", "private ones come in through the endpoint of a VPC: vpc_ids")
                yield Problem.of((*reach.key("hardened"), "cidrs"), text, fault)


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
    sides = [table(table(dataset).get(side)) for dataset in tables.datasets.values() for side in (INPUT, LIGHTLY)]
    used = [side.get("store") for side in sides]
    for name in tables.stores:
        if name not in used:
            yield Problem(("stores", name), "a store that no dataset uses", "a dataset with it")
    if not tables.datasets:
        yield Problem(("datasets",), "nothing", "at least one dataset", "without one nothing is registered at Lightly")
