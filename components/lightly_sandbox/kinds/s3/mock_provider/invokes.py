"""The functions of the SDK that are asked before resources exist.

Sources: https://www.pulumi.com/registry/packages/aws/api-docs/getcalleridentity/ and its neighbours; partitions and
region names from the endpoint data that boto3 brings along.
"""

from collections.abc import Mapping
from typing import Any

import botocore.session

from lightly_sandbox.kinds.s3.mock_provider.bucket import names
from lightly_sandbox.kinds.s3.mock_provider.errors import found
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Facts, Function, RefusedError

_SUFFIXES = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}


def _caller_identity(work: Work, _arguments: Mapping[str, Any]) -> Facts:
    who = work.session.identity()
    return {"accountId": who["Account"], "arn": who["Arn"], "userId": who["UserId"], "id": who["Account"]}


def _region(work: Work, arguments: Mapping[str, Any]) -> Facts:
    region = arguments.get("region") or arguments.get("name") or arguments.get("id") or work.region
    for partition in botocore.session.get_session().get_data("endpoints")["partitions"]:
        if region in partition["regions"]:
            endpoint = f"ec2.{region}.{partition['dnsSuffix']}"
            description = partition["regions"][region]["description"]
            return {"id": region, "name": region, "region": region, "endpoint": endpoint, "description": description}
    raise RefusedError(f"got the region {region!r}, expected one that AWS has\nhint: check its spelling")


def _partition(work: Work, _arguments: Mapping[str, Any]) -> Facts:
    suffix = _SUFFIXES.get(work.partition, "amazonaws.com")
    reverse = ".".join(reversed(suffix.split(".")))
    return {"id": work.partition, "partition": work.partition, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


def _bucket(work: Work, arguments: Mapping[str, Any]) -> Facts:
    bucket = arguments.get("bucket")
    if not isinstance(bucket, str):
        raise RefusedError("missing required argument `bucket`")
    head = found(lambda: work.s3.head_bucket(Bucket=bucket))
    if head is None:
        raise RefusedError(
            f"the bucket {bucket} does not exist, expected one that does\nhint: check its name and account"
        )
    region = head.get("BucketRegion") or work.region
    return {"id": bucket, **{name: value for name, value in names(bucket, region, work.partition).items() if value}}


FUNCTIONS = {
    function.token: function
    for function in (
        Function("aws:index/getCallerIdentity:getCallerIdentity", _caller_identity, ("id",)),
        Function("aws:index/getRegion:getRegion", _region, ("region", "name", "id")),
        Function("aws:index/getPartition:getPartition", _partition, ("id",)),
        Function("aws:s3/getBucket:getBucket", _bucket, ("bucket", "region")),
    )
}
