"""A CA that lives as long as the server, and its certificate for 127.0.0.1.

The CA's key is thrown away as soon as it signed the one certificate: nobody can sign another one with it.
"""

import datetime
import ipaddress
import ssl
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFE = datetime.timedelta(days=3)


def make(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The PEM file of the CA in `folder`, and the server's side of TLS 1.2 and 1.3."""
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = _name("local Azure of the rehearsal (CA)")
    ca = _certificate(issuer, issuer, ca_key, ca_key, ca=True)
    leaf = _certificate(_name("127.0.0.1"), issuer, key, ca_key, ca=False)
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.NamedTemporaryFile(dir=folder) as chain:  # 0600; ssl reads keys from files only
        chain.write(leaf.public_bytes(serialization.Encoding.PEM))
        chain.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        chain.flush()
        context.load_cert_chain(chain.name)
    return ca_file, context


def bundle(ca_file: Path, environ: Mapping[str, str]) -> Path:
    """A PEM file of the CA and of the roots that the user of this environment trusts, beside the CA's."""
    trusted = {ssl.get_default_verify_paths().cafile, environ.get("REQUESTS_CA_BUNDLE")}  # the first is SSL_CERT_FILE
    texts = [Path(file).read_text() for file in (str(ca_file), *trusted) if file and Path(file).is_file()]
    made = ca_file.with_name("ca-bundle.pem")
    made.write_text("\n".join(texts))
    return made


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    ca: bool,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(_usage(ca=ca), critical=True)
    )
    if not ca:
        names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
