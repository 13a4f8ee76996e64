"""In which region a bucket is, as S3 tells anybody who asks."""

from typing import Any

ANY_REGION = "us-east-1"
"""Where S3 is asked of a bucket whose region nobody knows; Lightly takes no other partition than this one's."""


def bucket_region(s3: Any, bucket: str) -> str | None:
    """The region; None where there is no such bucket or no answer.

    HeadBucket names it whatever else it answers, "it is in another region" and "denied" included
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html). `s3` follows no redirect.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = s3.head_bucket(Bucket=bucket)
    except ClientError as refused:
        answer = refused.response
    except BotoCoreError:  # whatever is asked next says why
        return None
    found = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("x-amz-bucket-region")
    return str(found) if found else None
