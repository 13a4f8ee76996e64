"""The first dataset in folders of the machine where the Lightly Worker runs."""

from lightly_access.kinds.starter import Starter

STARTER = Starter(
    access="mount",
    existing=lambda project: {"kind": "local", "input_mount": "/srv/images", "lightly_mount": "/srv/lightly"},
)
