"""Keys of S3-compatible services are their owner's: nothing can be ended here, but whether they work can be seen."""

from lightly_core.capability import Purpose
from lightly_core.secret import Secret

from lightly_access.kinds.ending import Ending, Issued, Query, Resource, Seen
from lightly_access.kinds.s3.probe import S3Target
from lightly_access.kinds.tried import listed


class ObsEnding(Ending):
    """External keys."""

    def external(self, registered: Resource, purpose: Purpose) -> Issued | None:
        key, path = str(registered.get("accessKeyId", "")), str(registered.get("path", ""))
        facts = {"endpoint": str(registered.get("endpoint", "")), "region": str(registered.get("region", ""))}
        secret = registered.get("secretAccessKey")
        return Issued("obs", "key", purpose, "access key", key, path, None, facts, secret, ours=False)

    def tried(self, issued: Issued) -> Seen | None:
        if not isinstance(issued.secret, Secret):
            return None
        bucket, _, directory = issued.path.removeprefix("obs://").partition("/")
        region = issued.facts.get("region") or "us-east-1"
        return listed(
            S3Target("obs", bucket, directory, issued.identity, issued.secret, region, issued.facts["endpoint"])
        )

    def queries(self, issued: Issued) -> tuple[Query, ...]:
        bucket = issued.path.removeprefix("obs://").partition("/")[0]
        return (
            Query(
                "the access log of the bucket, where its owner has switched it on; OBS: Cloud Trace Service",
                f"requester or access key {issued.identity}, bucket {bucket}",
            ),
        )
