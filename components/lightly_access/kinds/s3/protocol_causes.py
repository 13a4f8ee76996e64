"""Causes in the words of S3's protocol that are about objects, buckets and accounts, whoever speaks it, and no right.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; for Huawei's OBS
https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0115.html. No permission mends them, so none waits.
"""

from lightly_access.kinds.cause import Sign

SIGNS = (
    Sign(
        "s3-object-lock",
        r"protected by object lock|WORM|ObjectLock(ed|Configuration)|object lock|compliance mode|governance mode|"
        r"legal hold|retention period",
        "Object Lock (a retention or a legal hold) of bucket {bucket} forbids to change what is there",
        "use another bucket, without Object Lock, for LIGHTLY: Lightly overwrites and deletes its own files",
        False,
    ),
    Sign(
        "s3-archived",
        "InvalidObjectState|not valid for the (object's|source object's) (storage class|access tier)|archived object|"
        "restore the object|object is archived|in the (Glacier|archive)",
        "what is stored below {path} is archived (Glacier, Deep Archive or an archive tier) and cannot be read",
        "restore it (`aws s3api restore-object`), or keep archived objects, and the lifecycle rule that archives them, "
        "out of the path",
        False,
    ),
    Sign(
        "s3-customer-provided-key",
        r"stored using a form of Server Side Encryption|SSE-?C\b|server-side-encryption-customer|customer[- ]provided "
        "(encryption )?key",
        "what is stored below {path} is encrypted with a key that only its owner sends (SSE-C); Lightly has "
        "no such key",
        "copy it to where S3 holds the key (SSE-S3 or SSE-KMS)",
        False,
    ),
    Sign(
        "s3-account-closed",
        "AllAccessDisabled|AccountProblem|NotSignedUp|OptInRequired|account (has been|is) (suspended|disabled|closed)|"
        "FrozenUserId|ServiceDisabled|user is frozen|InArrears|arrears|InsufficientBalance|DeregisterUserId|"
        "InvalidPayer",
        "the service has closed bucket {bucket} or the account that owns it: a bill, or a breach of its terms",
        "ask whoever owns the account, and the service's support",
        False,
    ),
    Sign(
        "s3-delete-marker",
        r"\bMethodNotAllowed\b|method is not allowed against this resource",
        "the newest version of what was asked for is a delete marker: it was deleted, only older versions are there",
        "put the object again, or remove the marker: `aws s3api list-object-versions --bucket {bucket}`",
        False,
    ),
    Sign(
        "s3-no-access-control-lists",
        "AccessControlListNotSupported|InvalidBucketAclWithObjectOwnership|does not allow ACLs|cannot have ACLs",
        "bucket {bucket} knows no access control lists (BucketOwnerEnforced), and whoever asked sends one",
        "nothing of ours sends one: take it out of the program that does",
        False,
    ),
    Sign(
        "s3-signed-url-over",
        "Request has expired|X-Amz-Expires|presigned URL .{0,40}(?:expired|over)",
        "the signed URL that was asked with is over: whoever made it gave it an end, or the session that signed it "
        "ended first",
        "load the page again: Lightly makes new ones",
        False,
    ),
    Sign(
        "s3-changed-on-its-way",
        r"\bBadDigest\b|ChecksumMismatch|ContentSHA256Mismatch|checksum .{0,60}did ?n.t match|"
        r"Content-MD5 you specified did not match",
        "what arrived is not what was sent: something between changes it, such as a proxy",
        "go around the proxy, or let it pass the store's host untouched",
        False,
    ),
    Sign(
        "s3-protocol-part-unknown",
        r"\bNotImplemented\b|MissingContentLength|implies functionality that is not implemented|UnsupportedArgument",
        "the service of bucket {bucket} does not know a part of S3's protocol that was used",
        "ask whoever runs the service for a newer version, or ask Lightly's support what it uses",
        False,
    ),
    Sign(
        "s3-no-room",
        r"\bQuotaExceeded\b|EntityTooLarge|InsufficientStorage|NoSpaceLeft|quota .{0,40}exceeded|XMinioStorageFull",
        "bucket {bucket} or its account takes no more data: a quota is used up",
        "raise the quota where the bucket is managed, or free some room",
        False,
    ),
)
