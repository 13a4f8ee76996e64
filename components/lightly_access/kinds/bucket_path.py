"""A path of a store that is one bucket: `scheme://bucket/directory/`, Lightly's `fullPath` too."""

from collections.abc import Callable

from lightly_core.directory import directory_path
from lightly_core.fault import Fault


def bucket_path(value: str, scheme: str, bucket: Callable[[str], Fault | None]) -> Fault | None:
    """Whether it is one: the bucket by its rule, the directory by that of all kinds; nothing after it is all of it.

    The models of Lightly's client 1.5.26 take any text; the trailing `/` must be there, as the manifest normalises it
    (https://docs.lightly.ai/docs/cloud-storage).
    """
    expected = f"{scheme}<bucket>/<directory>/"
    if not value.startswith(scheme):
        return Fault(expected)
    name, slash, path = value.removeprefix(scheme).partition("/")
    if not slash or (path and not path.endswith("/")):
        return Fault(expected, "it ends in /, because Lightly asks for a directory")
    return bucket(name) or directory_path(path)
