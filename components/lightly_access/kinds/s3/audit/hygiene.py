"""How a credential is kept: whose it is, how old, by what it gets its rights; and who else the bucket lets in.

Rules: CIS AWS 2.12 (keys at most 90 days) and 2.13 (no policy on users), https://github.com/prowler-cloud/prowler .
"""

from collections.abc import Iterator
from datetime import datetime

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT

from lightly_access.audit.finding import Finding, Severity
from lightly_access.audit.registered import Registered
from lightly_access.kinds.s3.audit.external_id import account_of
from lightly_access.kinds.s3.audit.facts import AwsFacts, Holder
from lightly_access.kinds.s3.audit.grant import GrantDocuments

OLDEST_DAYS = 90
_CIS = "https://github.com/prowler-cloud/prowler/blob/master/prowler/compliance/aws/cis_7.0_aws.json"
_PUBLIC = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"


def keeping_findings(registered: Registered, facts: AwsFacts, now: datetime) -> Iterator[Finding]:
    """Of a user: its keys, and the policies on itself."""
    holder = facts.holder
    if holder is None or holder.kind != "user":
        return
    yield from _keys(holder, registered.values.get("accessKeyId", ""), now)
    direct = [policy.name for policy in holder.policies if policy.holder == holder.title]
    if direct:
        yield Finding(
            Severity.MEDIUM,
            "policy-on-user",
            f"{', '.join(direct)} directly on the user",
            holder.title,
            "rights of single users are overlooked when somebody reviews groups and roles (CIS AWS 2.13)",
            "put the user into a group that has the policy, or let Lightly assume a role",
            source=_CIS,
        )


def _keys(holder: Holder, registered: str, now: datetime) -> Iterator[Finding]:
    mine = next((key for key in holder.keys if key.id == registered), None)
    where = f"{holder.title}, key {registered}"
    if mine and not mine.active:
        why, fix = "Lightly is refused", "register an active key"
        yield Finding(Severity.HIGH, "key-inactive", "the key that Lightly has is inactive", where, why, fix)
    if mine and (now - mine.created).days > OLDEST_DAYS:
        yield Finding(
            Severity.MEDIUM,
            "key-old",
            f"the key is {(now - mine.created).days} days old, expected at most {OLDEST_DAYS}",
            where,
            "whoever copied it at any time since then still gets in (CIS AWS 2.12)",
            "let the deployment make and replace it (access: user), or let Lightly assume a role",
            source=_CIS,
        )
    others = [key.id for key in holder.keys if key.active and key.id != registered]
    if mine and others:
        what = f"the user has another active key, {', '.join(others)}"
        fix = f"aws iam delete-access-key --user-name {holder.name} --access-key-id {others[0]}, if nobody uses it"
        yield Finding(Severity.MEDIUM, "key-second", what, holder.title, "a second credential that nobody watches", fix)


def settings_findings(registered: Registered, facts: AwsFacts) -> Iterator[Finding]:
    """Of the bucket: where it is, the key that it encrypts with, and whether anything in it can be public."""
    region = registered.values.get("region")
    if facts.region and facts.region != region:
        yield Finding(
            Severity.HIGH,
            "wrong-region",
            f"it is in {facts.region}, and {f'{region} is' if region else 'no region is'} registered",
            f"bucket {registered.bucket}",
            "what is signed for another region S3 refuses or redirects, and not every client follows",
            f"set the store's `region: {facts.region}`, or `s3Region` of the datasource",
            source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html",
        )
    where, key, named = f"bucket {registered.bucket}", facts.encryption_key, registered.values.get("kmsKeyArn")
    if key and key != named:
        what = f"it encrypts with {key}, and " + (f"{named} is registered" if named else "no key is registered")
        arn = key if key.startswith("arn:") and ":key/" in key else None
        fix = f"set the store's `kms_key: {arn}`" if arn else "set the store's `kms_key` to the ARN of that key"
        yield Finding(
            Severity.HIGH,
            "kms-not-registered",
            what,
            where,
            "who may not use that key reads nothing that was put there since, whatever S3's policies allow",
            fix if arn else f"{fix}: aws kms describe-key --key-id {key} --query KeyMetadata.Arn",
            source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
        )
    if facts.public_access_blocked is False:
        yield Finding(
            Severity.LOW,
            "public-possible",
            "public access is not blocked, by the bucket or by its account",
            where,
            "one policy or access list too many makes it public",
            f"aws s3api put-public-access-block --bucket {registered.bucket} --public-access-block-configuration "
            "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
            source=_PUBLIC,
        )


def bucket_findings(grant: GrantDocuments) -> Iterator[Finding]:
    """Allows of the bucket's policy that let in everyone or Lightly's own account."""
    for statement in grant.bucket_policy.statements if grant.bucket_policy else ():
        if not statement.allows:
            continue
        named = (statement.principals or {}).get("AWS", ())
        where = f"bucket {grant.registered.bucket}, bucket policy, statement {statement.name.rpartition('/')[2]}"
        if "*" in named or statement.not_principals is not None:
            bound = bool(statement.conditions)
            yield Finding(
                Severity.MEDIUM if bound else Severity.CRITICAL,
                "public-bucket",
                f"it lets in everyone{', under a condition' if bound else ''}",
                where,
                "no key and no role is needed: what it allows, everybody may",
                "remove it, and block public access of the bucket",
                source=_PUBLIC,
            )
        elif any(account_of(each) == LIGHTLY_AWS_ACCOUNT for each in named):
            yield Finding(
                Severity.HIGH,
                "bucket-names-lightly",
                "it lets Lightly's account in directly, without an external ID",
                where,
                "every customer of Lightly could name this bucket; nothing ties the request to you",
                "remove it: Lightly gets in by the role",
            )
