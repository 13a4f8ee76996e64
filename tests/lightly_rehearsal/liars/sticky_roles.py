"""A provider that says of a role that it is deleted, and leaves it."""

from lightly_rehearsal.plugins.aws.__main__ import main
from lightly_rehearsal.plugins.aws.role import Role

Role.delete = lambda *_: None  # type: ignore[method-assign]  # that is the lie
main()
