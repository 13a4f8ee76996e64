"""May this caller do that: gathers the policies that bear on a check, asks the evaluator, words the refusal."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from lightly_policies.evaluator.aws import Decision, Document, Policies, Request, decide, denial

from lightly_sandbox.emulators.clock import Clock, rfc3339
from lightly_sandbox.kinds.s3.emulator import facts
from lightly_sandbox.kinds.s3.emulator.boundaries import Boundaries
from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.caller import Caller
from lightly_sandbox.kinds.s3.emulator.errors import Protocol, RefusedError, denied
from lightly_sandbox.kinds.s3.emulator.operation import Check
from lightly_sandbox.kinds.s3.emulator.s3_acl import policy_in_force

_ADMITS = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::%s:root"}, '
    '"Action": "*", "Resource": "*"}]}'
)
"""A policy of a resource that leaves everything to the account's own policies."""


@lru_cache(maxsize=2048)
def document(name: str, text: str) -> Document:
    """A parsed policy; the same text is parsed once. Raises MalformedDocumentError."""
    return Document.parse(name, text)


class Authoriser:
    """Authorises checks against the policies as they are now."""

    def __init__(self, boundaries: Boundaries, clock: Clock) -> None:
        self.boundaries = boundaries
        self.clock = clock

    def require(self, caller: Caller, check: Check, call: Call, protocol: Protocol) -> None:
        """Raises RefusedError with AWS's sentence when the check fails.

        A caller of another account is told nothing but that access is denied, as S3 does it
        (https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html).
        """
        request, decision = self.authorise(caller, check, call)
        if decision.allowed:
            return
        raise self.refusal(request, decision, protocol)

    def refusal(self, request: Request, decision: Decision, protocol: Protocol) -> RefusedError:
        foreign = request.principal.account != request.resource_account
        if foreign and protocol is Protocol.REST_XML and request.service == "s3":
            return denied("Access Denied", protocol)
        sentence = denial(request, decision)
        if foreign and request.service == "sts":
            sentence = sentence.partition(" because ")[0].partition(" with an explicit")[0]
        return denied(sentence, protocol)

    def authorise(self, caller: Caller, check: Check, call: Call) -> tuple[Request, Decision]:
        """The evaluator's decision on one check."""
        context = {**self._context(caller, call), **check.context}
        request = Request(caller.principal, check.action, check.resource, check.account, context)
        policies = Policies(
            tuple(document(name, text) for name, text in self._identity(caller)),
            self._boundary(caller),
            document("session policy", caller.session.policy) if caller.session and caller.session.policy else None,
            self._resource(caller, check),
        )
        return request, decide(request, policies)

    def simulate(self, caller: Caller, action: str, resource: str, context: Mapping[str, tuple[str, ...]]) -> Decision:
        """What the caller's own policies say, whatever the resource's: it is taken to leave it to IAM."""
        admits = document("taken for granted", _ADMITS % caller.account)
        policies = Policies(
            tuple(document(name, text) for name, text in self._identity(caller)), self._boundary(caller), None, admits
        )
        return decide(Request(caller.principal, action, resource, caller.account, context), policies)

    def _identity(self, caller: Caller) -> Iterable[facts.Named]:
        groups = facts.groups_of(caller.account, caller.user_name) if caller.user_name else []
        holders = [holder for holder in (self._holder(caller), *groups) if holder is not None]
        return [policy for holder in holders for policy in facts.policies_of(holder)]

    def _boundary(self, caller: Caller) -> Document | None:
        arn = None
        if caller.user_name:
            arn = self.boundaries.of_user(caller.account, caller.user_name)
        elif role := self._holder(caller):
            arn = role.permissions_boundary_arn
        if not arn:
            return None
        managed = facts.managed_policy(caller.account, arn)
        if managed is None:  # a boundary that is gone allows nothing
            return document("permissions boundary", '{"Version": "2012-10-17", "Statement": []}')
        return document(managed.name, facts.default_version(managed))

    def _resource(self, caller: Caller, check: Check) -> Document | None:
        if check.bucket:
            text = policy_in_force(check.bucket, caller.account)
            return document("bucket policy", text) if text else None
        if check.key_arn:
            key = facts.kms_key(check.account, "", check.key_arn)
            return document("key policy", key.policy) if key else None
        if check.action.startswith("sts:"):
            role = facts.role(check.account, check.resource.rpartition("/")[2])
            # a role that is not there, or has another path, is refused like one that does not trust
            there = role is not None and role.arn == check.resource
            return document("trust policy", role.assume_role_policy_document) if there and role else None
        return None

    def _context(self, caller: Caller, call: Call) -> dict[str, tuple[str, ...]]:
        """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
        context: dict[str, tuple[str, ...]] = {
            "aws:SourceIp": (call.source_ip,),
            "aws:SecureTransport": ("true" if call.secure else "false",),
            "aws:CurrentTime": (rfc3339(self.clock.now()),),
            "aws:EpochTime": (str(int(self.clock.now())),),
            "aws:UserAgent": (call.headers.get("user-agent", ""),),
            "aws:ViaAWSService": ("false",),
        }
        if caller.account:
            context["kms:CallerAccount"] = (caller.account,)
        if caller.session:  # long-term keys do not carry the key at all
            context["aws:MultiFactorAuthPresent"] = ("false",)
        tags = facts.tags_of(self._holder(caller)) | dict(caller.session.tags if caller.session else ())
        return context | {f"aws:PrincipalTag/{name}": (value,) for name, value in tags.items()}

    def _holder(self, caller: Caller) -> Any | None:
        """The user or role behind the caller."""
        if caller.user_name:
            return facts.user(caller.account, caller.user_name)
        if caller.session:
            return facts.role(caller.account, caller.session.role_name)
        role = caller.principal.role_arn  # of a simulation, which has no session
        return facts.role(caller.account, role.rpartition("/")[2]) if role else None
