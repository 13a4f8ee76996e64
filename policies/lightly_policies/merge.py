"""What the policy of a bucket or key that we do not change needs, as statements to merge into it.

An identity's own policy is enough where bucket, key and identity belong to one account, and no policy denies it. Across
accounts both sides must allow (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html),
and a key counts no IAM policy at all unless its own policy says so
(https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html). The statements are those of the grant, for
one principal. A Deny wins over them: whoever is denied by default must be excepted there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lightly_policies.case import Case
from lightly_policies.evaluator.aws import Document, Policies, decide
from lightly_policies.evaluator.document import ALLOWS_EVERYTHING

OLD_KEY = "DecryptOldObjects"
"""In the Sid of the statement about keys that a bucket had before."""
_OTHER_ACCOUNT = "999999999999"


@dataclass(frozen=True, slots=True)
class Merge:
    """Documents whose statements are merged into a policy that exists: of the bucket, of its key if it has one, and of
    each key that it had before, which only reads."""

    bucket: str
    key: str | None
    old_key: str | None = None


def merge(grant: str, purpose: str, principal: str) -> Merge:
    """The statements for a grant as it was rendered.

    `principal` is the ARN of the role or user; S3 and KMS take only one that exists already. The Sids carry the
    purpose, because both purposes may lie in one bucket.
    """
    statements: list[Mapping[str, Any]] = json.loads(grant)["Statement"]
    named = [
        {**statement, "Sid": f"{statement['Sid']}{purpose.capitalize()}", "Principal": {"AWS": principal}}
        for statement in statements
    ]
    keys = [{**statement, "Resource": "*"} for statement in named if _of_key(statement)]  # there `*` is the key itself
    key, old_key = ([each for each in keys if (OLD_KEY in each["Sid"]) is old] for old in (False, True))
    return Merge(
        _document("bucket policy", [statement for statement in named if not _of_key(statement)]),
        _document("key policy", key) if key else None,
        _document("key policy", old_key) if old_key else None,
    )


def unexpected(made: Merge, cases: Iterable[Case], kms_key_arn: str | None = None) -> tuple[str, ...]:
    """What these statements decide otherwise than the cases of the grant, when bucket and key are in another account.

    The principal's own policy allows everything there, so that nothing but the statements decides. They must be made
    for the principal of the cases, and are in the policies of its bucket and of this key only.
    """
    bucket = Document.parse("bucket policy", made.bucket)
    key = Document.parse("key policy", made.key) if made.key else None
    found = []
    for case in cases:
        request = replace(case.request, resource_account=_OTHER_ACCOUNT)
        resource = bucket if ":key/" not in request.resource else key if request.resource == kms_key_arn else None
        if decide(request, Policies(identity=(ALLOWS_EVERYTHING,), resource=resource)).allowed is not case.expected:
            found.append(f"{'narrower' if case.expected else 'wider'}: {case.name}")
    return tuple(found)


def _of_key(statement: Mapping[str, Any]) -> bool:
    actions = statement["Action"]
    return str(actions if isinstance(actions, str) else actions[0]).startswith("kms:")


def _document(name: str, statements: list[dict[str, Any]]) -> str:
    body = {"Version": "2012-10-17", "Statement": statements}
    Document(name, body).require("resource")
    return json.dumps(body, sort_keys=True, separators=(",", ":"))
