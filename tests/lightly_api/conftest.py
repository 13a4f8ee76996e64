"""A fake Lightly, as for the provider."""

from tests.lightly_provider.conftest import api, lightly, time

__all__ = ["api", "lightly", "time"]
