"""How access to S3 ends: keys of users, and roles.

A key is switched off and removed by IAM alone; whether it works is asked of STS with GetCallerIdentity, which no policy
can refuse (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html). A role has no secret: it
loses its rights with its inline policies, also for the sessions that run
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html).
"""

from typing import Any

from lightly_core.capability import Purpose

from lightly_access.doctor.finding import NotReachedError
from lightly_access.doctor.stack import ClosedSecretError
from lightly_access.kinds.ending import Beside, CannotEndError, Ending, Issued, Login, Query, Resource, Seen
from lightly_access.kinds.s3.arn import account_of
from lightly_access.kinds.s3.client import aws_client
from lightly_access.kinds.s3.session import RefusedError, call, logged_in

_KEY, _ROLE, _USER = "aws:iam/accessKey:AccessKey", "aws:iam/role:Role", "aws:iam/user:User"
_DEAD = frozenset({"InvalidClientTokenId", "InvalidAccessKeyId"})
"""https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html"""


class S3Ending(Ending):
    """Access keys of our users, our roles, and keys and roles of others."""

    types = frozenset({_KEY, _ROLE})

    def issued(self, resource: Resource, registered: Resource, purpose: Purpose, beside: Beside) -> Issued:
        outputs = resource.get("outputs") or {}
        region, path = str(registered.get("region", "")), str(registered.get("path", ""))
        created = outputs.get("createDate")
        if resource["type"] == _ROLE:
            name = str(outputs.get("name", resource["id"]))
            arn = str(outputs.get("arn", name))
            facts = {"role": name, "region": region, "account": account_of(arn)}
            return Issued("s3", "delegated", purpose, "role", arn, path, created, facts)
        user = str(outputs.get("user", ""))
        holder = (beside.get((_USER, user), {}).get("outputs") or {}).get("arn")
        facts = {"user": user, "region": region, "account": account_of(str(holder))}
        secret, id_ = outputs.get("secret"), str(resource["id"])
        return Issued("s3", "user", purpose, "access key", id_, path, created, facts, secret)

    def external(self, registered: Resource, purpose: Purpose) -> Issued | None:
        path, facts = str(registered.get("path", "")), {"region": str(registered.get("region", ""))}
        if registered.get("access") == "delegated":
            arn = str(registered.get("roleArn", ""))
            return Issued("s3", "delegated", purpose, "role", arn, path, facts=facts, ours=False)
        key, secret = str(registered.get("accessKeyId", "")), registered.get("secretAccessKey")
        return Issued("s3", "user", purpose, "access key", key, path, None, facts, secret, ours=False)

    def switch_off(self, issued: Issued, login: Login) -> str:
        """A key becomes inactive, which `aws iam update-access-key` takes back; a role loses its policies."""
        if not issued.ours:
            return super().switch_off(issued, login)
        if issued.access == "delegated":
            return self._stripped(issued, login)
        user, key = issued.facts["user"], issued.identity
        done = _iam(issued, login, "update_access_key", UserName=user, AccessKeyId=key, Status="Inactive")
        return f"{issued} of user {user} is inactive" if done is not None else f"{issued} of user {user} is gone"

    def remove(self, issued: Issued, login: Login) -> str:
        """The key goes for good."""
        if issued.access == "delegated" or not issued.ours:
            return self.switch_off(issued, login)
        user = issued.facts["user"]
        _iam(issued, login, "delete_access_key", UserName=user, AccessKeyId=issued.identity)
        return f"{issued} of user {user} is removed"

    def _stripped(self, issued: Issued, login: Login) -> str:
        role = issued.facts["role"]
        listed = _iam(issued, login, "list_role_policies", RoleName=role) or {}
        for name in listed.get("PolicyNames", ()):
            _iam(issued, login, "delete_role_policy", RoleName=role, PolicyName=name)
        return f"{issued} has no rights any more"

    def others(self, issued: Issued, login: Login) -> tuple[Issued, ...]:
        if issued.access == "delegated" or not issued.ours:
            return ()
        found = _iam(issued, login, "list_access_keys", UserName=issued.facts["user"]) or {}
        return tuple(
            Issued(
                "s3",
                "user",
                issued.purpose,
                issued.word,
                str(each["AccessKeyId"]),
                issued.path,
                each["CreateDate"].isoformat(),
                issued.facts,
                known=False,
            )
            for each in found.get("AccessKeyMetadata", ())
            if each["AccessKeyId"] != issued.identity
        )

    def tried(self, issued: Issued) -> Seen | None:
        if issued.access == "delegated" or issued.secret is None:
            return None
        return _used(issued)

    def asked(self, issued: Issued, login: Login) -> Seen | None:
        if not issued.ours:
            return None
        if issued.access == "delegated":
            role = issued.facts["role"]
            if _iam(issued, login, "get_role", RoleName=role) is None:
                return Seen(False, "cloud", f"iam:GetRole: there is no role {role}")
            listed = _iam(issued, login, "list_role_policies", RoleName=role) or {}
            attached = _iam(issued, login, "list_attached_role_policies", RoleName=role) or {}
            if not listed.get("PolicyNames") and not attached.get("AttachedPolicies"):
                return Seen(False, "cloud", f"iam:ListRolePolicies: role {role} has no policy")
            return Seen(True, "cloud", f"iam:GetRole: role {role} is there, with rights")
        user = issued.facts["user"]
        found = _iam(issued, login, "list_access_keys", UserName=user)
        if found is None:
            return Seen(False, "cloud", f"iam:ListAccessKeys: there is no user {user}")
        keys = {str(each["AccessKeyId"]): str(each["Status"]) for each in found["AccessKeyMetadata"]}
        status = keys.get(issued.identity, "absent")
        return Seen(status == "Active", "cloud", f"iam:ListAccessKeys: {status}")

    def queries(self, issued: Issued) -> tuple[Query, ...]:
        """CloudTrail has the calls of a key by its id; reading and writing objects only where data events are on."""
        since = issued.created or "1970-01-01T00:00:00Z"
        if issued.access == "delegated":
            lookup, field = f"AttributeKey=ResourceName,AttributeValue={issued.identity}", "userIdentity.sessionContext"
            lake, athena = f"{field}.sessionIssuer.arn", "useridentity.sessioncontext.sessionissuer.arn"
        else:
            lookup = f"AttributeKey=AccessKeyId,AttributeValue={issued.identity}"
            lake, athena = "userIdentity.accessKeyId", "useridentity.accesskeyid"
        return (
            Query(
                "CloudTrail, the last 90 days, calls on objects are not in it",
                f"aws cloudtrail lookup-events --lookup-attributes {lookup} --start-time {since}"
                f" --region {issued.facts.get('region') or '<region>'}",
            ),
            Query(
                "CloudTrail Lake, with S3 data events also calls on objects",
                "SELECT eventTime, eventName, sourceIPAddress, userAgent, requestParameters, errorCode "  # noqa: S608
                f"FROM <event data store> WHERE {lake} = '{issued.identity}' AND eventTime >= '{_sql(since)}' "
                "ORDER BY eventTime",
            ),
            Query(
                "Athena on a trail, with S3 data events also calls on objects",
                "SELECT eventtime, eventname, sourceipaddress, useragent, requestparameters, errorcode "  # noqa: S608
                f"FROM cloudtrail_logs WHERE {athena} = '{issued.identity}' AND eventtime >= '{since}' "
                "ORDER BY eventtime",
            ),
        )


