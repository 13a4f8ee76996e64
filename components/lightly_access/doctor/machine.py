"""This machine: Python, its packages against the lock, the proxy, certificates; all of it without a network."""

import re
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from lightly_access.doctor.finding import Finding, State

PROXY, NO_PROXY = "proxy", "none"
LOCK = "requirements/deploy.txt"
"""What `pulumi install` takes, in the project's folder."""
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)
_OLDEST = (3, 11)
"""pyproject.toml, requires-python."""
_SHOWN = 4
_CERTIFICATES = ("LIGHTLY_CA_CERTS", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
_PROXIES = ("https", "http", "all")


def python(version: tuple[int, ...], executable: str, virtual: bool) -> Finding:
    """The Python that runs this, which is the one that a project's environment has."""
    said = f"{'.'.join(map(str, version[:3]))}, {executable}"
    if version[:2] < _OLDEST:
        fix = "make the environment anew with Python 3.11 or newer"
        return Finding("python", State.BAD, f"{said}: too old", fix)
    if not virtual:
        fix = "`pulumi install` makes the project's environment; run its lightly-access"
        return Finding("python", State.WARNING, f"{said}, in no environment of its own", fix)
    return Finding("python", State.OK, said)


def locked(text: str) -> dict[str, str]:
    """The versions that a lock wants, by normalised names (PEP 503)."""
    return {_normal(name): version for name, version in _PINNED.findall(text)}


def packages(wanted: Mapping[str, str], installed: Mapping[str, str], needed: Mapping[str, str]) -> Finding:
    """What is installed against a lock, `wanted` empty where there is none.

    `needed` are packages that the manifest's kinds of store cannot do without, each with the extra that brings it.
    """
    there = {_normal(name): version for name, version in installed.items()}
    lost = {name: extra for name, extra in needed.items() if _normal(name) not in there}
    if lost:
        extras = ",".join(dict.fromkeys(lost.values()))
        said = f"the manifest needs {', '.join(lost)}, which is not installed"
        return Finding("packages", State.BAD, said, f"pip install 'lightly-access[{extras}]'")
    if not wanted:
        return Finding(
            "packages", State.OK, f"pulumi {there.get('pulumi', 'unknown')}; there is no {LOCK} to compare with"
        )
    wrong = [
        f"{name} {there.get(name, 'is missing')} (wanted {version})"
        for name, version in sorted(wanted.items())
        if there.get(name) != version
    ]
    if wrong:
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        fix = f"`pulumi install`, or pip install --require-hashes -r {LOCK}"
        return Finding("packages", State.WARNING, f"not as {LOCK} has them: {', '.join(wrong[:_SHOWN])}{more}", fix)
    return Finding("packages", State.OK, f"{len(wanted)} as {LOCK} has them")


def proxy(proxies: Mapping[str, str], bypassed: str) -> Finding:
    """The proxy that requests take, without a login that stands in its URL; `bypassed` is NO_PROXY."""
    found = {scheme: proxies[scheme] for scheme in _PROXIES if proxies.get(scheme)}
    if not found:
        return Finding(PROXY, State.OK, NO_PROXY)
    shown: list[str] = []
    for scheme, url in found.items():
        host = _host(url)
        if host is None:
            fix = f"write it as {scheme.upper()}_PROXY=http://host:port"
            return Finding(PROXY, State.BAD, f"the URL of the {scheme} proxy cannot be read", fix)
        shown.append(f"{host} for {scheme}")
    but = f", but not for {bypassed}" if bypassed else ""
    if "https" not in found and "all" not in found:
        fix = "set HTTPS_PROXY too: Lightly and the clouds are asked over https"
        return Finding(PROXY, State.WARNING, f"{', '.join(shown)}, none for https{but}", fix)
    return Finding(PROXY, State.OK, f"{', '.join(shown)}{but}")


def certificates(environ: Mapping[str, str]) -> Finding:
    """Whether the files of certificate authorities that variables name are there and hold certificates."""
    named = {name: environ[name] for name in _CERTIFICATES if environ.get(name)}
    wrong = [fault for name, path in named.items() for fault in _bundle_faults(name, path)]
    if wrong:
        fix = "name a PEM file with the authorities that your network signs with, or unset the variable"
        return Finding("TLS", State.BAD, "; ".join(wrong), fix)
    more = ", ".join(f"{name} {path}" for name, path in named.items())
    return Finding("TLS", State.OK, f"{ssl.OPENSSL_VERSION}, {more or 'the usual authorities'}")


def _bundle_faults(name: str, path: str) -> Iterator[str]:
    if name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE") and Path(path).is_dir():
        return  # both take a folder too
    try:
        ssl.create_default_context().load_verify_locations(path)
    except (OSError, ValueError) as error:
        reason = "no certificates in it" if isinstance(error, ssl.SSLError) else getattr(error, "strerror", None)
        yield f"{name}: {path}: {reason or 'it cannot be read'}"


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        return f"{parts.hostname}:{parts.port}" if parts.hostname and parts.port else parts.hostname
    except ValueError:
        return None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
