"""A directory inside a store: what may be written as a path, and how it is normalised.

Lightly registers an existing directory (https://docs.lightly.ai/docs/cloud-storage), and the same text goes into IAM
resources and conditions, so whatever means something else there is refused: `*` and `?` are wildcards
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html) and `${...}` is a policy
variable (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
"""

import json
import re

from lightly_core.fault import Fault

LONGEST = 768
"""Characters as JSON writes them (`\\u00e9` is 6). A key has at most 1024 bytes
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html), the names below the directory included, and a
group's policy, in which the path stands four times, at most 5120 characters
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""

_WILDCARDS = re.compile(r"[*?$]")
_AVOID = re.compile(r'[{}^%`\[\]"<>~#|]')
_EXPECTED = "a directory such as projects/cows/"


def normalised(path: str) -> str:
    """The path with the `/` at its end that makes it a directory; the empty path is the whole store."""
    return path if not path or path.endswith("/") else f"{path}/"


def directory_path(path: str) -> Fault | None:
    """Whether the path can be registered and granted. A missing `/` at the end is no fault: see `normalised`."""
    for wrong, hint in (
        ("://" in path, "the path alone; the bucket is the store's"),
        (path.startswith("/"), "no / at the start: it would be a directory without a name"),
        ("//" in path, "no // inside: it would be a directory without a name"),
        ("\\" in path, "directories are separated by /, not by a backslash"),
        (not path.isprintable(), "it has control, invisible or broken characters"),
        (_WILDCARDS.search(path), "* ? and $ are wildcards and variables in IAM policies; they would grant more"),
        ({".", ".."} & set(path.split("/")), "no . or .. as a directory: S3 has no such thing and clients disagree"),
    ):
        if wrong:
            return Fault(_EXPECTED, hint)
    if len(json.dumps(normalised(path))) - 2 > LONGEST:
        return Fault(f"a directory of at most {LONGEST} characters", "what is not ASCII counts as 6, as JSON writes it")
    return None


def remark(path: str) -> str | None:
    """What a path is better without although it is accepted, or None.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, "characters to avoid".
    """
    if _AVOID.search(path):
        return 'AWS says to avoid { } ^ % ` [ ] " < > ~ # | in keys, because clients encode them differently'
    if not path.isascii():
        return "an accented letter can be written in two ways, as different bytes, and only one of them is the key"
    if any(part != part.strip() for part in path.split("/")):
        return "a directory name starts or ends with a space"
    return None


def contains(outer: str, inner: str) -> bool:
    """Whether `inner` is `outer` or lies below it, both normalised and in the same store."""
    return inner.startswith(outer)
