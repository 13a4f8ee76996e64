"""Causes in the words of AWS that are about the KMS key that encrypts a bucket.

https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html and
https://repost.aws/knowledge-center/s3-bucket-access-default-encryption; states of a key:
https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html.
"""

from lightly_access.kinds.cause import Sign

NAMED = {
    "key": (
        r"(arn:aws[\w-]*:kms:[\w-]+:\d{12}:key/[\w-]+)",
        "<ARN of the bucket's key: aws s3api get-bucket-encryption>",
    )
}
_USES = "kms:Decrypt, kms:Encrypt and kms:GenerateDataKey"
_LOST = "what is encrypted with it cannot be read"

SIGNS = (
    Sign(
        "s3-kms-key-unsaid",
        r"not authorized to perform: (?P<asked>kms:\w+) on the resource associated with this ciphertext because",
        "{who} may not use the KMS key of {path}, and AWS does not say why: the key's policy does not admit it (across "
        "accounts both sides must allow {asked}), denies it, or the key is gone or in another region",
        "add a statement to the policy of the bucket's key that allows {asked} to {who}: {handoff} writes it; the "
        "store's `kms_key` must name that key too",
        True,
    ),
    Sign(
        "s3-kms-key-pending-deletion",
        r"(?:kms|key/).{0,300}pending deletion|pending deletion.{0,300}(?:kms|key/)",
        f"the KMS key of {{path}} waits for its deletion: {_LOST}, and after its date never again",
        "`aws kms describe-key --key-id {key} --query KeyMetadata.DeletionDate` tells the date; "
        "`aws kms cancel-key-deletion --key-id {key}`, then `aws kms enable-key --key-id {key}`",
        False,
    ),
    Sign(
        "s3-kms-key-disabled",
        r"KMS\.?\w*Disabled|(?:kms|key/).{0,300}is disabled|DisabledException.{0,200}(?:kms|key/)",
        f"the KMS key of {{path}} cannot be used, it is disabled: {_LOST}",
        "`aws kms enable-key --key-id {key}`",
        False,
    ),
    Sign(
        "s3-kms-key-unusable",
        r"KMS\.?(?:\w*InvalidState|\w*NotFound|\w*KeyUnavailable|\w*InvalidKeyUsage|\w*IncorrectKey)|"
        r"(?:kms|key/).{0,300}(?:pending import|is unavailable|is creating|does not exist|not found|invalid ?state)|"
        r"KMSInvalidState|invalid ?arn",
        f"the KMS key of {{path}} cannot be used, it is gone, not ready or in another region: {_LOST}",
        "look at it: `aws kms describe-key --key-id {key}`; register and use another one if it is gone",
        False,
    ),
    Sign(
        "s3-kms-busy",
        r"KMS\.?Throttl\w*|ThrottlingException.{0,120}kms",
        "KMS answers too many requests: the store did not answer in time",
        "run `pulumi up` again; a bucket key (`aws s3api put-bucket-encryption`, BucketKeyEnabled) asks KMS far less",
        True,
    ),
    Sign(
        "s3-kms-across-accounts",
        r"because no resource-based policy allows the (?P<asked>kms:\w+) action",
        "the KMS key's policy does not admit {who}: across accounts both sides must allow {asked}",
        "add a statement to the policy of KMS key {key} that allows {asked} to {who}: {handoff} writes it; "
        "the store's `kms_key` must name "
        "that key too",
        True,
    ),
)
RIGHTS = (
    Sign(
        "s3-kms-right-missing",
        r"kms:(?:Decrypt|Encrypt|ReEncrypt|GenerateDataKey|DescribeKey|CreateGrant)|"
        r"Access ?Denied.{0,80}\bKMS\b|\bKMS\b.{0,80}Access ?Denied|ciphertext refers to a customer master key",
        "{who} may not use the KMS key that encrypts {path}: the manifest names no `kms_key` or another one, or the "
        "right was taken away",
        "set the store's `kms_key: {key}`: then the policy that we write allows it, and it is registered; if the "
        "manifest has it, run `pulumi up --refresh`; the key's own policy must admit the account of {who}",
        True,
        external=f"allow {_USES} on the key to {{who}} where it was made, and set the store's `kms_key: {{key}}`, so "
        "that it is registered; the key's own policy must admit it too",
    ),
)
