"""What exists in AWS, read with boto3: Get, List and Head calls alone, each with the right that it needs.

A call that is refused is an Unreadable fact, and the rest goes on. Credentials and region are those that boto3 finds
(https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html).
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from lightly_policies.evaluator.document import Document, MalformedDocumentError

from lightly_access.audit.finding import Unreadable
from lightly_access.audit.registered import Registered
from lightly_access.kinds.s3.audit.external_id import external_ids
from lightly_access.kinds.s3.audit.facts import Attached, AwsFacts, Holder, Key
from lightly_access.kinds.s3.audit.public_access import PublicAccess
from lightly_access.kinds.s3.bucket_region import ANY_REGION, bucket_region
from lightly_access.kinds.s3.clients import ABSENT, UNSET, AwsClients, code
from lightly_access.kinds.s3.rules import AWS_REGIONS

if TYPE_CHECKING:
    import boto3

T = TypeVar("T")
_WHOEVER_ASKS = frozenset(
    {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "TokenRetrievalError"}
    | {"SSOTokenLoadError", "UnauthorizedSSOTokenError", "SSOError", "ProfileNotFound", "LoginRefreshRequired"}
    | {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "UnrecognizedClientException",
    }
    | {
        "SignatureDoesNotMatch",
        "InvalidToken",
        "EndpointConnectionError",
        "ConnectTimeoutError",
        "ProxyConnectionError",
    }
)
"""Refusals of whoever runs this, or of the way there: no other call fares better."""


class Reader:
    """One account, as whoever runs this may read it. No method raises for what AWS refuses."""

    def __init__(self, session: "boto3.Session | None" = None) -> None:
        import boto3

        self._clients = AwsClients(session or boto3.Session())

    def facts(self, registered: Registered) -> AwsFacts:
        """Everything about the role or key of one datasource, and about its bucket."""
        return AwsReading(self._clients, registered).facts()


class AwsReading:
    """The calls about one datasource; what could not be read is kept in `unreadable`."""

    def __init__(self, clients: AwsClients, registered: Registered) -> None:
        self.clients, self.registered, self.unreadable = clients, registered, list[Unreadable]()
        self.locked_out = False
        # What is registered may be no region at all: one that answers tells of any other.
        registered_region = registered.values.get("region") or clients.region
        asked = registered_region if registered_region in AWS_REGIONS else ANY_REGION
        bucket = registered.bucket
        self.region = clients.once(("region", bucket, asked), lambda: bucket_region(clients.of("s3", asked), bucket))
        self.iam, self.s3, self.sts = (clients.of(name, self.region or asked) for name in ("iam", "s3", "sts"))
        self.public_access = PublicAccess(bucket, self.ask, self.account, clients, self.region or asked)

    def facts(self) -> AwsFacts:
        holder = self._role() if self.registered.access == "delegated" else self._user()
        bucket_policy = self.bucket_policy()
        complete = not self.unreadable  # what follows bears on nothing that the evaluator decides
        sharing, key, blocked = self._sharing(holder), self._encryption_key(), self.public_access.prevented()
        return AwsFacts(holder, bucket_policy, sharing, key, blocked, tuple(self.unreadable), complete, self.region)

    def ask(self, what: str, needs: str, call: Callable[[], T]) -> T | None:
        """The answer; None for what is not there or may not be read, the latter noted."""
        from botocore.exceptions import BotoCoreError, ClientError

        if self.locked_out:
            return None
        try:
            return call()
        except ClientError as error:
            word = code(error)
            if word in ABSENT:
                if word not in UNSET:
                    self.note(what, "", f"it is not there ({word})")
                return None
            self._refused(what, needs, word or "refused")
        except BotoCoreError as error:  # its text names endpoints and profiles, no credential
            self._refused(what, needs, type(error).__name__)
        return None

    def _refused(self, what: str, needs: str, reason: str) -> None:
        """One that every other call would be refused for is said once, of everything."""
        self.locked_out = reason in _WHOEVER_ASKS
        if self.locked_out:
            what, needs = "anything of AWS", "a login, such as `aws sso login` or AWS_PROFILE"
        self.note(what, needs, reason)

    def note(self, what: str, needs: str, reason: str) -> None:
        """Something could not be read."""
        self.unreadable.append(Unreadable(what, needs, reason, str(self.registered.purpose)))

    def pages(self, client: Any, operation: str, key: str, **parameters: str) -> list[Any]:
        """All items of an operation that answers in pages."""
        return [item for page in client.get_paginator(operation).paginate(**parameters) for item in page[key]]

    def _role(self) -> Holder | None:
        arn = self.registered.values.get("roleArn", "")
        if not arn:
            self.note("the role", "", "Lightly does not say which role it is")
            return None
        name = arn.rpartition("/")[2] if "/" in arn else arn.rpartition("role")[2].lstrip("/")
        found = self.ask(f"role {name}", "iam:GetRole", lambda: self.iam.get_role(RoleName=name)["Role"])
        if found is None and (self.locked_out or not self.unreadable[-1].needs):
            return None  # it is not there
        if found is not None and found["Arn"] != arn:
            self.note(f"role {name}", "", f"it is {found['Arn']} here: credentials of another account?")
            return None
        return Holder(
            "role",
            name,
            arn,
            tuple(self.policies("role", name)),
            self._boundary(found, f"role {name}"),
            json.dumps(found["AssumeRolePolicyDocument"]) if found else None,
            found["MaxSessionDuration"] if found else None,
        )

    def _user(self) -> Holder | None:
        key = self.registered.values.get("accessKeyId", "")
        if not key:
            self.note("the access key", "", "Lightly does not say which key it is")
            return None
        used = self.ask(
            f"the user of key {key}",
            "iam:GetAccessKeyLastUsed",
            lambda: self.iam.get_access_key_last_used(AccessKeyId=key),
        )
        name = (used or {}).get("UserName")
        if not name:
            if used is not None:
                self.note(f"the user of key {key}", "", "no user of this account has the key")
            return None
        user = self.ask(f"user {name}", "iam:GetUser", lambda: self.iam.get_user(UserName=name)["User"])
        keys = self.ask(
            f"the keys of user {name}",
            "iam:ListAccessKeys",
            lambda: self.pages(self.iam, "list_access_keys", "AccessKeyMetadata", UserName=name),
        )
        groups = self.ask(
            f"the groups of user {name}",
            "iam:ListGroupsForUser",
            lambda: self.pages(self.iam, "list_groups_for_user", "Groups", UserName=name),
        )
        names = tuple(each["GroupName"] for each in groups or ())
        return Holder(
            "user",
            name,
            user["Arn"] if user else f"arn:aws:iam::{self.account() or '000000000000'}:user/{name}",
            (
                *self.policies("user", name),
                *(attached for group in names for attached in self.policies("group", group)),
            ),
            self._boundary(user, f"user {name}"),
            keys=tuple(Key(each["AccessKeyId"], each["CreateDate"], each["Status"] == "Active") for each in keys or ()),
            groups=names,
        )

    def account(self) -> str | None:
        """Of whoever runs this; asking needs no right."""
        asked = partial(self.clients.once, "account", lambda: str(self.sts.get_caller_identity()["Account"]))
        return self.ask("your own account", "", asked)

    def policies(self, kind: Literal["role", "user", "group"], name: str) -> Iterator[Attached]:
        """Inline and managed ones of a role, user or group."""
        title, word, who = f"{kind} {name}", kind.title(), {f"{kind.title()}Name": name}
        inline = self.ask(
            f"the inline policies of {title}",
            f"iam:List{word}Policies",
            lambda: self.pages(self.iam, f"list_{kind}_policies", "PolicyNames", **who),
        )
        for policy in inline or ():
            get = getattr(self.iam, f"get_{kind}_policy")
            asked = partial(get, **who, PolicyName=policy)
            found = self.ask(f"inline policy {policy} of {title}", f"iam:Get{word}Policy", asked)
            if found is not None:
                yield Attached(policy, "inline", title, json.dumps(found["PolicyDocument"]))
        attached = self.ask(
            f"the managed policies of {title}",
            f"iam:ListAttached{word}Policies",
            lambda: self.pages(self.iam, f"list_attached_{kind}_policies", "AttachedPolicies", **who),
        )
        for each in attached or ():
            document = self._managed(each["PolicyArn"])
            if document is not None:
                yield Attached(each["PolicyName"], "managed", title, document, each["PolicyArn"])

    def _managed(self, arn: str) -> str | None:
        """The default version of a managed policy."""
        policy = self.ask(
            f"managed policy {arn}", "iam:GetPolicy", lambda: self.iam.get_policy(PolicyArn=arn)["Policy"]
        )
        if policy is None:
            return None
        version = policy["DefaultVersionId"]
        found = self.ask(
            f"managed policy {arn}",
            "iam:GetPolicyVersion",
            lambda: self.iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"],
        )
        return None if found is None else json.dumps(found)

    def _boundary(self, found: Any, title: str) -> Attached | None:
        arn = str(((found or {}).get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn") or "")
        document = self._managed(arn) if arn else None
        name = arn.rpartition("/")[2]
        return Attached(name, "managed", f"{title}, permissions boundary", document) if document else None

    def bucket_policy(self) -> str | None:
        """None where there is none, or it may not be read."""
        bucket = self.registered.bucket
        return self.ask(f"the policy of bucket {bucket}", "s3:GetBucketPolicy", self.asking_for_policy)

    def asking_for_policy(self) -> str:
        """Asks AWS for the bucket's policy."""
        bucket = self.registered.bucket
        ask = self.s3.get_bucket_policy
        return self.clients.once(("policy", bucket), lambda: str(ask(Bucket=bucket)["Policy"]))

    def _encryption_key(self) -> str | None:
        """The KMS key of the bucket's default encryption; AWS's own (aws/s3) is open to the whole account."""
        bucket = self.registered.bucket
        found = self.ask(
            f"the encryption of bucket {bucket}",
            "s3:GetEncryptionConfiguration",
            lambda: self.s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"],
        )
        applied = [rule.get("ApplyServerSideEncryptionByDefault") or {} for rule in found or ()]
        keys = [str(each.get("KMSMasterKeyID") or "") for each in applied if "kms" in str(each.get("SSEAlgorithm"))]
        return next((key for key in keys if key and not key.endswith("alias/aws/s3")), None)

    def _sharing(self, holder: Holder | None) -> tuple[str, ...]:
        """Other roles of the account that Lightly may assume with the same external ID."""
        mine = _ids(holder.trust) if holder and holder.trust else frozenset()
        if holder is None or not mine:
            return ()
        roles = self.ask("the other roles", "iam:ListRoles", lambda: self.pages(self.iam, "list_roles", "Roles"))
        return tuple(
            f"role {each['RoleName']}"
            for each in roles or ()
            if each["Arn"] != holder.arn and mine & _ids(json.dumps(each["AssumeRolePolicyDocument"]))
        )


def _ids(trust: str) -> frozenset[str]:
    try:
        return frozenset(
            external_id for external_id in external_ids(Document.parse("trust", trust)) if "*" not in external_id
        )
    except MalformedDocumentError:
        return frozenset()
