"""Refusals of AWS to whoever deploys: they stand in the output of a deployment, where no code of ours stands between.

Words: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, the errors that each action of
https://docs.aws.amazon.com/IAM/latest/APIReference and https://docs.aws.amazon.com/kms/latest/APIReference names, and
for what shall be made or removed https://github.com/hashicorp/terraform-provider-aws/issues/19043.
"""

from lightly_access.kinds.cause import Sign
from lightly_access.kinds.s3 import refusals_login

_LIGHTLYS = (
    r"s3:(?:ListBucket|GetObject|PutObject|DeleteObject|AbortMultipartUpload|ListMultipartUploadParts|"
    r"ListBucketMultipartUploads)\b|kms:(?:Decrypt|Encrypt|GenerateDataKey)\b|sts:AssumeRole\b"
)
"""What Lightly itself does: a refusal of anything else is one of whoever deploys."""
_THEIRS = rf"not authorized to perform: (?!{_LIGHTLYS})(?P<asked>(?:iam|s3|kms|sts|account|organizations):\w+)"

DEPLOYING = (
    *refusals_login.SIGNS,
    Sign(
        "s3-public-access-block",
        "BlockPublicPolicy|BlockPublicAcls|public policies are (?:blocked|prevented)",
        "the public access block of the account or the bucket refuses a policy, or a list, that it takes for public",
        "look at the policies of the bucket that are not ours: ours name one account",
        False,
    ),
    Sign(
        "s3-deployer-denied",
        rf"{_THEIRS}.*with an explicit deny in an? (?P<policy>[\w -]+?)(?:[^\w -]|$)",
        "a {policy} denies {asked} to whoever deploys, and a deny wins over every allow",
        "whoever manages that {policy} must except the deployment's role, or deploy from another account; "
        "`lightly-access deployer-policy` prints all that is needed",
        False,
    ),
    Sign(
        "s3-deployer-bounded",
        rf"{_THEIRS}.*because no (?P<policy>permissions boundary|session policy|service control policy|"
        r"resource control policy|VPC endpoint policy|resource-based policy) allows",
        "the {policy} of whoever deploys does not allow {asked}",
        "allow it there; `lightly-access deployer-policy` prints all that is needed",
        False,
    ),
    Sign(
        "s3-deployer-lacks-right",
        _THEIRS,
        "whoever deploys lacks {asked}",
        "give the deployment's role the policy that `lightly-access deployer-policy` prints",
        False,
    ),
    Sign(
        "s3-bucket-exists",
        "BucketAlreadyOwnedByYou",
        "the bucket that shall be made exists already, and is yours",
        "set the store's `create: false` to use it as it is, or name another bucket; when a run that was killed made "
        "it, `lightly-access recover` takes it over",
        False,
    ),
    Sign(
        "s3-bucket-name-taken",
        "BucketAlreadyExists|bucket name is not available",
        "the bucket that shall be made has a name that another account has: names are unique among all accounts",
        "name another bucket in the store's `bucket`",
        False,
    ),
    Sign(
        "s3-identity-exists",
        r"EntityAlreadyExists|(?:Role|User|Group|Policy) with name \S+ already exists",
        "a role, user or policy of this name exists already: another stack made it, or a run that was killed",
        "`lightly-access recover --yes` takes over what is this stack's, then run `pulumi up` again",
        False,
    ),
    Sign(
        "s3-quota",
        r"LimitExceeded|TooManyBuckets|Cannot exceed quota|quota for",
        "a quota of the AWS account is used up",
        "raise it (Service Quotas in the AWS console), or spread the datasets over several accounts: `accounts`",
        False,
    ),
    Sign(
        "s3-bucket-not-empty",
        "BucketNotEmpty",
        "the bucket that shall go holds objects, or old versions and delete markers of some",
        "move them away, or let them go with it: `force_destroy: true` for the store, `pulumi up`, and then again",
        False,
    ),
    Sign(
        "s3-bucket-busy",
        "OperationAborted|conflicting conditional operation",
        "somebody else is changing that bucket, or one of its name was removed moments ago",
        "run `pulumi up` again; after a removal the name is free some minutes, or hours, later",
        True,
    ),
    Sign(
        "s3-bucket-name",
        "InvalidBucketName|Invalid bucket name",
        "the bucket's name breaks a rule of S3",
        "correct the store's `bucket`: 3 to 63 small letters, digits and hyphens "
        "(https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)",
        False,
    ),
    Sign(
        "s3-bucket-region",
        r"Illegal ?LocationConstraint\w*:? .*endpoint|location[- ]constraint (?:is|that)|InvalidLocationConstraint",
        "the bucket shall be made in another region than the one that was asked, or in one that there is not",
        "set the store's `region`, and `aws:region`, to the region where the bucket shall be; one that is opt-in "
        "must be "
        "enabled for the account",
        False,
    ),
    Sign(
        "s3-versioning-and-object-lock",
        "InvalidBucketState",
        "Object Lock and versioning of the bucket do not go together with what shall be set: with Object Lock it keeps "
        "versions for ever",
        "leave `versioning` on for that bucket, or use one without Object Lock",
        False,
    ),
    Sign(
        "s3-lifecycle",
        r"PutBucketLifecycle\w*.*(?:InvalidArgument|InvalidRequest|MalformedXML)|NoSuchLifecycleConfiguration",
        "the rules of the bucket's lifecycle do not go together, or somebody removed them",
        "look at the rules that are not ours (`aws s3api get-bucket-lifecycle-configuration`), then run "
        "`pulumi up --refresh`",
        False,
    ),
    Sign(
        "s3-tag",
        r"InvalidTag\b|Tag(?:Key|Value) you have provided is invalid|TagException|at 'tags\.",
        "a tag has a sign that AWS does not take, begins with `aws:`, or is too long",
        "correct `tags`: letters, digits, spaces and _ . : / = + - @, 128 for a key and 256 for a value",
        False,
    ),
    Sign(
        "s3-identity-in-use",
        "DeleteConflict",
        "a role, user or policy that shall go holds something that somebody else gave it",
        "take off what is not ours (`aws iam list-attached-role-policies`, `list-access-keys`), then run it again",
        False,
    ),
    Sign(
        "s3-identity-changed-meanwhile",
        "ConcurrentModification|EntityTemporarilyUnmodifiable",
        "somebody else changes the same role or user at this moment",
        "run `pulumi up` again",
        True,
    ),
    Sign(
        "s3-role-of-aws",
        "UnmodifiableEntity|protected role",
        "AWS itself, or the organisation's single sign-on, keeps that role: nobody else may change it",
        "let another role be made: give the store or the dataset another key in the manifest",
        False,
    ),
    Sign(
        "s3-identity-gone",
        r"(?:role|user|group|policy) with name \S+ cannot be found",
        "somebody removed a role, user or policy of ours behind our back",
        "run `pulumi up --refresh`: it makes it anew",
        False,
    ),
    Sign(
        "s3-kms-key-policy-locks-out",
        "will not allow you to update the key policy",
        "the key's policy would lock out everybody, whoever deploys included",
        "let the account's root into the policy, or deploy as somebody whom it names",
        False,
    ),
    Sign(
        "s3-policy-refused",
        "MalformedPolicyDocument|MalformedPolicy|Invalid principal in policy",
        "AWS does not take a policy: it names somebody who does not exist (any more), or breaks a rule of AWS",
        "look for the role, user or account that the policy names; a new role takes seconds: run `pulumi up` again",
        False,
    ),
)
