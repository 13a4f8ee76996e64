"""S3 Control, as far as it is there: block public access of a whole account, by a path of its own.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html (and Put, Delete). It is signed as
S3, and told from a bucket of that name by the header that names the account.
"""

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.s3.emulator import facts, s3_xml
from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.caller import Caller
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError, not_implemented
from lightly_sandbox.kinds.s3.emulator.operation import Check, Operation

_HEADER = "x-amz-account-id"
_PATH = "/v20180820/configuration/publicAccessBlock"
_ACTIONS = {"GET": "Get", "PUT": "Put", "DELETE": "Put"}
_FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_XML = {"Content-Type": "application/xml"}


def is_asked(call: Call) -> bool:
    """Whether a request is about an account."""
    return _HEADER in call.headers


def operation(call: Call, region: str, caller: Caller) -> Operation:
    """What it needs. Raises RefusedError for another account than the caller's, and for what is not here."""
    if call.path != _PATH or call.method not in _ACTIONS or call.query:
        raise not_implemented(f"S3 Control {call.method} {call.path}")
    account = call.headers[_HEADER]
    if caller.account != account:
        raise RefusedError("AccessDenied", "Access Denied")
    check = Check(f"s3:{_ACTIONS[call.method]}AccountPublicAccessBlock", "*", account)
    return Operation("s3", f"{call.method.title()}PublicAccessBlock", (check,), account, region)


def answer(call: Call, account: str) -> Answer:
    """Carry it out."""
    if call.method == "PUT":
        given = s3_xml.parse(call.body, "PublicAccessBlockConfiguration")
        facts.set_account_block(account, [given.get(name) == "true" for name in _FLAGS])
        return Answer(201, {}, b"")
    if call.method == "DELETE":
        facts.set_account_block(account, None)
        return Answer(204, {}, b"")
    found = facts.account_block(account)
    if found is None:
        message = "The public access block configuration was not found"
        raise RefusedError("NoSuchPublicAccessBlockConfiguration", message, 404, {"AccountId": account})
    on = (found.block_public_acls, found.ignore_public_acls, found.block_public_policy, found.restrict_public_buckets)
    body = "".join(f"<{name}>{str(flag).lower()}</{name}>" for name, flag in zip(_FLAGS, on, strict=True))
    return Answer(200, _XML, f"<PublicAccessBlockConfiguration>{body}</PublicAccessBlockConfiguration>".encode())
