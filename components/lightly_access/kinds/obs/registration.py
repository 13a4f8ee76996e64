"""How a datasource of an S3-compatible service is written at Lightly: `datasource_config_obs.py`."""

from lightly_api.registration import Property, Registration

from lightly_access.kinds.s3 import access_key, protocol

KEY = Registration(
    type="OBS",
    properties=(
        Property.of("endpoint", "obsEndpoint", protocol.endpoint),
        Property.of("accessKeyId", "obsAccessKeyId", protocol.access_key_id),
        Property(
            "secretAccessKey",
            "obsSecretAccessKey",
            lambda value, before: access_key.secret_fault(value, before.get("accessKeyId", "")),
            secret=True,
        ),
    ),
    identity="accessKeyId",
)
