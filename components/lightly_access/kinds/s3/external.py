"""A role, or a user's key, of AWS that somebody else made."""

from typing import TYPE_CHECKING, Any, cast

import pulumi

from lightly_access.kinds.external import AdoptedAccessArgs, ExternalCredential, Inputs, accepted_reach
from lightly_access.kinds.handed_over import bare
from lightly_access.kinds.s3 import access_key

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
    return {**_s3(args), "role_arn": args["role_arn"], "external_id": external_id.apply(bare)}, None


def key_of(key_id: pulumi.Input[str], handed_over: pulumi.Input[str]) -> tuple[pulumi.Input[str], pulumi.Output[str]]:
    """The id and the secret of a key, out of what they came in."""
    late: Any = key_id
    id = bare(key_id) if isinstance(key_id, str) else pulumi.Output.from_input(late).apply(bare)
    both = pulumi.Output.all(id, pulumi.Output.secret(handed_over))
    return id, both.apply(lambda found: access_key.secret_of(found[1], found[0]))


def _key(args: AdoptedAccessArgs, handed_over: pulumi.Output[str]) -> tuple[Inputs, Inputs]:
    id, secret = key_of(args["access_key_id"], handed_over)
    key: Inputs = {"accessKeyId": id, "secretAccessKey": secret, **accepted_reach(args)}
    store = cast("S3Bucket", args["store"])
    return (
        {**_s3(args), "access_key_id": id, "secret_access_key": secret},
        {**key, "region": store.region, "kmsKeyArn": store.kms_key_arn},
    )


ROLE = ExternalCredential("role", ("role_arn", "external_id"), _component, _role)
KEY = ExternalCredential("access key", ("access_key_id", "secret"), _component, _key)
