"""The five requests over obstore, the same for every kind of store."""

import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lightly_access.kinds.probe import SECONDS


def options(endpoint: str | None) -> dict[str, Any]:
    """What every store is opened with: a limit for each request, and no second try."""
    limit = timedelta(seconds=SECONDS)
    return {
        "client_options": {
            "allow_http": bool(endpoint and endpoint.startswith("http://")),
            "timeout": limit,
            "connect_timeout": limit / 2,
        },
        "retry_config": {"max_retries": 0, "retry_timeout": limit},
    }


@dataclass(frozen=True, slots=True)
class ObstoreClient:
    """Asks a store of obstore.

    `placeholder` is how many bytes an object may have that only holds a directory's place.
    """

    store: Any = field(repr=False)
    placeholder: int = 0

    async def list(self, prefix: str) -> str | None:
        """Of an object whose key ends in `/` obstore drops that sign, so placeholders are passed over."""
        import obstore

        pages = obstore.list(self.store, prefix=prefix or None, chunk_size=100)
        with contextlib.suppress(StopAsyncIteration):
            found = await anext(pages)
            filled = [each["path"] for each in found if each["size"] > self.placeholder and each["path"] > prefix]
            # Below `.lightly/` somebody else's probe may be gone before it is read.
            lasting = [path for path in filled if not path.startswith(f"{prefix}.lightly/")]
            return next(iter(lasting or filled), None)
        return None

    async def read(self, key: str) -> object:
        """The first byte."""
        import obstore

        return await obstore.get_range_async(self.store, key, start=0, length=1)

    async def write(self, key: str) -> object:
        """A small object, whether there is one or not."""
        import obstore

        return await obstore.put_async(self.store, key, b"lightly-access probes what a key can do\n")

    async def delete(self, key: str) -> object:
        """One object."""
        import obstore

        await obstore.delete_async(self.store, key)
        return key
