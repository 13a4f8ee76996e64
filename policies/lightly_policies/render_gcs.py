"""Documents of Google Cloud: a custom role per purpose, and the binding that gives it for one path of one bucket.

A binding's condition is CEL; once quotes and backslashes are escaped, nothing in a path is read as more than itself.
"""

import json
import re

from lightly_policies.evaluator.gcs import Condition, check
from lightly_policies.rendering import TEMPLATES, UnrenderableDocumentError, canonical, checked_path, filled

EXPRESSION_LIMIT = 2048
"""Characters: the limit that Google states for the conditions of access boundaries; for those of bindings it states
none (https://cloud.google.com/iam/docs/reference/sts/rest/v1/AccessBoundary)."""

_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_ROLE = re.compile(r"projects/[^/\s]+/roles/[a-zA-Z0-9_.]{3,64}")
_MEMBER = re.compile(r"serviceAccount:[a-z0-9-]+@[a-z0-9.:-]+")


def cel(text: str) -> str:
    """Text as a literal of CEL: https://github.com/google/cel-spec/blob/master/doc/langdef.md ."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


TEMPLATES.filters["cel"] = cel


def gcs_role(purpose: str) -> str:
    """The custom role of a purpose: `title`, `description`, `stage`, `includedPermissions`.

    INPUT: get, list. LIGHTLY: get, list, create, delete, update (https://docs.lightly.ai/docs/google-cloud-storage).
    Limits: https://cloud.google.com/iam/quotas . Raises UnrenderableDocumentError.
    """
    if purpose not in ("INPUT", "LIGHTLY"):
        raise UnrenderableDocumentError("role", f"purpose: got {purpose!r}, expected INPUT or LIGHTLY")
    return canonical(filled(f"gcs/role_{purpose.lower()}.json.j2"))


def gcs_binding(bucket: str, path: str, *, role: str, member: str) -> str:
    """The binding of a role to one member, on one bucket: `bucket`, `role`, `member`, `condition`.

    Object rights hold below the path. Listings hold with the prefix `p`, `p/` and `p/...`, because it is unknown which
    of them Lightly sends; `p` alone also shows the names of siblings `p-...`, but gives none of their content. The
    whole bucket (empty path) has no condition. Lightly's page has the condition on object names
    (https://docs.lightly.ai/docs/google-cloud-storage); that of listings is Google's
    (https://cloud.google.com/iam/docs/downscoping-short-lived-credentials).

    Args:
        bucket: its name.
        path: the directory, ending in `/`; empty for the whole bucket.
        role: `projects/<project>/roles/<id>`.
        member: `serviceAccount:<email>`.

    Raises:
        UnrenderableDocumentError: a value that is not what it should be, or a condition beyond Google's limit.
    """
    _expect("bucket", bucket, _BUCKET, "a bucket's name: 3 to 222 of a-z 0-9 . _ -")
    _expect("role", role, _ROLE, "projects/<project>/roles/<id>")
    _expect("member", member, _MEMBER, "serviceAccount:<email>")
    checked_path("binding", path)
    text = canonical(filled("gcs/binding.json.j2", bucket=bucket, path=path, role=role, member=member))
    condition = json.loads(text)["condition"]
    if condition:
        check(Condition(**condition))
        if len(condition["expression"]) > EXPRESSION_LIMIT:
            fault = f"its condition has {len(condition['expression'])} characters, expected at most {EXPRESSION_LIMIT}"
            raise UnrenderableDocumentError("binding", fault, "use a shorter path")
    return text


def _expect(what: str, value: str, pattern: "re.Pattern[str]", expected: str) -> None:
    if not pattern.fullmatch(value):
        raise UnrenderableDocumentError("binding", f"{what}: got {value!r}, expected {expected}")
