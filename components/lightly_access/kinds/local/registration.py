"""How a local datasource is written at Lightly: `datasource_config_local.py`."""

from lightly_api.registration import Property, Registration

from lightly_access.kinds.local import names

MOUNT = Registration(
    type="LOCAL",
    properties=(Property.of("webServer", "webServerLocation", names.web_server),),
    written=lambda path: {"fullPath": names.full_path(path)},
    read=lambda found, purpose: names.of_full_path(str(found.get("fullPath") or ""), purpose),  # the mount is empty
    stays="it holds no credential, and ends with the worker that has the mounts",
)
