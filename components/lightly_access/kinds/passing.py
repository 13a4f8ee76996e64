"""May a refusal pass by itself? Decided by its code and its HTTP status, for words that nobody knows. Pure.

What clouds document as taking its time is who may do what, and what is there: a permission, a key or a role that does
not work everywhere yet (401, 403, 404), a change that another one stands in the way of (409, 423), and a service that
is busy (408, 425, 429, 5xx). A request that is wrong in itself is wrong for ever: any other 4xx, 501 and 505.

- AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html (changes are not always immediately visible),
  codes and their status: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; services that speak JSON
  answer 400 to whatever it is: https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html
- Azure: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting (up to ten minutes),
  https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy (up to 30 seconds),
  https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
- Google Cloud: https://cloud.google.com/iam/docs/access-change-propagation (minutes),
  https://docs.cloud.google.com/storage/docs/retry-strategy (408, 429, 5xx)
- OBS: https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0115.html
"""

import re

_CODES = (
    r"\(([A-Z]\w+(?:\.\w+)?)\)",
    r"<Code>\s*(\w[\w.]*)",
    r"(?:\bError ?Code|\bCode|\breason|\bapi error|\bstatus)['\"]*\s*[:=]?\s*['\"]*([A-Za-z][A-Za-z_]*[A-Z_]\w*)",
    r"(?:\A|[\s:])((?:[A-Z][a-z\d]+){2,})(?=:\s|\s*\Z)",
)
"""Where services and their SDKs write a code: botocore, XML, Azure's and Google's fields, before a sentence."""
_STATUSES = (
    r"(?:\bstatus(?: ?code)?|\bHTTP(?:/[\d.]+)?|\berror(?: ?code)?|\bresponse|\bcode)['\"]*\s*[:=]?\s*\(?([1-5]\d\d)\b",
    r"\(([45]\d\d)\)",
    r"\b([45]\d\d) (?-i:[A-Z]{2}|[A-Z][a-z])",
)
_PASSES = re.compile(
    r"Denied|Forbidden|Author|Authentic|Credential|AccessKey|ClientToken|Identity|Security|Throttl|Slow|TooMany|Rate|"
    r"Timeout|TimedOut|Unavailable|Busy|Internal|TryAgain|Retry|Conflict|Pending|InProgress|NotReady|NotFound|NoSuch|"
    r"NotExist|Aborted|IncompleteBody",
    re.IGNORECASE,
)
_STAYS = re.compile(
    r"^Invalid|^Malformed|^Missing|^Illegal|^Bad|^Unexpected|^Unresolvable|^Ambiguous|^Entity|^Incorrect|^Unsupported|"
    r"NotSupported|NotImplemented|NotAllowed|NotPermitted|NotMet|OutOfRange|Too(?:Large|Small|Long|Big)|Mismatch|"
    r"Exist|Disabled|Exceeded|Prohibited|Required|Precondition",
    re.IGNORECASE,
)
_WAITED_FOR = frozenset({401, 403, 404, 408, 409, 423, 425, 429})
_NEVER = frozenset({501, 505})


def may_pass(words: str) -> bool:
    """Whether waiting may help against a refusal in these words; of what has neither code nor status nobody knows."""
    codes = [match[1] for pattern in _CODES for match in re.finditer(pattern, words)]
    if any(map(_PASSES.search, codes)):
        return True
    if any(map(_STAYS.search, codes)):
        return False
    statuses = [int(match[1]) for pattern in _STATUSES for match in re.finditer(pattern, words, re.IGNORECASE)]
    return all(status < 400 or status in _WAITED_FOR or status >= 500 for status in statuses) and not (
        _NEVER & {*statuses}
    )
