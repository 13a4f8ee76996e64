"""The local STS: written here, because moto's looks at no trust policy and knows no expiry.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from lightly_policies.evaluator.aws import Document, MalformedDocumentError

from lightly_sandbox.emulators.clock import Clock, rfc3339
from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.caller import Caller
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError, not_implemented
from lightly_sandbox.kinds.s3.emulator.operation import Check, Operation
from lightly_sandbox.kinds.s3.emulator.query import tag_context, tags
from lightly_sandbox.kinds.s3.emulator.sessions import Session, Sessions

_ROLE_ARN = re.compile(r"arn:aws:iam::(\d{12}):role/(?:.*/)?([\w+=,.@-]{1,64})")
_INVALID = "1 validation error detected:"
_CHAINING_SECONDS = 3600
_BOUNDS = {"AssumeRole": (900, 43200, 3600), "GetSessionToken": (900, 129600, 43200)}


class Sts:
    """Gives out sessions."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self.sessions = sessions
        self.clock = clock

    def operation(self, values: Mapping[str, str], caller: Caller, region: str) -> Operation:
        """The operation and its permission: GetCallerIdentity and GetSessionToken need none."""
        action = values["Action"]
        if action in ("GetCallerIdentity", "GetSessionToken"):
            return Operation("sts", action, (), caller.account, region)
        if action != "AssumeRole":
            raise not_implemented(f"sts:{action}")
        check_parameters(values)
        account, _ = _role(values["RoleArn"])
        context: dict[str, tuple[str, ...]] = {"sts:RoleSessionName": (values["RoleSessionName"],)}
        if "ExternalId" in values:
            context["sts:ExternalId"] = (values["ExternalId"],)
        checks = [Check("sts:AssumeRole", values["RoleArn"], account, context=context)]
        if pairs := tags(values):
            checks.append(Check("sts:TagSession", values["RoleArn"], account, context=context | tag_context(pairs)))
        return Operation("sts", action, tuple(checks), account, region)

    def perform(self, values: Mapping[str, str], caller: Caller) -> bytes:
        """Do it and answer. The permission was authorised before."""
        action = values["Action"]
        if action == "GetCallerIdentity":
            who = caller.principal
            result = f"<Arn>{who.arn}</Arn><UserId>{who.user_id}</UserId><Account>{who.account}</Account>"
            return _response(action, result)
        if action == "GetSessionToken":
            return self._session_token(values, caller)
        account, name = _role(values["RoleArn"])
        role = facts.role(account, name)
        assert role is not None
        seconds = self._duration(values, caller, role)
        session = self.sessions.make(
            account,
            self.clock.now() + seconds,
            role_name=name,
            role_id=role.id,
            name=values["RoleSessionName"],
            policy=values.get("Policy"),
            tags=tags(values),
        )
        arn = f"arn:aws:sts::{account}:assumed-role/{name}/{session.name}"
        user = f"<AssumedRoleId>{role.id}:{session.name}</AssumedRoleId><Arn>{escape(arn)}</Arn>"
        return _response(action, f"<AssumedRoleUser>{user}</AssumedRoleUser>{_credentials(session)}")

    def _duration(self, values: Mapping[str, str], caller: Caller, role: Any) -> int:
        seconds = int(values.get("DurationSeconds", 3600))
        if caller.session and caller.session.role_name and seconds > _CHAINING_SECONDS:
            message = (
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
            )
            raise RefusedError("ValidationError", message, 400)
        if seconds > int(role.max_session_duration or 3600):
            message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            raise RefusedError("ValidationError", message, 400)
        return seconds

    def _session_token(self, values: Mapping[str, str], caller: Caller) -> bytes:
        if caller.session:
            raise RefusedError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
        check_duration(values)
        seconds = int(values.get("DurationSeconds", _BOUNDS["GetSessionToken"][2]))
        session = self.sessions.make(caller.account, self.clock.now() + seconds, user_name=caller.user_name)
        return _response("GetSessionToken", _credentials(session))


def check_parameters(values: Mapping[str, str]) -> None:
    """Raises RefusedError (ValidationError) as STS does, before anything is authorised."""
    for name in ("RoleArn", "RoleSessionName"):
        if not values.get(name):
            field = name[0].lower() + name[1:]
            message = (
                f"1 validation error detected: Value at '{field}' failed to satisfy constraint: Member must not be null"
            )
            raise RefusedError("ValidationError", message, 400)
    for name, pattern, words in (
        ("RoleSessionName", r"[\w+=,.@-]{2,64}", r"[\w+=,.@-]*, 2 to 64 characters"),
        ("ExternalId", r"[\w+=,.@:\/-]{2,1224}", r"[\w+=,.@:\/-]*, 2 to 1224 characters"),
    ):
        if name in values and not re.fullmatch(pattern, values[name], re.ASCII):
            field = name[0].lower() + name[1:]
            message = f"{_INVALID} Value at '{field}' failed to satisfy constraint: Member must match {words}"
            raise RefusedError("ValidationError", message, 400)
    check_duration(values)
    for name in values:
        if name.startswith(("PolicyArns.", "SerialNumber", "SourceIdentity", "TransitiveTagKeys", "ProvidedContexts")):
            raise not_implemented(f"sts:AssumeRole with {name}")
    if "Policy" in values:
        try:
            Document.parse("session policy", values["Policy"])
        except MalformedDocumentError as fault:
            raise RefusedError("MalformedPolicyDocument", str(fault), 400) from fault


def check_duration(values: Mapping[str, str]) -> None:
    """DurationSeconds within the bounds of the action."""
    low, high, default = _BOUNDS[values["Action"]]
    text = values.get("DurationSeconds", str(default))
    for bad, bound, words in (
        (not text.isdecimal() or int(text) < low, low, "greater"),
        (text.isdecimal() and int(text) > high, high, "less"),
    ):
        if bad:
            message = f"1 validation error detected: Value '{text}' at 'durationSeconds' failed to satisfy constraint: "
            raise RefusedError(
                "ValidationError", f"{message}Member must have value {words} than or equal to {bound}", 400
            )


def _role(arn: str) -> tuple[str, str]:
    match = _ROLE_ARN.fullmatch(arn)
    if not match:
        raise RefusedError("ValidationError", f"{arn} is invalid", 400)
    return match[1], match[2]


def _credentials(session: Session) -> str:
    expires = rfc3339(session.expires)
    return (
        f"<Credentials><AccessKeyId>{session.access_key_id}</AccessKeyId><SecretAccessKey>{session.secret}"
        f"</SecretAccessKey><SessionToken>{session.token}</SessionToken><Expiration>{expires}</Expiration></Credentials>"
    )


def _response(action: str, result: str) -> bytes:
    return (
        f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>{result}</{action}Result>'
        f"<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata></{action}Response>"
    ).encode()
