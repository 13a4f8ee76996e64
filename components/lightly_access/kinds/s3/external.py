"""A role, or a user's key, of AWS that somebody else made."""

from typing import TYPE_CHECKING, cast

import pulumi

from lightly_access.kinds.external import AdoptedAccessArgs, ExternalCredential, Inputs, accepted_reach

if TYPE_CHECKING:
    from lightly_access.kinds.s3.components import S3Bucket


def _component() -> type:
    from lightly_access.kinds.s3.components import S3Bucket  # late: with it comes the SDK

    return S3Bucket


def _s3(args: AdoptedAccessArgs) -> Inputs:
    store = cast("S3Bucket", args["store"])
    path = f"s3://{store.bucket}/{args['path']}"
    return {"kind": "s3", "path": path, "region": store.region, "kms_key_arn": store.kms_key_arn}


def _role(args: AdoptedAccessArgs, external_id: pulumi.Output[str]) -> tuple[Inputs, None]:
    return {**_s3(args), "role_arn": args["role_arn"], "external_id": external_id}, None


def _key(args: AdoptedAccessArgs, secret: pulumi.Output[str]) -> tuple[Inputs, Inputs]:
    key: Inputs = {"accessKeyId": args["access_key_id"], "secretAccessKey": secret, **accepted_reach(args)}
    store = cast("S3Bucket", args["store"])
    return (
        {**_s3(args), "access_key_id": args["access_key_id"], "secret_access_key": secret},
        {**key, "region": store.region, "kmsKeyArn": store.kms_key_arn},
    )


ROLE = ExternalCredential("role", ("role_arn", "external_id"), _component, _role)
KEY = ExternalCredential("access key", ("access_key_id", "secret"), _component, _key)
