"""What AWS would decide: policies and a request in, a decision with its reason out. Pure.

The order and the exceptions are those of
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and, across accounts,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html ; key policies:
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html ; reasons are worded as in
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html . Organisations' policies (SCP, RCP)
and ACLs are not modelled.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lightly_policies.evaluator.document import Document, MalformedDocumentError
from lightly_policies.evaluator.principals import Named, Principal
from lightly_policies.evaluator.request import Request
from lightly_policies.evaluator.statement import Statement

__all__ = ["Decision", "Document", "MalformedDocumentError", "Policies", "Principal", "Request", "decide", "denial"]


@dataclass(frozen=True, slots=True)
class Policies:
    """Every document that bears on one request.

    Attributes:
        identity: of the user with its groups, or of the session's role.
        boundary: the permissions boundary of the user or role.
        session: the policy given when the session was made.
        resource: the bucket policy, key policy or trust policy of the resource asked for.
    """

    identity: tuple[Document, ...] = ()
    boundary: Document | None = None
    session: Document | None = None
    resource: Document | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not; why, as AWS words it after "because"; and the statement that decided.

    `statement` is `<document name>/<Sid or index>`, None when nothing allowed it: no statement decided that.
    """

    allowed: bool
    reason: str
    statement: str | None


def denial(request: Request, decision: Decision) -> str:
    """The sentence of an AccessDenied answer: who, what, on which resource and why."""
    joint = "with an" if decision.reason.startswith("explicit deny") else "because"
    quote = '"' if request.service == "s3" else ""
    return (
        f"User: {request.principal.arn or 'anonymous'} is not authorized to perform: {request.action} "
        f"on resource: {quote}{request.resource}{quote} {joint} {decision.reason}"
    )


def decide(request: Request, policies: Policies) -> Decision:
    """Whether AWS would let the request through, with the reason and the statement that decided.

    Documents that do not bear on the principal are ignored: identity policies of a root user, a session policy of a
    user. A statement that has no place in its kind of document (an identity policy with a Principal, a bucket policy
    without one) never allows; as a Deny it still denies.
    """
    case = _Case(request, policies)
    return case.denied() or (case.allowed_same_account() if case.same_account else case.allowed_across())


_OWNER_KEEPS = frozenset({"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"})
"""What the root user of a bucket's owner may do even where the bucket policy denies it:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html"""


class _Case:
    """One request with its documents, each question about them a method."""

    def __init__(self, request: Request, policies: Policies) -> None:
        self.request = request
        self.policies = policies
        self.kind = request.principal.kind
        self.same_account = request.principal.account == request.resource_account
        self.is_trust = request.service == "sts" and ":role/" in request.resource
        self.is_key = request.service == "kms" and ":key/" in request.resource
        owns_identity = self.kind in ("user", "session")
        self.identity = policies.identity if owns_identity else ()
        self.boundary = policies.boundary if owns_identity else None
        self.session = policies.session if self.kind == "session" else None
        self.resource_words = "role trust policy" if self.is_trust else "resource-based policy"

    def denied(self) -> Decision | None:
        """The explicit deny, wherever it stands; and what the root user may never do."""
        if self.is_trust and self.kind == "root":
            # https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
            return Decision(False, "roles may not be assumed by root accounts", None)
        for words, documents in (
            ("an identity-based policy", self.identity),
            ("a permissions boundary", (self.boundary,)),
            ("a session policy", (self.session,)),
        ):
            for document in documents:
                for statement in document.denies if document else ():
                    if statement.covers(self.request):
                        return Decision(False, f"explicit deny in {words}", statement.name)
        if self.kind == "root" and self.same_account and self.request.action.lower() in _OWNER_KEEPS:
            return None
        for statement in self.policies.resource.denies if self.policies.resource else ():
            if statement.covers(self.request) and self._names(statement):
                article = "the" if self.is_trust else "a"
                return Decision(False, f"explicit deny in {article} {self.resource_words}", statement.name)
        return None

    def allowed_same_account(self) -> Decision:
        """One side is enough, except that key and trust policies must admit the account before IAM counts."""
        grade, granted = self._resource_grant()
        if grade in (Named.SELF, Named.EVERYONE) and granted:
            return self._allowed_by_resource(granted)
        if grade is Named.ROLE and granted:
            return self._limited() or self._allowed_by_resource(granted)
        if (self.is_key or self.is_trust) and grade is Named.NOT:
            return self._nobody_allows(self.resource_words)
        if self.kind == "root":
            return Decision(True, "allowed as the root user of the account", None)
        return self._allowed_by_identity()

    def allowed_across(self) -> Decision:
        """Both sides must allow; those who have no policies of their own need the resource's only."""
        grade, granted = self._resource_grant()
        if self.kind in ("user", "session"):
            own = self._allowed_by_identity()
            if not own.allowed:
                return own
            return own if grade else self._nobody_allows(self.resource_words)
        return self._allowed_by_resource(granted) if granted else self._nobody_allows(self.resource_words)

    def _allowed_by_identity(self) -> Decision:
        """Identity policies within boundary and session policy."""
        granted = self._grant(self.identity)
        if granted is None:
            return self._nobody_allows("identity-based policy")
        return self._limited() or Decision(True, "allowed by an identity-based policy", granted.name)

    def _limited(self) -> Decision | None:
        """The limit that does not let the request through, if there is one."""
        for words, limit in (("permissions boundary", self.boundary), ("session policy", self.session)):
            if limit is not None and self._grant((limit,)) is None:
                return self._nobody_allows(words)
        return None

    def _grant(self, documents: Iterable[Document]) -> Statement | None:
        """The first statement without a Principal that allows the request."""
        for document in documents:
            for statement in document.grants:
                if statement.covers(self.request):
                    return statement
        return None

    def _resource_grant(self) -> tuple[Named, Statement | None]:
        """The closest that the resource's policy names the principal while allowing the request.

        All statements count: one that admits the account must not hide a later one that names the user.
        """
        best, granted = Named.NOT, None
        for statement in self.policies.resource.allows if self.policies.resource else ():
            placed = statement.has_resource or self.is_trust
            grade = statement.names(self.request)
            if placed and grade > best and statement.covers(self.request):
                best, granted = grade, statement
        return best, granted

    def _names(self, statement: Statement) -> bool:
        return not statement.has_principal or statement.names(self.request) is not Named.NOT

    def _nobody_allows(self, words: str) -> Decision:
        return Decision(False, f"no {words} allows the {self.request.action} action", None)

    def _allowed_by_resource(self, statement: Statement) -> Decision:
        article = "the" if self.is_trust else "a"
        return Decision(True, f"allowed by {article} {self.resource_words}", statement.name)
