"""How an S3 datasource is written at Lightly: `datasource_config_s3{,_delegated_access}.py`; the KMS key is a field
there that the client's own methods cannot set."""

from lightly_api.registration import Property, Registration, Values
from lightly_core.fault import Fault

from lightly_access.kinds.s3 import access_key, rules

_BUCKET = (
    Property.of("region", "s3Region", rules.s3_region),
    Property(
        "kmsKeyArn",
        "s3ServerSideEncryptionKMSKey",
        lambda value, before: rules.kms_key_arn(value, before.get("region")),
        needed=False,
    ),
)


def _in_region(access: str, values: Values) -> Fault | None:
    region = values.get("region")
    return rules.region_access(region, access) if region else None


DELEGATED = Registration(
    type="S3DelegatedAccess",
    properties=(
        *_BUCKET,
        Property.of("roleArn", "s3ARN", rules.role_arn),
        Property.of("externalId", "s3ExternalId", rules.external_id, secret=True),
    ),
    access_fault=lambda values: _in_region("delegated", values),
    identity="roleArn",
)
USER = Registration(
    type="S3",
    properties=(
        *_BUCKET,
        Property.of("accessKeyId", "s3AccessKeyId", rules.access_key_id),
        Property(
            "secretAccessKey",
            "s3SecretAccessKey",
            lambda value, before: access_key.secret_fault(value, before.get("accessKeyId", "")),
            secret=True,
        ),
    ),
    access_fault=lambda values: _in_region("user", values),
    identity="accessKeyId",
)
