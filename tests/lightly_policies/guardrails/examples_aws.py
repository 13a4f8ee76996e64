"""What keeps and what breaks each rule about AWS."""

import json
from typing import Any

from lightly_policies.guardrails.view import Resource, Stack

from tests.lightly_policies.guardrails.given import (
    LIGHTLY,
    STRONG_ID,
    grant,
    of_ours,
    resource,
    role,
    role_policy,
    stack,
    trust,
)

Examples = dict[str, tuple[list[Resource | Stack], list[tuple[Resource | Stack, list[str]]]]]
"""Rule -> what keeps it, and what breaks it with what is then said."""

OTHER = "arn:aws:iam::916419735647:root"
OTHERS_ROLE = role("reports", trust("arn:aws:iam::111122223333:root", id_=None), maxSessionDuration=3600.0)
WORKER = role("lightly-worker", trust("arn:aws:iam::111122223333:root", id_=None))
USER = resource("aws:iam/user:User", "lightly-user", name="lightly-user")
INPUT = role("barn-input")
BOTH = role("barn")


def source(of: Resource, purpose: str) -> Resource:
    name = f"herd-{purpose.lower()}"
    return resource("lightly:index:Datasource", name, {"roleArn": of}, purpose=purpose, roleArn="arn")


def bucket(**properties: Any) -> Resource:
    return resource("aws:s3/bucket:Bucket", "lake", **{"bucket": "acme-lake", **properties})


def of_lake(kind: str, **properties: Any) -> Resource:
    return resource(f"aws:s3/{kind[0].lower() + kind[1:]}:{kind}", kind.lower(), bucket="acme-lake", **properties)


def bucket_policy(effect: str, **more: Any) -> Resource:
    everything = ["arn:aws:s3:::acme-lake", "arn:aws:s3:::acme-lake/*"]
    statement = {"Effect": effect, "Principal": "*", "Action": "s3:*", "Resource": everything, **more}
    return of_lake("BucketPolicy", policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


NO_TLS: dict[str, Any] = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
BLOCK = dict.fromkeys(FLAGS, True)
ENCRYPTED = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}

TRUST: Examples = {
    "trust-exact-account": (
        [role(), OTHERS_ROLE, WORKER],
        [
            (role(document=trust("*")), ["Lightly: everyone on AWS may assume it"]),
            (role("plain", trust({"AWS": "*"}["AWS"], id_=None)), ["Lightly: everyone on AWS may assume it"]),
            (role(document=trust(OTHER)), [f"it trusts {OTHER}, expected Lightly's account 916419735646 alone"]),
            (
                role(document=trust([LIGHTLY, OTHER])),
                [f"it trusts {OTHER}, expected Lightly's account 916419735646 alone"],
            ),
            (
                role(document=trust("arn:aws:iam::916419735646:user/someone")),
                [
                    "it trusts arn:aws:iam::916419735646:user/someone, "
                    "expected the root of Lightly's account 916419735646"
                ],
            ),
            (
                role(document=trust(Effect="Permit")),
                ["its trust policy names Lightly and is none that AWS would accept (statement Lightly)"],
            ),
        ],
    ),
    "trust-external-id": (
        [role(), OTHERS_ROLE],
        [
            (
                role(document=trust(id_=None)),
                ["Lightly: Lightly's account may assume it, not bound to one external ID"],
            ),
            (
                role(document=trust(operator="StringEqualsIfExists")),
                [
                    "Lightly: Lightly's account may assume it, not bound to one external ID",
                    "it lets in: Lightly assumes the role without external ID",
                ],
            ),
            (
                role(document=trust(id_=[STRONG_ID, STRONG_ID[::-1]])),
                ["Lightly: Lightly's account may assume it, not bound to one external ID"],
            ),
            (
                role(document=trust(operator="ForAllValues:StringEquals")),
                [
                    "Lightly: Lightly's account may assume it, not bound to one external ID",
                    "it lets in: Lightly assumes the role without external ID",
                ],
            ),
            (
                role(document=trust(operator="StringEqualsIgnoreCase")),
                [
                    "Lightly: Lightly's account may assume it, not bound to one external ID",
                    "it lets in: Lightly assumes the role with the external ID in other case",
                ],
            ),
        ],
    ),
    "trust-assume-role-only": (
        [role(), OTHERS_ROLE],
        [
            (
                role(document=trust(Action=["sts:AssumeRole", "sts:TagSession"])),
                ["Lightly: it allows sts:TagSession"],
            ),
            (role(document=trust(Action="sts:*")), ["Lightly: it allows sts:*"]),
        ],
    ),
    "trust-session-length": (
        [role(), OTHERS_ROLE],
        [
            (role(maxSessionDuration=3600.0), ["maxSessionDuration is 3600, expected 43200 seconds"]),
            (role(maxSessionDuration=None), ["maxSessionDuration is the default of 3600, expected 43200 seconds"]),
        ],
    ),
    "external-id-strong": (
        [role()],
        [
            (
                role(document=trust(id_="acme-corp-1")),
                ["its external ID has 11 characters, 9 of them different: it can be guessed"],
            ),
            (
                role(document=trust(id_="ab" * 20)),
                ["its external ID has 40 characters, 2 of them different: it can be guessed"],
            ),
        ],
    ),
    "external-id-shared": (
        [stack(role("a"), role("b", trust(id_=STRONG_ID[::-1])), OTHERS_ROLE)],
        [(stack(role("a"), role("b")), ["it has the same external ID as the role a"])],
    ),
}

