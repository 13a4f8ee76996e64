"""What datasets and stores must be to each other: nobody writes where somebody else reads or writes.

Works on the tables as they were written and uses what can be read of them, so that one mistake does not hide another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lightly_access import aws_names, contract, directory, given
from lightly_access.fault import Fault, did_you_mean
from lightly_access.manifest.problem import Problem, Where
from lightly_access.manifest.tables import Tables

INPUT, LIGHTLY = "input", "lightly"


@dataclass(frozen=True, slots=True)
class Reach:
    """One datasource that can be read: the directory of a bucket that a dataset reaches for one purpose."""

    dataset: str
    side: str
    store: Mapping[object, object]
    path: str
    raw: Mapping[object, object]

    @property
    def place(self) -> str | None:
        """What tells this bucket, or the disk, from all others; None when it cannot be read."""
        return _place(self.store, self.side)

    @property
    def inside(self) -> str:
        """The directory in that place: two mounts may be one folder, or one inside the other."""
        mount = self.store.get(f"{self.side}_mount")
        on_disk = self.store.get("kind") == "local" and isinstance(mount, str) and mount.startswith("/")
        return f"{str(mount).strip('/')}/{self.path}" if on_disk else self.path

    def key(self, name: str) -> Where:
        return ("datasets", self.dataset, self.side, name)

    def __str__(self) -> str:
        return f"{'.'.join(self.key('path'))} ({self.path!a})"


def relations(tables: Tables) -> tuple[list[Problem], list[Problem]]:
    """Problems and warnings between the entries of the tables."""
    reaches = list(_reaches(tables))
    problems = [
        *_shared_buckets(tables),
        *_tag_sums(tables),
        *_ways_in(reaches),
        *_mounts(reaches),
        *_given_secrets(reaches, tables.secrets),
        *_partitions(reaches),
        *_roots(reaches),
        *_overlaps(reaches),
    ]
    return problems, [*_unused(tables), *_remarks(reaches), *_own_overlaps(reaches)]


def _table(value: object) -> Mapping[object, object]:
    return value if isinstance(value, Mapping) else {}


def _place(store: Mapping[object, object], side: str | None = None) -> str | None:
    """A bucket's name is unique in S3, and at each S3-compatible service. A local store is two folders of a disk."""
    if store.get("kind") == "local":
        mount = store.get(f"{side}_mount")
        return (mount if mount.startswith("env:") else "local /") if isinstance(mount, str) else None
    kind, bucket = store.get("kind"), store.get("bucket")
    if not isinstance(bucket, str):
        return None
    return f"obs {str(store.get('endpoint')).rstrip('/')} {bucket}" if kind == "obs" else f"s3 {bucket}"


def _reaches(tables: Tables) -> Iterator[Reach]:
    for name, dataset in tables.datasets.items():
        for side in (INPUT, LIGHTLY):
            source = _table(_table(dataset).get(side))
            store, path = source.get("store"), source.get("path")
            known = isinstance(store, str) and store in tables.stores
            if known and isinstance(path, str) and directory.directory_path(path) is None:
                yield Reach(name, side, _table(tables.stores[str(store)]), directory.normalised(path), source)


def _shared_buckets(tables: Tables) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, store in tables.stores.items():
        place, bucket = _place(_table(store)), _table(store).get("bucket")
        if place and first.setdefault(place, name) != name:
            hint = f"stores.{first[place]} is this bucket too; datasets can share a store"
            yield Problem.of(("stores", name, "bucket"), bucket, Fault("a bucket that is declared once", hint))


def _tag_sums(tables: Tables) -> Iterator[Problem]:
    """A created store carries the tags of everything and its own."""
    common = _table(tables.tags)
    for name, store in tables.stores.items():
        own = _table(_table(store).get("tags"))
        both = {str(key): "" for key in (*common, *own)}
        if common and own and not aws_names.tags({str(key): "" for key in own}) and (fault := aws_names.tags(both)):
            yield Problem.of(("stores", name, "tags"), own, Fault(f"{fault.expected}, the common ones included"))


