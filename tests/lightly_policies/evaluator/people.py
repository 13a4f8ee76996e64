"""The people and documents that the evaluator's tests speak about."""

from typing import Any

from lightly_policies.evaluator.aws import Decision, Document, Policies, Principal, Request, decide

OWN, OTHER = "123456789012", "916419735646"
BUCKET, KEY = "arn:aws:s3:::data", f"arn:aws:kms:eu-central-1:{OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = f"arn:aws:iam::{OWN}:role/lightly/target"


def user(name: str = "bob", account: str = OWN) -> Principal:
    return Principal(f"arn:aws:iam::{account}:user/{name}", account, "user", user_id=f"AIDA{name.upper()}00000000")


def session(name: str = "sess", account: str = OWN) -> Principal:
    arn = f"arn:aws:sts::{account}:assumed-role/reader/{name}"
    return Principal(arn, account, "session", f"arn:aws:iam::{account}:role/team/reader", f"AROAREADER00000:{name}")


def root(account: str = OWN) -> Principal:
    return Principal(f"arn:aws:iam::{account}:root", account, "root")


def root_arn(account: str = OWN) -> str:
    return f"arn:aws:iam::{account}:root"


ANONYMOUS = Principal("", "", "anonymous")


def statement(effect: str = "Allow", action: object = "s3:GetObject", **elements: Any) -> dict[str, Any]:
    """A statement; `resource=None` leaves Resource out, as trust policies do; keyword names as in JSON, in any case."""
    written = {"Effect": effect, "Action": action, "Resource": f"{BUCKET}/*", **elements}
    return {name: value for name, value in written.items() if value is not None}


def document(*statements: dict[str, Any], name: str = "policy", version: str = "2012-10-17") -> Document:
    return Document(name, {"Version": version, "Statement": list(statements)})


def ask(
    who: Principal, action: str = "s3:GetObject", resource: str = f"{BUCKET}/p/x", owner: str = OWN, **context: Any
) -> Request:
    """A request; condition keys as keywords with `__` for the colon and `___` for a slash, one value or a tuple."""
    keys = {
        key.replace("___", "/").replace("__", ":"): value if isinstance(value, tuple) else (str(value),)
        for key, value in context.items()
    }
    return Request(who, action, resource, owner, keys)


def decision(request: Request, *identity: Document, **others: Document) -> Decision:
    return decide(request, Policies(identity=identity, **others))


def allowed(request: Request, *identity: Document, **others: Document) -> bool:
    return decision(request, *identity, **others).allowed


def holds(block: dict[str, Any], **context: Any) -> bool:
    """Whether an Allow under this condition block lets a request with this context through."""
    policy = document(statement(Condition=block))
    return allowed(ask(user(), **context), policy)
