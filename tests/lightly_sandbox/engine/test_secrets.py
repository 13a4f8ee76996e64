"""Pulumi's passphrase provider, against what Pulumi's own CLI (3.260) wrote."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lightly_core.secret import Secret
from lightly_sandbox.engine import checkpoint
from lightly_sandbox.engine.config import Project, StackConfig
from lightly_sandbox.engine.secrets import Crypter, MalformedSecret, Passphrase, WrongPassphrase
from lightly_sandbox.engine.values import SecretValue

WROTE = Path(__file__).parent / "pulumi_wrote"
PASSPHRASE = Secret("correct horse")
OBJECT = {"a": [1.0, True, None, 'é"<'], "n": 1.5}


def test_a_state_that_pulumi_wrote_is_read() -> None:
    found, _ = checkpoint.load(WROTE / "state.json", PASSPHRASE)
    outputs = found.resources[0].outputs
    assert outputs == {"text": SecretValue("hunter2 <ü>"), "object": SecretValue(OBJECT)}


def test_the_config_that_pulumi_wrote_is_read(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: fixture\nruntime: python\n")
    (tmp_path / "Pulumi.test.yaml").write_text((WROTE / "Pulumi.test.yaml").read_text())
    config = StackConfig.load(Project.load(tmp_path), "test", PASSPHRASE)
    assert dict(config.values) == {
        "fixture:text": "hunter2 <ü>",
        "fixture:deep": '{"list": ["abc"]}',
        "fixture:plain": "5",
    }
    assert config.secret_keys == {"fixture:text", "fixture:deep"}
    assert "hunter2" not in repr(config)


def test_an_unchanged_state_keeps_its_ciphertexts() -> None:
    found, box = checkpoint.load(WROTE / "state.json", PASSPHRASE)
    written = json.loads((WROTE / "state.json").read_text())["deployment"]["resources"][0]["outputs"]
    assert found.resources[0].outputs
    for name, secret in found.resources[0].outputs.items():
        assert box.encrypt(secret) == written[name]["ciphertext"]


def test_another_passphrase_is_a_clear_error() -> None:
    with pytest.raises(WrongPassphrase, match=r"does not open .*state\.json\nhint: "):
        checkpoint.load(WROTE / "state.json", Secret("wrong"))


def test_a_new_stack_can_be_opened_again_with_its_salt() -> None:
    made = Passphrase(PASSPHRASE)
    text = made.encrypt("something")
    assert Passphrase(PASSPHRASE, made.salt).check().decrypt(text) == "something"
    with pytest.raises(WrongPassphrase):
        Passphrase(Secret("another"), made.salt).check()


@pytest.mark.parametrize("salt", ["", "v1", "v2:aa:v1:b:c", "v1:*:v1:b:c"])
def test_a_spoilt_salt_is_named(salt: str) -> None:
    with pytest.raises(MalformedSecret, match="encryption salt"):
        Passphrase(PASSPHRASE, salt).check()


@settings(max_examples=60)
@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    crypter = Crypter(lambda: bytes(32))
    sealed = crypter.encrypt(text)
    assert crypter.decrypt(sealed) == text
    assert crypter.encrypt(text) != sealed


@settings(max_examples=60)
@given(st.text(), st.integers(min_value=0))
def test_a_changed_ciphertext_is_refused(text: str, at: int) -> None:
    sealed = Crypter(lambda: bytes(32)).encrypt(text)
    at %= len(sealed)
    spoilt = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
    try:
        opened = Crypter(lambda: bytes(32)).decrypt(spoilt)
    except (MalformedSecret, WrongPassphrase):
        return
    assert opened == text  # only bits that base64 does not use were changed
