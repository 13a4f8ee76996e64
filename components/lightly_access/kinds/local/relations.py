"""What local stores and the datasources in them must be to each other."""

from collections.abc import Iterator

from lightly_core.fault import Fault

from lightly_access.tables.overlaps import DatasourcePath
from lightly_access.tables.problem import Problem


def problems(paths: list[DatasourcePath]) -> Iterator[Problem]:
    """A local store may have one folder only, for a dataset whose other datasource is in a cloud."""
    for datasource in paths:
        mount = f"{datasource.purpose}_mount"
        if datasource.kind == "local" and datasource.store.get(mount) is None:
            name = datasource.raw.get("store")
            fault = Fault(f"a store with {mount}", f"give stores.{name} a {mount}, or name another store")
            yield Problem.of(datasource.key("store"), name, fault)
