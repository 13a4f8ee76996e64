"""aws:iam/accessKey:AccessKey: AWS shows the secret once, so it lives in the state, as a secret.

Sources: https://www.pulumi.com/registry/packages/aws/api-docs/iam/accesskey/ and
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/access_key.go.
"""

import base64
import hashlib
import hmac

from lightly_sandbox.emulators.clock import rfc3339
from lightly_sandbox.kinds.s3.mock_provider.errors import found
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, PartialCreateError


class AccessKey:
    """One call to make it, one to read it."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """Make it; AWS makes every key active."""
        user = inputs["user"]
        key = work.patiently(lambda: work.iam.create_access_key(UserName=user))["AccessKey"]
        facts = {
            "secret": key["SecretAccessKey"],
            "sesSmtpPasswordV4": smtp_password(key["SecretAccessKey"], work.region),
            "createDate": rfc3339(key["CreateDate"].timestamp()),
        }
        if inputs.get("status") == "Inactive":
            try:
                self._set(work, user, key["AccessKeyId"], "Inactive")
            except Exception as error:
                raise PartialCreateError(key["AccessKeyId"], {**facts, "status": "Active"}, error) from error
        return Created(key["AccessKeyId"], facts)

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """Its status; an import asks AWS whose key it is. The secret cannot be read again."""
        user = state.get("user") or self._owner(work, id)
        if user is None:
            return None
        pages = work.iam.get_paginator("list_access_keys").paginate(UserName=user)
        keys = found(lambda: [key for page in pages for key in page["AccessKeyMetadata"] if key["AccessKeyId"] == id])
        if not keys:
            return None
        return Found(
            id, {"user": user, "status": keys[0]["Status"], "createDate": rfc3339(keys[0]["CreateDate"].timestamp())}
        )

    def update(self, work: Work, id: str, _state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        if "status" in changed:
            self._set(work, inputs["user"], id, inputs.get("status", "Active"))
        return {}

    def delete(self, work: Work, id: str, state: Facts) -> None:
        """Gone with its user is gone."""
        user = state["user"]
        found(lambda: work.patiently(lambda: work.iam.delete_access_key(UserName=user, AccessKeyId=id)))

    def _owner(self, work: Work, id: str) -> str | None:
        answer = found(lambda: work.iam.get_access_key_last_used(AccessKeyId=id))
        return None if answer is None else answer.get("UserName")

    def _set(self, work: Work, user: str, id: str, status: str) -> None:
        active = status != "Inactive"
        work.patiently(
            lambda: work.iam.update_access_key(UserName=user, AccessKeyId=id, Status="Active" if active else "Inactive")
        )


def smtp_password(secret: str, region: str) -> str:
    """The SMTP password that SES derives from a secret key.

    Source: https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html (version 4).
    """
    signature = ("AWS4" + secret).encode()
    for part in ("11111111", region, "ses", "aws4_request", "SendRawEmail"):
        signature = hmac.new(signature, part.encode(), hashlib.sha256).digest()
    return base64.b64encode(b"\x04" + signature).decode()
