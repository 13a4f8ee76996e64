"""Causes in the words of a space."""

import re

from lightly_access.kinds.cause import BUSY, Sign
from lightly_access.kinds.causes import Tree
from lightly_core.capability import Capability

TREE = Tree(
    actions={capability: f"to {capability}" for capability in Capability},
    signs=(
        Sign("memory-unknown-handle", "UnknownHandle", "no space knows the handle of {who}", "{renew}", waits=False),
        Sign("memory-refused", "AccessDenied", "the handle of {who} does not open {path}", "{put_back}", waits=True),
        BUSY,
    ),
    put_back="run `pulumi up --refresh`",
    renew="make another handle",
    others="another handle",
    look="look for other handles of {who}",
    dialect=re.compile("UnknownHandle"),
)
