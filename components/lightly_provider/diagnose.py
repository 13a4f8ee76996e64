"""A red light -> its likely cause and the fix. Pure.

The causes are ranked: the first whose signs are in the error text is given. The tree is TiDB Cloud's (cannot assume the
role: trust, external ID, existence; access denied: identity policy, bucket policy, key, stale session), with AWS's own
wordings: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
"""

import re
from collections.abc import Callable

from lightly_provider import causes, given_key, mount
from lightly_provider.causes import ACTIONS, PUT_BACK, Cause, RedLight


def diagnose(red: RedLight) -> Cause:
    """The likely cause of a red light."""
    if not red.expected and red.actual is not None:
        return _TOO_MUCH.get(red.access.access, _too_much)(red)
    if red.actual is None:
        return Cause(
            f"nobody could tell: Lightly's verification does not speak of {red.capability}"
            + (", and there is no proof" if red.proof is None else "")
            + (f"; the probe says: {red.error}" if red.error else ""),
            "run `pulumi up` again; if it stays so, ask Lightly's support, or give the proof of the documents",
            mendable_by_waiting=True,
        )
    cause = _TOO_LITTLE.get(red.access.access, _too_little)(red)
    speaker = "the probe was told" if red.by_probe else "Lightly says"
    words = f" ({speaker}: {_short(red.error)})" if red.error else ""
    doubt = "" if red.certain else "; the answer does not say which datasource it means, so both are marked"
    return Cause(f"{cause.text}{words}{doubt}", cause.fix, cause.mendable_by_waiting)


def _too_much(red: RedLight) -> Cause:
    action, who = ACTIONS[red.capability], red.access.identity
    if red.proof:
        return Cause(
            f"more rights than needed: our own documents allow {action} in {red.access.path} to {who}",
            f"take {action} out of the {red.purpose} grant",
            mendable_by_waiting=False,
        )
    return Cause(
        f"more rights than needed: our documents refuse {action} in {red.access.path}, and yet it is possible: "
        f"another policy of {who}, of its groups or of the bucket allows it",
        f"{PUT_BACK}; then look for other policies that name {who}",
        mendable_by_waiting=True,  # a permission that was just taken away ends seconds later
    )


def _too_little(red: RedLight) -> Cause:
    if red.proof is False:
        action = ACTIONS[red.capability]
        return Cause(
            f"our own documents do not allow {action} in {red.access.path} to {red.access.identity}",
            f"add {action} to the {red.purpose} grant",
            mendable_by_waiting=False,
        )
    for signs, cause in _RANKED:
        if found := signs.search(red.error):
            return cause(red, found)
    if red.by_probe and not red.error:
        return Cause("the probe could not do it", PUT_BACK, mendable_by_waiting=True)
    if not red.error:
        return Cause("Lightly refuses it and gives no reason", PUT_BACK, mendable_by_waiting=True)
    return Cause(
        "the store refuses it" if red.by_probe else "Lightly refuses it",
        f"{PUT_BACK}; if its words name another reason, follow them",
        mendable_by_waiting=True,
    )


_TOO_MUCH = {given_key.GIVEN: given_key.too_much, mount.MOUNT: mount.too_much}
_TOO_LITTLE = {given_key.GIVEN: given_key.too_little, mount.MOUNT: mount.too_little}
"""Ways in that have no policy of ours have causes of their own."""

_Signs = tuple[str, ...]

_NO_ALLOW = (
    r"because no (permissions boundary|session policy|service control policy|resource control policy|"
    r"VPC endpoint policy|resource-based policy) allows the ([\w:]+) action"
)
_SIGNS: tuple[tuple[Callable[[RedLight, re.Match[str]], Cause], _Signs], ...] = (
    (causes.clock, ("RequestTimeTooSkewed", "Signature expired", "Signature not yet current", "time and the current")),
    (causes.explicit_deny, (r"with an explicit deny in an? ([\w -]+?)(?:[:.,;)]|$)",)),
    (causes.session_length, ("MaxSessionDuration", "DurationSeconds exceeds")),
    (causes.expired, ("ExpiredToken", "token included in the request is expired", "token has expired")),
    (causes.wrong_secret, ("SignatureDoesNotMatch", "signature we calculated does not match")),
    (causes.unknown_key, ("InvalidAccessKeyId", "InvalidClientTokenId", "not exist in our records")),
    (causes.unknown_key, ("token included in the request is invalid",)),
    (causes.key_unusable, (r"KMS\.(Disabled|NotFound|KMSInvalidState)", "key .{0,80}is (disabled|pending deletion)")),
    (causes.no_allow, (_NO_ALLOW,)),
    (causes.key_refused, (r"kms:\w+", r"AccessDenied.{0,40}\bKMS\b")),
    (causes.cannot_assume, ("sts:AssumeRole", "AssumeRole operation")),
    (causes.wrong_region, ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint")),
    (causes.wrong_region, ("the region '.*' is wrong", "must be addressed using the specified endpoint")),
    (causes.no_bucket, ("NoSuchBucket", "specified bucket does not exist")),
    (
        causes.no_directory,
        ("NoSuchKey", "specified key does not exist", "No ?Such ?Directory", "directory .* not exist"),
    ),
    # To whom may not list the whole bucket, S3 says of a missing object that listing is denied.
    (causes.no_directory, ("GetObject operation.*not authorized to perform: s3:ListBucket",)),
    (causes.denied, ("AccessDenied", "Access Denied", "not authorized", "Forbidden", r"\b403\b")),
    (causes.busy, ("SlowDown", "ServiceUnavailable", "InternalError", "timed? ?out", r"\b50[0234]\b")),
)
_RANKED = tuple((re.compile("|".join(signs), re.IGNORECASE), cause) for cause, signs in _SIGNS)


def _short(text: str) -> str:
    """AWS says who and what at the start, and which policy at the end. Whole words, where they are not endless."""
    if len(text) <= 430:
        return text
    start, end = text.find(" ", 230, 290), text.rfind(" ", len(text) - 250, len(text) - 190)
    start, end = (230 if start < 0 else start), (len(text) - 191 if end < 0 else end)
    return text if end <= start else f"{text[:start]} ... {text[end + 1 :]}"
