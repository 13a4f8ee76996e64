"""Which documents IAM takes as an identity's policy and as a role's trust policy, and how long they may be.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from lightly_policies.evaluator.aws import Document, MalformedDocumentError

from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError
from lightly_sandbox.kinds.s3.emulator.principals import missing_principals, not_empty

_MANAGED_SIZE = 6144
_TRUST_SIZE = 2048
_INLINE_SIZES = {"PutUserPolicy": ("User", 2048), "PutGroupPolicy": ("Group", 5120), "PutRolePolicy": ("Role", 10240)}
"""Action -> whose policy it is, and how long all inline policies of one may be together."""
_ROLE_ACTIONS = (
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:setcontext",
    "sts:setsourceidentity",
    "sts:tagsession",
)


def check_documents(account: str, accounts: tuple[str, ...], values: Mapping[str, str]) -> None:
    """Raises RefusedError for a document in the request that IAM does not take."""
    action = values["Action"]
    if action == "UpdateAssumeRolePolicy" and "PolicyDocument" in values:
        _check_trust(values["PolicyDocument"], accounts)
    elif "PolicyDocument" in values:
        _read("PolicyDocument", values["PolicyDocument"], trust=False)
        _check_size(account, values)
    if "AssumeRolePolicyDocument" in values:
        _check_trust(values["AssumeRolePolicyDocument"], accounts)


def _read(parameter: str, text: str, *, trust: bool) -> Document:
    try:
        return not_empty(Document.parse(parameter, text)).require("trust" if trust else "identity")
    except MalformedDocumentError as fault:
        raise RefusedError("MalformedPolicyDocument", str(fault), 400) from fault


def _check_trust(text: str, accounts: tuple[str, ...]) -> None:
    document = _read("AssumeRolePolicyDocument", text, trust=True)
    if _length(text) > _TRUST_SIZE:
        raise _too_long(f"ACLSizePerRole: {_TRUST_SIZE}")
    for statement in document.statements:
        for pattern in statement.actions or ():
            if not any(fnmatchcase(action, pattern.lower()) for action in _ROLE_ACTIONS):
                message = "AssumeRole policy may only specify STS AssumeRole actions."
                raise RefusedError("MalformedPolicyDocument", message, 400)
    for principal in missing_principals(document, accounts):
        raise RefusedError("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{principal}"', 400)


def _check_size(account: str, values: Mapping[str, str]) -> None:
    action, length = values["Action"], _length(values["PolicyDocument"])
    if action not in _INLINE_SIZES:
        if length > _MANAGED_SIZE:
            raise _too_long(f"PolicySize: {_MANAGED_SIZE}")
        return
    owner, most = _INLINE_SIZES[action]
    name = values.get(f"{owner}Name", "")
    find = {"User": facts.user, "Group": facts.group, "Role": facts.role}[owner]
    found: Any | None = find(account, name)
    others = {**found.policies} if found else {}
    others.pop(values.get("PolicyName", ""), None)
    if length + sum(_length(str(text)) for text in others.values()) > most:
        message = f"Maximum policy size of {most} bytes exceeded for {owner.lower()} {name}"
        raise RefusedError("LimitExceeded", message, 409)


def _length(text: str) -> int:
    """As IAM counts: "IAM doesn't count white space"."""
    return len(re.sub(r"\s", "", text))


def _too_long(quota: str) -> RefusedError:
    return RefusedError("LimitExceeded", f"Cannot exceed quota for {quota}", 409)