GRANTS: Examples = {
    "policy-readable": (
        [role(), role_policy(role(), grant("s3:GetObject"))],
        [
            (role_policy(role(), "{"), ["policy is no policy that AWS would accept (as a whole)"]),
            (
                role(document=trust(Resource="*")),
                ["assumeRolePolicy is no policy that AWS would accept (statement Lightly)"],
            ),
        ],
    ),
    "no-policy-on-users": (
        [
            resource("aws:iam/policyAttachment:PolicyAttachment", "it", roles=["r"]),
            resource("aws:iam/userPoliciesExclusive:UserPoliciesExclusive", "it", policyNames=[]),
        ],
        [
            (
                resource("aws:iam/userPolicy:UserPolicy", "it", user="u", policy="{}"),
                ["it gives a policy to a user directly"],
            ),
            (
                resource("aws:iam/userPolicyAttachment:UserPolicyAttachment", "it"),
                ["it gives a policy to a user directly"],
            ),
            (
                resource("aws:iam/policyAttachment:PolicyAttachment", "it", users=["u"]),
                ["it attaches a policy to users directly"],
            ),
        ],
    ),
    "no-wildcard-grant": (
        [
            stack(role(), role_policy(role(), grant("s3:GetObject"))),
            stack(OTHERS_ROLE, role_policy(OTHERS_ROLE, grant("*", on="*"))),
        ],
        [
            (stack(role(), role_policy(role(), grant("s3:*"))), ["Grant: it allows Lightly s3:*"]),
            (stack(role(), role_policy(role(), grant("s3:Get*"))), ["Grant: it allows Lightly s3:Get*"]),
            (stack(role(), role_policy(role(), grant("s3:GetObject", on="*"))), ["Grant: it allows Lightly *"]),
            (
                stack(role(), role_policy(role(), grant("s3:GetObject", on="arn:aws:s3:::acme-*/herd/*"))),
                ["Grant: it allows Lightly arn:aws:s3:::acme-*/herd/*"],
            ),
            (
                stack(
                    role("plain"),
                    resource(
                        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                        "it",
                        role="plain",
                        policyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess",
                    ),
                ),
                ["it gives Lightly AmazonS3FullAccess, a policy of AWS that names no bucket"],
            ),
            (
                stack(role(managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"])),
                ["it gives Lightly AdministratorAccess, a policy of AWS that names no bucket"],
            ),
            (
                stack(
                    USER,
                    group := resource("aws:iam/group:Group", "readers", name="readers"),
                    resource(
                        "aws:iam/userGroupMembership:UserGroupMembership",
                        "member",
                        {"user": USER, "groups": group},
                        user="lightly-user",
                        groups=["readers"],
                    ),
                    resource("aws:iam/groupPolicy:GroupPolicy", "p", group="readers", policy=grant("s3:*")),
                ),
                ["Grant: it allows Lightly s3:*"],
            ),
        ],
    ),
    "input-never-writes": (
        [
            stack(INPUT, role_policy(INPUT, grant("s3:GetObject")), source(INPUT, "INPUT")),
            stack(BOTH, role_policy(BOTH, grant("s3:PutObject")), source(BOTH, "LIGHTLY")),
        ],
        [
            (
                stack(BOTH, role_policy(BOTH, grant("s3:GetObject", "s3:PutObject")), source(BOTH, "INPUT")),
                ["Grant: it allows INPUT s3:PutObject"],
            ),
            (
                stack(INPUT, role_policy(INPUT, grant("s3:DeleteObject"))),  # no Datasource: its name tells
                ["Grant: it allows INPUT s3:DeleteObject"],
            ),
            (
                stack(BOTH, source(BOTH, "INPUT"), source(BOTH, "LIGHTLY")),
                ["INPUT and LIGHTLY get in through it, so that INPUT can write"],
            ),
        ],
    ),
    "lightly-data-only": (
        [
            stack(BOTH, role_policy(BOTH, grant("s3:PutObject", "KMS:GenerateDataKey")), source(BOTH, "LIGHTLY")),
            stack(INPUT, role_policy(INPUT, grant("iam:PassRole")), source(INPUT, "INPUT")),  # input-never-writes
            stack(WORKER, role_policy(WORKER, grant("logs:PutLogEvents"))),
        ],
        [
            (
                stack(BOTH, role_policy(BOTH, grant("iam:PutRolePolicy", on="arn:aws:iam::123456789012:role/barn"))),
                ["Grant: it allows Lightly iam:PutRolePolicy"],
            ),
            (
                stack(BOTH, role_policy(BOTH, grant("s3:GetObject", "s3:PutBucketPolicy")), source(BOTH, "LIGHTLY")),
                ["Grant: it allows Lightly s3:PutBucketPolicy"],
            ),
        ],
    ),
}

BUCKETS: Examples = {
    "s3-block-public-access": (
        [stack(bucket(), of_lake("BucketPublicAccessBlock", **BLOCK))],
        [
            (stack(bucket()), ["it has no BucketPublicAccessBlock"]),
            (
                stack(bucket(), of_lake("BucketPublicAccessBlock", **{**BLOCK, "blockPublicPolicy": False})),
                ["bucketpublicaccessblock does not set blockPublicPolicy"],
            ),
        ],
    ),
    "s3-no-public-policy": (
        [stack(bucket()), stack(bucket(), bucket_policy("Deny", **NO_TLS))],
        [
            (
                stack(bucket(), bucket_policy("Allow", Action="s3:GetObject")),
                ["bucketpolicy lets everyone s3:GetObject"],
            ),
            (
                stack(bucket(), of_lake("BucketPolicy", policy="[]")),
                ["bucketpolicy is no policy that AWS would accept (as a whole)"],
            ),
        ],
    ),
    "s3-tls-only": (
        [stack(bucket(), bucket_policy("Deny", **NO_TLS))],
        [
            (stack(bucket()), ["s3:ListBucket works without TLS"]),
            (
                stack(bucket(), bucket_policy("Deny", Action="s3:PutObject", **NO_TLS)),
                ["s3:ListBucket works without TLS"],
            ),
            (
                stack(bucket(), bucket_policy("Deny", Resource="arn:aws:s3:::acme-lake", **NO_TLS)),
                ["s3:GetObject works without TLS"],
            ),
        ],
    ),
    "s3-encryption": (
        [stack(bucket(), of_lake("BucketServerSideEncryptionConfiguration", rules=[ENCRYPTED]))],
        [(stack(bucket()), ["it does not say how its objects are encrypted"])],
    ),
    "s3-ownership": (
        [stack(bucket(), of_lake("BucketOwnershipControls", rule={"objectOwnership": "BucketOwnerEnforced"}))],
        [
            (stack(bucket()), ["it has no BucketOwnershipControls"]),
            (
                stack(bucket(), of_lake("BucketOwnershipControls", rule={"objectOwnership": "ObjectWriter"})),
                ["bucketownershipcontrols sets ObjectWriter, expected BucketOwnerEnforced"],
            ),
        ],
    ),
    "s3-versioning": (
        [
            stack(bucket(), of_lake("BucketVersioning", versioningConfiguration={"status": "Enabled"})),
            stack(bucket(forceDestroy=True)),
            stack(of_ours(bucket(), "lightly-access:aws:S3Bucket")),
        ],
        [(stack(bucket()), ["what is overwritten or deleted in it is gone"])],
    ),
}

AWS: Examples = {**TRUST, **GRANTS, **BUCKETS}
