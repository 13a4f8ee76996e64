"""`lightly-access serve` as a process: start, TLS, a taken port, the end."""

import datetime
import signal
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lightly_access.kinds.local.serving.server import Certificate, ServingError, listening
from lightly_cli.main import app
from typer.testing import CliRunner, Result

from tests.lightly_access.kinds.local.serving.site import ONLY_INPUT, exchange, fill, serving, start


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path)
    return tmp_path


def certificate(folder: Path, password: bytes | None = None) -> Certificate:
    """A self-made one for localhost."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
    made = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    found = Certificate(folder / "cert.pem", folder / "key.pem")
    found.cert.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    found.key.write_bytes(key.private_bytes(pem, form, lock))
    return found


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["serve", *words])


def test_https_with_a_certificate_of_ones_own(folder: Path) -> None:
    pair = certificate(folder)
    request = b"GET /cam1/a.png HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with serving(folder, "--cert", str(pair.cert), "--key", str(pair.key)) as site:
        trusted = ssl.create_default_context(cafile=str(pair.cert))
        with (
            socket.create_connection(("127.0.0.1", site.port), timeout=20) as plain,
            trusted.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            assert exchange(secure, request).body == ONLY_INPUT
            assert secure.version() in ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])  # noqa: S104 - is what is warned of
@pytest.mark.parametrize("secure", [False, True])
def test_who_serves_beyond_this_machine_is_warned_of_what_is_missing(folder: Path, host: str, secure: bool) -> None:
    pair = certificate(folder)
    tls = ("--cert", str(pair.cert), "--key", str(pair.key)) if secure else ()
    with serving(folder, "--host", host, *tls) as site:
        if not secure:
            expected = 421 if host == "0.0.0.0" else 200  # noqa: S104
            assert site.ask("/cam1/a.png").status == expected, "beyond it no name of loopback is answered"
        site.process.send_signal(signal.SIGINT)
        _, err = site.process.communicate(timeout=30)
    warned = [line for line in err.splitlines() if line.startswith("warning: ")]
    assert len(warned) == (host == "0.0.0.0")  # noqa: S104
    for line in warned:
        assert "there is no login" in line
        assert ("there is no TLS" in line) is not secure
        assert ("--cert and --key give it TLS" in err) is not secure


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_cleanly_with_an_open_connection_too(folder: Path, stop: signal.Signals) -> None:
    with serving(folder) as site:
        with socket.create_connection(("127.0.0.1", site.port), timeout=20):
            site.process.send_signal(stop)
            out, err = site.process.communicate(timeout=30)
        assert (site.process.returncode, out, err) == (0, "", "# stopped\n")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", site.port), timeout=20)


def test_a_taken_port_is_said_with_the_way_to_find_out_by_whom(folder: Path) -> None:
    with serving(folder) as site:
        words = ("--input-mount", str(folder / "input"), "--port", str(site.port))
        second = start("serve", *words)
        out, err = second.communicate(timeout=30)
        assert (second.returncode, out) == (1, "")
        assert f"port {site.port} of localhost is taken" in err
        assert f"ss -ltnp 'sport = :{site.port}'" in err
        assert site.ask("/cam1/a.png").status == 200


def test_other_names_and_origins_are_options(folder: Path) -> None:
    with serving(folder, "--allow-host", "box.example", "--origin", "https://on-prem.example") as site:
        reply = site.ask("/cam1/a.png", host="box.example:8000", origin="https://on-prem.example")
        assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, "https://on-prem.example")
        assert "access-control-allow-origin" not in site.ask("/cam1/a.png", origin="https://app.lightly.ai").headers


def test_a_key_that_does_not_fit_or_has_a_password_is_refused(folder: Path) -> None:
    locked = certificate(folder, password=b"secret")
    with pytest.raises(ServingError, match="without a password"):
        listening("localhost", 0, locked)
    (folder / "other").mkdir()
    with pytest.raises(ServingError, match="cannot be used together"):
        listening("localhost", 0, Certificate(certificate(folder).cert, certificate(folder / "other").key))
    with pytest.raises(ServingError, match=r"--key .*: there is no such file"):
        listening("localhost", 0, Certificate(locked.cert, folder / "no.pem"))


def test_what_cannot_start_says_why(folder: Path) -> None:
    given = ("--input-mount", str(folder / "input"))
    assert run(*given, "--cert", "x.pem").exit_code == 2
    unknown = run(*given, "--host", "no-such-host.invalid", "--port", "0")
    assert unknown.exit_code == 1
    assert "--host no-such-host.invalid: this machine does not know it" in unknown.output
    missing = run("--input-mount", str(folder / "nowhere"))
    assert missing.exit_code in (1, 2)


def test_the_nginx_configuration_has_the_same_rules(folder: Path) -> None:
    mounts = ("--input-mount", str(folder / "input"), "--lightly-mount", str(folder / "lightly"))
    shown = run(*mounts, "--nginx", "--port", "3456", "--allow-host", "box.example").output
    lightly, source = shown.index(f'root "{folder}/lightly";'), shown.index(f'root "{folder}/input";')
    assert lightly < source
    assert shown.count("{") == shown.count("}")
    for rule in (
        'server_name "127.0.0.1" "::1" "box.example" "localhost";',
        "listen 127.0.0.1:3456 default_server;",
        "return 421;",
        "autoindex off;",
        "max_ranges 1;",
        "disable_symlinks on from=$document_root;",
        '"https://app.lightly.ai" $http_origin;',
        "try_files $uri @mount2;",
        "try_files $uri =404;",
    ):
        assert rule in shown, rule


def test_what_nginx_cannot_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a$b").mkdir()
    refused = run("--input-mount", str(tmp_path / "a$b"), "--nginx")
    assert refused.exit_code == 1
    assert "nginx cannot write it" in refused.output
