"""Keys of service accounts: made here, private half shown once and not kept.

Source: https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys.
"""

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lightly_sandbox.emulators.clock import rfc3339

KEYS_PER_ACCOUNT = 10
NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()
_SIZES = {"KEY_ALG_RSA_1024": 1024, "KEY_ALG_RSA_2048": 2048}
ALGORITHMS = tuple(_SIZES)


@dataclass(slots=True)
class Key:
    """The public half, and until when it counts (seconds since the epoch)."""

    id: str
    algorithm: str
    public: rsa.RSAPublicKey = field(repr=False)
    certificate: str = field(repr=False)
    created: float
    expires: float = NEVER
    disabled: bool = False

    def usable(self, now: float) -> bool:
        """Whether a signature of it counts."""
        return not self.disabled and self.created - 600 <= now < self.expires

    def show(self, account: str) -> dict[str, Any]:
        """As the API answers it, without either half."""
        shown = {
            "name": f"{account}/keys/{self.id}",
            "keyAlgorithm": self.algorithm,
            "keyOrigin": "GOOGLE_PROVIDED",
            "keyType": "USER_MANAGED",
            "validAfterTime": rfc3339(self.created),
            "validBeforeTime": rfc3339(self.expires),
        }
        return {**shown, "disabled": True} if self.disabled else shown

    def public_data(self, kind: str) -> str:
        """Base64 of the public half, as a certificate or bare."""
        if kind == "TYPE_X509_PEM_FILE":
            return base64.b64encode(self.certificate.encode()).decode()
        bare = self.public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(bare).decode()


@dataclass(frozen=True, slots=True)
class Pair:
    """A fresh pair of keys: making one takes a tenth of a second, so it is made before anybody waits for it."""

    private: rsa.RSAPrivateKey = field(repr=False)
    algorithm: str

    @classmethod
    def make(cls, algorithm: str) -> "Pair":
        """Raises KeyError for an algorithm that IAM does not have."""
        return cls(rsa.generate_private_key(public_exponent=65537, key_size=_SIZES[algorithm]), algorithm)

    def key(self, subject: str, created: float, expires: float) -> Key:
        """The public half under a new id, in a certificate that names the account's unique id."""
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.fromtimestamp(created, UTC))
            .not_valid_after(datetime.fromtimestamp(expires, UTC))
            .sign(self.private, hashes.SHA256())
        )
        text = certificate.public_bytes(serialization.Encoding.PEM).decode()
        return Key(secrets.token_hex(20), self.algorithm, self.private.public_key(), text, created, expires)

    def file(self, key: Key, project: str, email: str, uid: str) -> str:
        """The key file as Google hands it out; its addresses are Google's own, never this machine's."""
        private = self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        quoted = email.replace("@", "%40")
        content = {
            "type": "service_account",
            "project_id": project,
            "private_key_id": key.id,
            "private_key": private,
            "client_email": email,
            "client_id": uid,
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": "https://oauth2.googleapis.com/token",
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "client_x509_cert_url": f"https://www.googleapis.com/robot/v1/metadata/x509/{quoted}",
            "universe_domain": "googleapis.com",
        }
        return json.dumps(content, indent=2) + "\n"
