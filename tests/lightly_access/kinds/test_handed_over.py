"""A secret is found in whatever it is handed over in, or refused for what it is seen to be, and never shown."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds import registry
from lightly_access.kinds.gcs import key_file, names
from lightly_access.kinds.s3 import access_key, protocol, rules
from lightly_core.fault import Fault

from tests.lightly_access.kinds.gcs.test_names import KEY as NAMED

UPPER, LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ids = st.text(f"{UPPER}0123456789", min_size=16, max_size=16).map(lambda text: f"AKIA{text}")
secrets = st.text(f"{LETTERS}0123456789/+", min_size=34, max_size=34).map(lambda text: f"aZ9k/q{text}")

Shape = Callable[[str, str], str]
SHAPES: dict[str, Shape] = {
    "alone": lambda id, secret: secret,
    "spaces": lambda id, secret: f"  {secret} \n",
    "quotes": lambda id, secret: f"'{secret}'",
    "JSON text": lambda id, secret: json.dumps(secret),
    "a mark": lambda id, secret: f"\ufeff{secret}",
    "AWS's console": lambda id, secret: f"Access key ID,Secret access key\r\n{id},{secret}\r\n",
    "AWS's console, quoted": lambda id, secret: f'\ufeff"Access key ID","Secret access key"\n"{id}","{secret}"',
    "an older console": lambda id, secret: (
        "User name,Password,Access key ID,Secret access key,Console login link\n"
        f"lightly,,{id},{secret},https://123456789012.signin.aws.amazon.com/console"
    ),
    "OBS": lambda id, secret: f'User Name,Access Key Id,Secret Access Key\n"cows",{id},{secret}',
    "another line beside it": lambda id, secret: (
        f"Access key ID,Secret access key\nAKIAOTHER00000000000,other\n{id},{secret}"
    ),
    "a line": lambda id, secret: f"{id},{secret}",
    "a quoted line": lambda id, secret: f'"{id}", "{secret}"',
    "a line of many": lambda id, secret: f"lightly,,{id},{secret},https://x",
    "tabs": lambda id, secret: f"{id}\t{secret}",
    "a space": lambda id, secret: f"{id} {secret}",
    "a colon": lambda id, secret: f"{id}:{secret}",
    "a profile": lambda id, secret: f"[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n",
    "a line of a profile": lambda id, secret: f"aws_secret_access_key={secret}",
    "a shell": lambda id, secret: f"export AWS_ACCESS_KEY_ID={id}\nexport AWS_SECRET_ACCESS_KEY='{secret}'",
    "PowerShell": lambda id, secret: f'$Env:AWS_ACCESS_KEY_ID="{id}"\n$Env:AWS_SECRET_ACCESS_KEY="{secret}"',
    "the answer of iam": lambda id, secret: json.dumps(
        {"AccessKey": {"UserName": "x", "AccessKeyId": id, "Status": "Active", "SecretAccessKey": secret}}
    ),
    "credentials": lambda id, secret: json.dumps({"AccessKeyId": id, "SecretAccessKey": secret}, indent=2),
    "YAML": lambda id, secret: f"access_key_id: {id}\nsecret_access_key: {secret}",
}


@pytest.mark.parametrize("shape", SHAPES)
@given(id=ids, secret=secrets)
def test_the_secret_of_a_key_is_found_in_whatever_it_comes_in(shape: str, id: str, secret: str) -> None:
    found = access_key.secret_of(SHAPES[shape](id, secret), id)
    assert found == secret
    assert access_key.secret_of(found, id) == secret
    assert access_key.secret_fault(found, id) is None


def told(fault: Fault | None, *secret: str) -> str:
    """What a user reads, in which no secret may be."""
    assert fault
    text = fault.sentence("")
    assert not any(each in text for each in secret)
    return text


BESIDE = [shape for shape in SHAPES if "AKIA" in SHAPES[shape]("AKIA", "")]


@pytest.mark.parametrize("shape", [name for name in BESIDE if name not in ("another line beside it",)])
@given(id=ids, other=ids, secret=secrets)
def test_the_secret_of_another_key_is_refused(shape: str, id: str, other: str, secret: str) -> None:
    if id == other:
        return
    text = SHAPES[shape](other, secret)
    told(access_key.secret_fault(access_key.secret_of(text, id), id) or Fault(""), secret)
    assert access_key.secret_of(text, id) != secret


@given(id=ids, secret=secrets)
def test_an_id_and_a_secret_that_are_swapped_are_told_so(id: str, secret: str) -> None:
    for rule in (rules.access_key_id, protocol.access_key_id):
        assert "form of a secret: are the id and the secret swapped" in told(rule(secret), secret)
    for kind in ("s3", "obs"):
        (access,) = (each for each in registry.kind_of(kind).accesses if "access_key_id" in each.options)
        (row,) = (each for each in access.registration.properties if each.name == "secretAccessKey")
        assert "form of an access key id" in told(row.rule(id, {"accessKeyId": secret}), id, secret)
        assert row.rule(secret, {"accessKeyId": id}) is None


@pytest.mark.parametrize(
    ("id", "secret"),
    [
        ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("minioadmin", "minioadmin"),
        ("minio", "a pass, with signs: and = words"),
        ("DO00QWERTYUIOPASDFGH", "q" * 20 + "A1" * 11 + "z"),
        ("0012ab34cd56ef7890000000001", "K001qwertyuiopASDFGHJKLzxcv1234"),
        ("0123456789abcdef0123456789abcdef", "0123456789abcdef" * 4),
        ("GOOG1EQWERTYUIOPASDFGHJKLZXCVBNMQWERTYUIOPASDFGHJKLZXCVBNM123", "a" * 20 + "B+/1" * 5),
    ],
)
def test_keys_of_other_services_are_taken_as_they_are(id: str, secret: str) -> None:
    assert protocol.access_key_id(id) is None
    assert access_key.secret_of(secret, id) == secret
    assert access_key.secret_fault(secret, id) is None
    if id != secret and len(secret) > 35:
        assert access_key.secret_fault(id, secret) or protocol.access_key_id(secret)


@given(st.text(max_size=60), st.one_of(ids, st.text(max_size=50)))
def test_no_text_breaks_the_reading_of_a_key_and_none_is_shown(text: str, id: str) -> None:
    found = access_key.secret_of(text, id)
    fault = access_key.secret_fault(f"canary{found}\n", id)
    assert "canary" not in told(fault)


_DER = base64.b64encode(bytes([0x30, 0x82, 0x01, 0x00]) + bytes(256)).decode()
PEM = f"-----BEGIN PRIVATE KEY-----\n{_DER[:64]}\n{_DER[64:]}\n-----END PRIVATE KEY-----\n"
KEY = {**NAMED, "private_key": PEM}
FILE = json.dumps(KEY, indent=2)
FILES: dict[str, str] = {
    "as it is": FILE,
    "one line": json.dumps(KEY),
    "spaces": f"\n {FILE}\n\n",
    "a mark": f"\ufeff{FILE}",
    "quotes of a shell": f"'{FILE}'",
    "JSON text": json.dumps(FILE),
    "double quotes": f'"{FILE}"',
    "base64": base64.b64encode(FILE.encode()).decode(),
    "base64 in lines": base64.encodebytes(FILE.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(FILE.encode()).decode().rstrip("="),
    "line breaks in the PEM": FILE.replace("\\n", "\n"),
    "doubled backslashes": FILE.replace("\\n", "\\\\n"),
    "written line breaks": FILE.replace("\n", "\\n"),
}


@pytest.mark.parametrize("shape", FILES)
def test_a_key_file_is_found_in_whatever_it_comes_in(shape: str) -> None:
    found = key_file.text_of(FILES[shape])
    assert json.loads(found) == KEY
    assert names.credentials(found) is None
    assert key_file.text_of(found) == found


def test_a_file_that_is_right_stays_as_it_is_to_the_letter() -> None:
    assert key_file.text_of(FILE) == FILE


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("/home/me/canary.json", "the name of a file"),
        ("~/keys/canary.json", "the name of a file"),
        ("canary-1234.json", "the name of a file"),
        ("file:canary", "the name of a file"),
        (r"C:\\keys\\canary.json", "the name of a file"),
        (PEM, "the private key alone"),
        (FILE[:200], "ends too soon"),
        (base64.b64encode(bytes(range(256))).decode(), "base64 of something that is no JSON"),
        ("ya29." + "canary" * 20, "access token"),
        ("AIza" + "canary0" * 5, "an API key"),
        ("", "empty"),
        (json.dumps({"type": "authorized_user", "refresh_token": "canary"}), "a user's login"),
        (json.dumps({"installed": {"client_secret": "canary"}}), "an OAuth client"),
        (json.dumps({"type": "external_account", "audience": "canary"}), "a federated login"),
        (json.dumps({**KEY, "private_key": "-----BEGIN PRIVATE KEY-----\ncanary"}), "damaged"),
    ],
)
def test_what_is_no_key_file_is_told_for_what_it_is(text: str, seen: str) -> None:
    assert seen in told(names.credentials(key_file.text_of(text)), "canary", PEM)


@given(st.recursive(st.text(max_size=90), lambda part: st.dictionaries(st.text(max_size=8), part), max_leaves=4))
def test_no_text_breaks_the_reading_of_a_key_file(value: Any) -> None:
    text = value if isinstance(value, str) else json.dumps(value)
    assert names.credentials(key_file.text_of(f"canary{text}"))
