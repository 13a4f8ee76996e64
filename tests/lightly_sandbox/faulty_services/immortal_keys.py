"""A provider that says of a service account's key that it is deleted, and leaves it."""

from lightly_sandbox.kinds.gcs.mock_provider.__main__ import main
from lightly_sandbox.kinds.gcs.mock_provider.account_key import AccountKey

AccountKey.delete = lambda *_: None  # type: ignore[method-assign]  # that is the fault
main()
