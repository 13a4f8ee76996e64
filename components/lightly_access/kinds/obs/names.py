"""What an S3-compatible service accepts as names. A checker returns None or a Fault."""

import re

from lightly_core.aws import BUCKET_PATTERN
from lightly_core.fault import Fault

from lightly_access.kinds.s3.names import bucket_name

SCHEME = "obs://"
_BUCKET = re.compile(BUCKET_PATTERN)


def bucket(value: str) -> Fault | None:
    """3 to 63 of a-z 0-9 . -, as Huawei's OBS has it (https://support.huaweicloud.com/intl/en-us/ugobs-obs/obs_41_0005.html,
    "Creating a bucket") and S3 too; AWS's reserved prefixes and suffixes mean nothing there."""
    fault = bucket_name(value)
    if fault and _BUCKET.fullmatch(value) and fault.hint and fault.hint.startswith("AWS reserves"):
        return None
    return fault and Fault(fault.expected.replace("an S3 bucket", "a bucket"), fault.hint)
