"""A provider that says of a role that it is deleted, and leaves it."""

from lightly_sandbox.kinds.s3.mock_provider.__main__ import main
from lightly_sandbox.kinds.s3.mock_provider.role import Role

Role.delete = lambda *_: None  # type: ignore[method-assign]  # that is the fault
main()
