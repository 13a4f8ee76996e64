"""How a datasource of Google Cloud is written at Lightly: `datasource_config_gcs.py`."""

import json

from lightly_api.registration import Property, Registration, Values

from lightly_access.kinds.gcs import names

_TOLD = {"client_email": "clientEmail", "project_id": "keyProjectId", "private_key_id": "keyId"}


def _key_file(secrets: Values) -> Values:
    """Of a key file's JSON its account, project and key id are no secrets."""
    try:
        file = json.loads(secrets.get("credentials", ""))
    except (ValueError, RecursionError):
        return {}
    found = file if isinstance(file, dict) else {}
    return {ours: found[theirs] for theirs, ours in _TOLD.items() if isinstance(found.get(theirs), str)}


SERVICE_ACCOUNT = Registration(
    type="GCS",
    properties=(
        Property.of("projectId", "gcsProjectId", names.project),
        Property.of("credentials", "gcsCredentials", names.credentials, secret=True),
    ),
    told=_key_file,
    identity="clientEmail",
    stays="its key ends with the service account",
)
