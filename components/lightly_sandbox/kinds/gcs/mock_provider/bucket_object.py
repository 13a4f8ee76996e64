"""gcp:storage/bucketObject:BucketObject: an object with text in it, such as a directory's placeholder.

Sources: https://www.pulumi.com/registry/packages/gcp/api-docs/storage/bucketobject/ and
https://github.com/hashicorp/terraform-provider-google/blob/main/google/services/storage/resource_storage_bucket_object.go.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from lightly_sandbox.kinds.gcs.mock_provider.errors import found
from lightly_sandbox.kinds.gcs.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError

_TEXT = "text/plain; charset=utf-8"


class BucketObject:
    """One call to make it, one to read it."""

    def create(self, work: Work, inputs: Facts) -> Created:
        answer = _upload(work, inputs)
        return Created(f"{answer['bucket']}-{answer['name']}", _facts(answer))

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """Its resource. Its content is not compared, as in the provider; it cannot be imported there either."""
        if not state:
            raise RefusedError(f"got the import id {id!r}: the provider cannot import objects of a bucket")
        answer = found(lambda: work.get(_path(state["bucket"], state["name"])))
        if answer is None:
            return None
        facts = {"bucket": answer["bucket"], "name": answer["name"], **_facts(answer)}
        return Found(f"{answer['bucket']}-{answer['name']}", facts)

    def update(self, work: Work, _id: str, _state: Facts, inputs: Facts, _changed: frozenset[str]) -> Facts:
        """Another content is uploaded over the old one."""
        return _facts(_upload(work, inputs))

    def delete(self, work: Work, _id: str, state: Facts) -> None:
        found(lambda: work.send("DELETE", _path(state["bucket"], state["name"])))


def _path(bucket: str, name: str) -> str:
    return f"/storage/v1/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}"


def _upload(work: Work, inputs: Facts) -> Mapping[str, Any]:
    content = str(inputs.get("content") or "")
    if not content:  # the provider takes an empty text for none
        raise RefusedError('Error, either "content" or "source" must be specified\nhint: a directory takes a blank')
    about: dict[str, Any] = {"name": inputs["name"], "contentType": inputs.get("contentType") or _TEXT}
    about |= {name: inputs[name] for name in ("metadata", "storageClass", "cacheControl") if inputs.get(name)}
    boundary = secrets.token_hex(16)
    parts = (
        f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{json.dumps(about)}\r\n",
        f"--{boundary}\r\nContent-Type: {about['contentType']}\r\n\r\n{content}\r\n--{boundary}--\r\n",
    )
    answer: Mapping[str, Any] = work.session.ask(
        "POST",
        f"/upload/storage/v1/b/{quote(inputs['bucket'], safe='')}/o",
        "".join(parts).encode(),
        {"uploadType": "multipart", "name": inputs["name"]},
        f"multipart/related; boundary={boundary}",
    )
    return answer


def _facts(answer: Mapping[str, Any]) -> Facts:
    return {
        "contentType": answer.get("contentType"),
        "storageClass": answer.get("storageClass"),
        "metadata": answer.get("metadata") or None,
        "cacheControl": answer.get("cacheControl") or "",
        "crc32c": answer.get("crc32c"),
        "generation": int(answer["generation"]),
        "md5hash": answer["md5Hash"],
        "md5hexhash": base64.b64decode(answer["md5Hash"]).hex(),
        "mediaLink": answer["mediaLink"],
        "outputName": answer["name"],
        "selfLink": answer["selfLink"],
    }