def _ways_in(reaches: list[Reach]) -> Iterator[Problem]:
    """Each kind of store has its own ways in; what belongs to a policy that we write has no place at a given key."""
    for reach in reaches:
        kind, access = reach.store.get("kind"), reach.raw.get("access")
        if isinstance(kind, str) and isinstance(access, str) and (fault := contract.kind_access(kind, access)):
            yield Problem.of(reach.key("access"), access, fault)
        elif access in ("key", "mount"):
            whose = "you gave this key: its owner bounds it" if access == "key" else "a mount has no policy"
            for name, nothing in (("permissions_boundary", None), ("list_prefix_condition", True)):
                value = reach.raw.get(name, nothing)
                if value is not nothing:
                    fault = Fault("it only where we write the policy", whose)
                    yield Problem.of(reach.key(name), value, fault)


def _mounts(reaches: list[Reach]) -> Iterator[Problem]:
    """A local store may have one folder only, for a dataset whose other side is in a cloud."""
    for reach in reaches:
        mount = f"{reach.side}_mount"
        if reach.store.get("kind") == "local" and reach.store.get(mount) is None:
            name = reach.raw.get("store")
            fault = Fault(f"a store with {mount}", f"give stores.{name} a {mount}, or name another store")
            yield Problem.of(reach.key("store"), name, fault)


def _given_secrets(reaches: list[Reach], known: frozenset[str] | None) -> Iterator[Problem]:
    for reach in reaches:
        name = reach.raw.get("secret")
        if known is None or not isinstance(name, str) or not given.secret_name(name) or name in known:
            continue
        expected = f"the name of a secret of this stack, {given.SECRETS_NAMESPACE}:<name>"
        hint = did_you_mean(name, known) or f"pulumi config set --secret {given.SECRETS_NAMESPACE}:<name>"
        # Not shown: whoever misread the rule wrote the secret itself here.
        yield Problem(reach.key("secret"), "a name that this file does not have", expected, hint)


def _partitions(reaches: list[Reach]) -> Iterator[Problem]:
    for reach in reaches:
        region, access = reach.store.get("region"), reach.raw.get("access")
        if reach.store.get("kind") != "s3":
            continue
        if not isinstance(region, str) or contract.s3_region(region):
            continue
        if isinstance(access, str) and (fault := contract.region_access(region, access)):
            yield Problem.of(reach.key("access"), access, fault)
        boundary, partition = reach.raw.get("permissions_boundary"), contract.partition(region)
        if isinstance(boundary, str) and boundary.startswith("arn:") and not boundary.startswith(f"arn:{partition}:"):
            fault = Fault(f"the ARN of a policy where the store is, arn:{partition}:iam::...")
            yield Problem.of(reach.key("permissions_boundary"), boundary, fault)


def _roots(reaches: list[Reach]) -> Iterator[Problem]:
    fault = Fault("a directory", "Lightly would write to, and delete in, the whole bucket")
    return (Problem.of(r.key("path"), r.path, fault) for r in reaches if r.side == LIGHTLY and not r.inside)


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
            fault = Fault("a directory", "Lightly will list and read the whole bucket")
            yield Problem.of(reach.key("path"), reach.path, fault)
        elif hint := directory.remark(reach.path):
            yield Problem.of(reach.key("path"), reach.path, Fault("plain letters, digits and ! - _ . ' ( )", hint))


def _unused(tables: Tables) -> Iterator[Problem]:
    sides = [_table(_table(dataset).get(side)) for dataset in tables.datasets.values() for side in (INPUT, LIGHTLY)]
    used = [side.get("store") for side in sides]
    for name in tables.stores:
        if name not in used:
            yield Problem(("stores", name), "a store that no dataset uses", "a dataset with it")
    if not tables.datasets:
        yield Problem(("datasets",), "nothing", "at least one dataset", "without one nothing is registered at Lightly")