def _sql(moment: str) -> str:
    return moment.replace("T", " ").removesuffix("Z")


def _used(issued: Issued) -> Seen:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    assert issued.secret is not None
    session: Any = boto3.Session(issued.identity, issued.secret.reveal())
    region = issued.facts.get("region") or "us-east-1"
    try:
        aws_client(session, "sts", region, connect=5, read=10, attempts=2).get_caller_identity()
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "refused"))
        return Seen(False if code in _DEAD else None, "tried", f"sts:GetCallerIdentity with it: {code}")
    except (BotoCoreError, ValueError) as error:
        return Seen(None, "tried", f"AWS was not reached ({type(error).__name__})")
    return Seen(True, "tried", "sts:GetCallerIdentity with it works")


def _iam(issued: Issued, login: Login, operation: str, **values: Any) -> dict[str, Any] | None:
    """One call as whoever deploys; None for what is not there. Raises CannotEndError: also for the login of another
    account, which has no such role or user, or one of the same name that is not meant."""
    try:
        session = logged_in(login.stack, login.owner, [])
        here = str(call(session, "sts", "get_caller_identity", [])["Account"])
        if here != issued.facts["account"]:
            where = f"of account {issued.facts['account']}" if issued.facts["account"] else "of an unknown account"
            raise CannotEndError(
                f"it is {where}, and this login of account {here}", "log in to the account that has it"
            )
        return call(session, "iam", operation, [], **values)
    except RefusedError as refused:
        if "NoSuchEntity" in refused.said:
            return None
        raise CannotEndError(refused.said, refused.fix) from None
    except ClosedSecretError as closed:
        raise CannotEndError(str(closed), "it is needed to log in: set it, or log in where it is") from None
    except NotReachedError as error:
        raise CannotEndError(str(error), "is there a network, and a proxy that must be named?") from None
