"""What there is in AWS now of an access that we made: Get and List calls alone."""

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from lightly_access.kinds.s3.audit.facts import Attached, Key
from lightly_access.kinds.s3.audit.reading import AwsReading
from lightly_access.kinds.s3.drift.facts import AccessFacts

if TYPE_CHECKING:
    from lightly_access.audit.registered import Registered
    from lightly_access.kinds.s3.clients import AwsClients

T = TypeVar("T")


class AccessReading:
    """The calls about one access. No method raises for what AWS refuses."""

    def __init__(self, clients: "AwsClients", registered: "Registered") -> None:
        self._aws = AwsReading(clients, registered)
        self._gone: set[str] = set()

    @property
    def account(self) -> str | None:
        """Of whoever asks: a role of this name in another account is not ours."""
        return self._aws.account()

    def nothing(self) -> AccessFacts:
        """When nothing could be read."""
        return AccessFacts(unreadable=tuple(self._aws.unreadable))

    def of_role(self, name: str) -> AccessFacts:
        """A role, and the bucket."""
        iam = self._aws.iam
        role = self._there("role", f"role {name}", "iam:GetRole", lambda: iam.get_role(RoleName=name)["Role"])
        if "role" in self._gone:
            return self._facts()
        trust = json.dumps(role["AssumeRolePolicyDocument"]) if role else None
        policies = self._policies(("role", name))
        return self._facts(trust=trust, boundary=_boundary(role), policies=policies)

    def of_user(self, name: str, group: str) -> AccessFacts:
        """A user with its keys, its group, and the bucket."""
        iam, aws = self._aws.iam, self._aws
        user = self._there("user", f"user {name}", "iam:GetUser", lambda: iam.get_user(UserName=name)["User"])
        members = self._members(group) if group else None
        holders = [("user", name), *([("group", group)] if group else [])]
        policies = self._policies(*(each for each in holders if each[0] not in self._gone))
        if "user" in self._gone:
            return self._facts(members=members, policies=policies)
        keys = aws.ask(
            f"the keys of user {name}",
            "iam:ListAccessKeys",
            lambda: aws.pages(iam, "list_access_keys", "AccessKeyMetadata", UserName=name),
        )
        groups = aws.ask(
            f"the groups of user {name}",
            "iam:ListGroupsForUser",
            lambda: aws.pages(iam, "list_groups_for_user", "Groups", UserName=name),
        )
        password = self._there(
            "password",
            f"the password of user {name}",
            "iam:GetLoginProfile",
            lambda: iam.get_login_profile(UserName=name),
        )
        return self._facts(
            boundary=_boundary(user),
            policies=policies,
            keys=None if keys is None else tuple(_key(each) for each in keys),
            groups=None if groups is None else tuple(str(each["GroupName"]) for each in groups),
            members=members,
            login_profile=password is not None if password or "password" in self._gone else None,
        )

    def _members(self, group: str) -> tuple[str, ...] | None:
        """The users in it."""
        aws = self._aws
        pages = partial(aws.pages, aws.iam, "get_group", "Users", GroupName=group)
        found = self._there("group", f"group {group}", "iam:GetGroup", pages)
        return None if found is None else tuple(str(each["UserName"]) for each in found)

    def _facts(self, **known: Any) -> AccessFacts:
        aws, bucket = self._aws, self._aws.registered.bucket
        unread = len(aws.unreadable)
        policy = self._there("bucket", f"the policy of bucket {bucket}", "s3:GetBucketPolicy", aws.asking_for_policy)
        if policy is None and len(aws.unreadable) == unread and not aws.locked_out:
            policy = ""
        blocked = None if "bucket" in self._gone else aws.public_access.blocked()
        return AccessFacts(
            gone=frozenset(self._gone),
            bucket_policy=policy,
            public_access_blocked=blocked,
            unreadable=tuple(aws.unreadable),
            **known,
        )

    def _there(self, word: str, what: str, needs: str, call: Callable[[], T]) -> T | None:
        """The answer; that it is not there is a fact, and nothing that could not be read."""
        aws, unread = self._aws, len(self._aws.unreadable)
        found = aws.ask(what, needs, call)
        if found is None and len(aws.unreadable) > unread and not aws.unreadable[-1].needs:
            aws.unreadable.pop()
            self._gone.add(word)
        return found

    def _policies(self, *holders: Any) -> tuple[Attached, ...] | None:
        unread = len(self._aws.unreadable)
        found = tuple(each for kind, name in holders for each in self._aws.policies(kind, name))
        return found if len(self._aws.unreadable) == unread and not self._aws.locked_out else None


def _boundary(found: Any) -> str | None:
    if found is None:
        return None
    return str((found.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn") or "")


def _key(found: Any) -> Key:
    return Key(found["AccessKeyId"], found["CreateDate"], found["Status"] == "Active")
