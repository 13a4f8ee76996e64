"""The search under test: a secret that is there is found, in every dress; and what only looks like one is not."""

import base64
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.lightly_sandbox.hygiene.secret_search import ENCODINGS, SecretSearch
from tests.lightly_sandbox.hygiene.watch import Watch

SECRET = 'k"9+/pQz&7 <Lm>4\\Rt=w2ä'
WORD = "9pQz7Lm4Rtw2Xv8Ks1Bn6Jd3"
BODY = "".join(f"{number:04d}MIIEpQxz" for number in range(120))
PEM = f"-----BEGIN PRIVATE KEY-----\n{textwrap.fill(BODY, 64)}\n-----END PRIVATE KEY-----\n"
KEY_FILE = json.dumps({"type": "service_account", "client_email": "a@b.example", "private_key": PEM})
SAS = f"sv=2022-11-02&sr=c&si=lightly-a&sig={quote('aGVsbG8gd29ybGQ+/hello=', safe='')}"


def wrapped(text: str) -> str:
    """As a table on a terminal shows it."""
    return "\n".join(f"│ \x1b[31m{line}\x1b[0m │" for line in textwrap.wrap(text, 7))


@pytest.mark.parametrize("dress", ENCODINGS)
@pytest.mark.parametrize("secret", [SECRET, WORD])
def test_a_secret_is_found_in_every_dress(secret: str, dress: Callable[[str], str]) -> None:
    assert SecretSearch({"it": secret}).found(f"before {dress(secret)} after") == ["it"]


@pytest.mark.parametrize("before", ["", "1", "12", "123"])
def test_a_secret_is_found_in_base64_of_something_longer(before: str) -> None:
    text = base64.b64encode(f"{before}{SECRET} and more".encode()).decode()
    assert SecretSearch({"it": SECRET}).found(text) == ["it"]
    assert SecretSearch({"it": SECRET}).found(text.translate(str.maketrans("+/", "-_"))) == ["it"]
    assert SecretSearch({"it": SECRET}).found(wrapped(text)) == ["it"]


@pytest.mark.parametrize("cut", [slice(None, 14), slice(-14, None), slice(5, -5)])
def test_a_part_of_a_secret_is_found(cut: slice) -> None:
    assert SecretSearch({"it": WORD}).found(f"...{WORD[cut]}...") == ["it"]


def test_a_secret_that_was_wrapped_is_found() -> None:
    assert SecretSearch({"it": WORD}).found(wrapped(f"before {WORD} after")) == ["it"]


def test_a_private_key_is_found_without_its_file_and_a_signature_without_its_token() -> None:
    search = SecretSearch({"key": KEY_FILE, "token": SAS})
    assert search.found(PEM) == ["key"]
    assert search.found(json.dumps({"private_key": PEM})) == ["key"]
    assert search.found("the signature aGVsbG8gd29ybGQ+/hello= did not match") == ["token"]
    assert search.found(quote(SAS)) == ["token"]


def test_what_is_public_of_a_secret_is_not_found() -> None:
    search = SecretSearch({"key": KEY_FILE, "token": SAS, "it": WORD})
    assert search.found("a@b.example, -----BEGIN PRIVATE KEY-----, sv=2022-11-02&sr=c&si=lightly-a, <secret>") == []
    assert search.found(f"{WORD[:6]}... {WORD[::-1]}") == []


def test_what_is_too_short_to_be_looked_for_is_refused() -> None:
    with pytest.raises(AssertionError, match="it is too short"):
        SecretSearch({"it": "short"})


def test_a_secret_in_an_argument_or_an_environment_of_a_grandchild_is_seen() -> None:
    program = (
        "import os, subprocess, sys\n"
        f"os.environ['LEAKED'] = {WORD!r}\n"
        "subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)', sys.argv[1]])"
    )
    with subprocess.Popen([sys.executable, "-c", program, WORD[::-1]], start_new_session=True) as parent:
        watch = Watch(parent.pid)
        watch.start()
        until = time.monotonic() + 20
        while not any("LEAKED" in item.names for item in watch.seen.copy()) and time.monotonic() < until:
            time.sleep(0.02)
        (child,) = (seen for seen in watch.stop() if "LEAKED" in seen.names)
        os.killpg(parent.pid, signal.SIGKILL)
    assert child.runs(WORD[::-1])
    assert SecretSearch({"it": WORD}).found("\n".join(child.environment)) == ["it"]
