"""aws:s3/bucketObjectv2:BucketObjectv2: an object with text in it, or with nothing (a directory's placeholder).

Sources: https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucketobjectv2/ and
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/object.go.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from lightly_sandbox.kinds.s3.mock_provider import tags
from lightly_sandbox.kinds.s3.mock_provider.bucket import empty
from lightly_sandbox.kinds.s3.mock_provider.errors import found
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError

_HEADERS = {
    "contentType": "ContentType",
    "serverSideEncryption": "ServerSideEncryption",
    "kmsKeyId": "SSEKMSKeyId",
    "bucketKeyEnabled": "BucketKeyEnabled",
    "storageClass": "StorageClass",
    "metadata": "Metadata",
}


class BucketObject:
    """One call to make it, one to read it."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """Put it; S3 says its ETag, version and encryption."""
        return Created(inputs["key"], self._put(work, inputs))

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """Its headers.

        Its tags only when it has some, or on an import. Its content is not compared, as in the provider.
        """
        bucket, key = (state["bucket"], state["key"]) if state else _imported(id)
        head = found(lambda: work.s3.head_object(Bucket=bucket, Key=key), "NoSuchKey")
        if head is None:
            return None
        facts = {"bucket": bucket, "key": key, **_facts(work, bucket, key, head)}
        facts["metadata"] = head.get("Metadata") or None
        if state.get("tagsAll") or head.get("TagCount") or not state:
            facts.update(tags.facts(work, state, work.s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]))
        else:
            facts["tagsAll"] = {}
        return Found(key, facts)

    def update(self, work: Work, _id: str, state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        """Tags change alone; anything else puts the object again."""
        if changed - {*tags.EITHER, "forceDestroy"}:
            return self._put(work, inputs)
        if changed & tags.EITHER:
            self._tag(work, state["bucket"], state["key"], tags.as_list(tags.of(work, inputs)))
        return tags.given(work, inputs)

    def delete(self, work: Work, _id: str, state: Facts) -> None:
        """All its versions where there are versions, as the provider does."""
        bucket, key = state["bucket"], state["key"]
        if state.get("versionId"):
            found(lambda: empty(work, bucket, key, exactly=key))
        else:
            found(lambda: work.s3.delete_object(Bucket=bucket, Key=key))

    def _tag(self, work: Work, bucket: str, key: str, wanted: list[Any]) -> None:
        """The last tag goes by a call, and a permission, of its own."""
        if wanted:
            work.patiently(lambda: work.s3.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": wanted}))
        else:
            work.patiently(lambda: work.s3.delete_object_tagging(Bucket=bucket, Key=key))

    def _put(self, work: Work, inputs: Facts) -> Facts:
        request: dict[str, Any] = {"Bucket": inputs["bucket"], "Key": inputs["key"], "Body": _body(inputs)}
        request |= {theirs: inputs[ours] for ours, theirs in _HEADERS.items() if inputs.get(ours)}
        if inputs.get("kmsKeyId"):
            request.setdefault("ServerSideEncryption", "aws:kms")
        if capital := next((name for name in inputs.get("metadata") or () if name != name.lower()), None):
            raise RefusedError(f"metadata must be lowercase only, got {capital!r}")
        if wanted := tags.of(work, inputs):
            request["Tagging"] = urlencode(wanted)
        answer: Any = work.patiently(lambda: work.s3.put_object(**request), "NoSuchBucket")
        known = {
            "ContentType": inputs.get("contentType") or "binary/octet-stream",
            "StorageClass": inputs.get("storageClass"),
        }
        return {**_facts(work, inputs["bucket"], inputs["key"], {**known, **answer}), **tags.given(work, inputs)}


def _body(inputs: Facts) -> bytes:
    if inputs.get("contentBase64") is not None:
        if inputs.get("content") is not None:
            raise RefusedError("got both `content` and `contentBase64`, expected one of them")
        try:
            return base64.b64decode(inputs["contentBase64"], validate=True)
        except binascii.Error as error:
            raise RefusedError(f"contentBase64: got something else than base64: {error}") from error
    return str(inputs.get("content") or "").encode()


def _facts(work: Work, bucket: str, key: str, said: Mapping[str, Any]) -> Facts:
    version = said.get("VersionId")
    return {
        "arn": f"arn:{work.partition}:s3:::{bucket}/{key}",
        "etag": str(said.get("ETag", "")).strip('"'),
        "contentType": said.get("ContentType"),
        "serverSideEncryption": said.get("ServerSideEncryption") or None,
        "kmsKeyId": said.get("SSEKMSKeyId") or None,
        "bucketKeyEnabled": bool(said.get("BucketKeyEnabled")),
        "storageClass": said.get("StorageClass") or "STANDARD",
        "versionId": None if version in (None, "null") else version,
    }


def _imported(id: str) -> tuple[str, str]:
    bucket, slash, key = id.removeprefix("s3://").partition("/")
    if not slash or not key:
        raise RefusedError(f"got the import id {id!r}, expected `bucket/key` or `s3://bucket/key`")
    return bucket, key
