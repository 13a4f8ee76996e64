"""An ARN, read: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html. Pure."""


def account_of(arn: str) -> str:
    """The account of an ARN; empty where it has none, as that of a bucket, and for what is no ARN."""
    return arn.split(":")[4] if arn.count(":") >= 5 else ""
