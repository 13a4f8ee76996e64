"""Refusals of AWS to whoever deploys: they stand in the output of a deployment, where no code of ours stands between.

Words: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
"""

from lightly_access.kinds.cause import Sign

_LIGHTLYS = (
    r"s3:(?:ListBucket|GetObject|PutObject|DeleteObject|AbortMultipartUpload|ListMultipartUploadParts|"
    r"ListBucketMultipartUploads)\b|kms:(?:Decrypt|Encrypt|GenerateDataKey)\b|sts:AssumeRole\b"
)
"""What Lightly itself does: a refusal of anything else is one of whoever deploys."""
_THEIRS = rf"not authorized to perform: (?!{_LIGHTLYS})(?P<asked>(?:iam|s3|kms|sts|account|organizations):\w+)"

DEPLOYING = (
    Sign(
        rf"{_THEIRS}.*with an explicit deny in an? (?P<policy>[\w -]+?)(?:[^\w -]|$)",
        "a {policy} denies {asked} to whoever deploys, and a deny wins over every allow",
        "whoever manages that {policy} must except the deployment's role, or deploy from another account; "
        "`lightly-access deployer-policy` prints all that is needed",
        False,
    ),
    Sign(
        rf"{_THEIRS}.*because no (?P<policy>permissions boundary|session policy|service control policy|"
        r"resource control policy|VPC endpoint policy|resource-based policy) allows",
        "the {policy} of whoever deploys does not allow {asked}",
        "allow it there; `lightly-access deployer-policy` prints all that is needed",
        False,
    ),
    Sign(
        _THEIRS,
        "whoever deploys lacks {asked}",
        "give the deployment's role the policy that `lightly-access deployer-policy` prints",
        False,
    ),
    Sign(
        "BucketAlreadyOwnedByYou",
        "the bucket that shall be made exists already, and is yours",
        "set the store's `create: false` to use it as it is, or name another bucket",
        False,
    ),
    Sign(
        "BucketAlreadyExists|bucket name is not available",
        "the bucket that shall be made has a name that another account has: names are unique among all accounts",
        "name another bucket in the store's `bucket`",
        False,
    ),
    Sign(
        r"EntityAlreadyExists|(?:Role|User|Group|Policy) with name \S+ already exists",
        "a role, user or policy of this name exists already: another stack made it, or a run that was killed",
        "import it (`pulumi import`), or remove it, then run `pulumi up` again",
        False,
    ),
    Sign(
        r"LimitExceeded|TooManyBuckets|Cannot exceed quota|quota for",
        "a quota of the AWS account is used up",
        "raise it (Service Quotas in the AWS console), or spread the datasets over several accounts: `accounts`",
        False,
    ),
    Sign(
        "MalformedPolicyDocument|MalformedPolicy|Invalid principal in policy",
        "AWS does not take a policy: it names somebody who does not exist (any more), or breaks a rule of AWS",
        "look for the role, user or account that the policy names; a new role takes seconds: run `pulumi up` again",
        False,
    ),
    Sign(
        "BlockPublicPolicy|public policies are blocked",
        "the account's public access block refuses a policy that it takes for public",
        "look at the policies of the bucket that are not ours: ours name one account",
        False,
    ),
    Sign(
        r"No valid credential sources|NoCredentialProviders|Unable to locate credentials|"
        r"failed to refresh cached credentials|no EC2 IMDS role found",
        "whoever deploys has no credentials of AWS",
        "log in (`aws sso login`), or give AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        False,
    ),
)
