"""What local stores and the datasources in them must be to each other."""

from collections.abc import Iterator

from lightly_core import directory
from lightly_core.fault import Fault

from lightly_access.tables.overlaps import INPUT, LIGHTLY, DatasourcePath
from lightly_access.tables.problem import Problem


def problems(paths: list[DatasourcePath]) -> Iterator[Problem]:
    """A local store may have one folder only, for a dataset whose other datasource is in a cloud."""
    for datasource in paths:
        mount = f"{datasource.purpose}_mount"
        if datasource.kind == "local" and datasource.store.get(mount) is None:
            name = datasource.raw.get("store")
            fault = Fault(f"a store with {mount}", f"give stores.{name} a {mount}, or name another store")
            yield Problem.of(datasource.key("store"), name, fault)


def warnings(paths: list[DatasourcePath]) -> Iterator[Problem]:
    """A folder that is mounted for writing and holds raw data: docker mounts all of it, whatever path is registered.

    What is wrong with the paths themselves is said of every kind of store.
    """
    mine = [datasource for datasource in paths if datasource.kind == "local"]
    said = set()
    for writer in (datasource for datasource in mine if datasource.purpose == LIGHTLY):
        folder = writer.inside.removesuffix(writer.path)
        for source in (datasource for datasource in mine if datasource.purpose == INPUT):
            key = ("stores", str(writer.raw.get("store")), "lightly_mount")
            known = directory.contains(writer.inside, source.inside) or directory.contains(source.inside, writer.inside)
            held = source.store_identity == writer.store_identity and directory.contains(folder, source.inside)
            if held and not known and key not in said:
                said.add(key)
                hint = f"the worker may write to all of it, and so overwrite and delete {source}"
                yield Problem.of(key, writer.store.get("lightly_mount"), Fault("a folder without raw data", hint))
