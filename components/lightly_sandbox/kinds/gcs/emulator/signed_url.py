"""Signed URLs, version 4: who holds a key can hand out one call for a while.

Source: https://cloud.google.com/storage/docs/authentication/signatures (GOOG4-RSA-SHA256 with an RSA key's signature).
"""

import hashlib
from datetime import UTC, datetime
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.gcs.emulator.call import Call
from lightly_sandbox.kinds.gcs.emulator.caller import FULL_CONTROL, Caller
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError
from lightly_sandbox.kinds.gcs.emulator.keys import Key
from lightly_sandbox.kinds.gcs.emulator.tokens import Tokens

HOST = "storage.googleapis.com"
"""obstore 0.12 signs Google's host name whatever the endpoint is, so that name counts beside our own."""
_ALGORITHM = "GOOG4-RSA-SHA256"
_LONGEST = 604800  # seconds: seven days
_SKEW = 900


def from_signed_url(call: Call, tokens: Tokens, clock: Clock) -> Caller | None:
    """The account that signed this URL; None when the URL is not signed. Raises RefusedError for a bad signature."""
    query = {name.lower(): value for name, value in call.query.items()}
    if "x-goog-signature" not in query:
        return None
    email, _, scope = query.get("x-goog-credential", "").partition("/")
    signed_at = _time(query.get("x-goog-date", ""))
    lasts = query.get("x-goog-expires", "")
    if query.get("x-goog-algorithm") != _ALGORITHM or not lasts.isdecimal() or int(lasts) > _LONGEST:
        raise RefusedError(400, "invalid", "Invalid query parameters of a signed URL.", "InvalidQueryParameters")
    if not signed_at - _SKEW <= clock.now() < signed_at + int(lasts):
        raise RefusedError(400, "expired", "Invalid argument. The signed URL is over.", "ExpiredToken")
    found = tokens.key_of(email, None)
    if found is None or not any(
        _signs(key, _text(call, scope, query, host), query["x-goog-signature"])
        for key in found[1]
        for host in (call.host, HOST)
    ):
        message = "The request signature we calculated does not match the signature you provided."
        raise RefusedError(
            403, "forbidden", f"{message} Check your Google secret key and signing method.", "SignatureDoesNotMatch"
        )
    return Caller("serviceAccount", email, found[0].uid, frozenset({FULL_CONTROL}))


def _text(call: Call, scope: str, query: dict[str, str], host: str) -> bytes:
    """The string to sign: a hash of the canonical request under the date and the scope."""
    pairs = sorted(
        (quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in call.query.items() if k.lower() != "x-goog-signature"
    )
    names = query.get("x-goog-signedheaders", "host")
    sent = {**call.headers, "host": host}
    headers = "".join(f"{name}:{' '.join(sent.get(name, '').split())}\n" for name in names.split(";"))
    payload = call.headers.get("x-goog-content-sha256", "UNSIGNED-PAYLOAD")
    canonical = "\n".join((call.method, call.path, "&".join(f"{k}={v}" for k, v in pairs), headers, names, payload))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"{_ALGORITHM}\n{query['x-goog-date']}\n{scope}\n{digest}".encode()


def _signs(key: Key, text: bytes, signature: str) -> bool:
    try:
        key.public.verify(bytes.fromhex(signature), text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def _time(text: str) -> float:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        raise RefusedError(400, "invalid", "Invalid date of a signed URL.", "InvalidQueryParameters") from error
