"""What an exported state says has to be asked: its secrets are closed, or in an envelope, and never text."""

import json
from typing import Any

import pytest
from lightly_access.deployed.exported import StateError
from lightly_access.verify.asked import asked
from lightly_core.capability import Purpose
from lightly_core.pulumi_struct import SECRET, SIGNATURE
from lightly_core.pulumi_values import SecretValue, plain

from tests.lightly_access.deployed.states import dataset, key, light_row, state

CANARY = "kZ8+Wq3/Lm5Xv9Rt2Yb7Nc4Hd6Jf1Pg0As8Ue+Qi"
KEYS = {"LIGHTLY": {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": CANARY}}
OPEN = {SIGNATURE: SECRET, "plaintext": json.dumps(KEYS)}
CLOSED = {SIGNATURE: SECRET, "ciphertext": "v1:abc:def"}
SOURCES = {"LIGHTLY": {"kind": "s3", "access": "user", "path": "s3://out/", "identity": "AKIAIOSFODNN7EXAMPLE"}}


def document(**inputs: Any) -> dict[str, Any]:
    found = state(dataset("cows", LIGHTLY=(key(), light_row())))
    (verification,) = (each for each in found["deployment"]["resources"] if each["type"].endswith(":Verification"))
    verification["inputs"] = {"datasetId": "5f3c", "dataset": "cows-2026", "datasources": SOURCES, **inputs}
    verification["outputs"]["probes"] = {"LIGHTLY": {"done": True, "beyond": ["write"], "left": []}}
    return found


def test_keys_in_clear_are_at_once_in_an_envelope() -> None:
    found = asked(document(credentials=OPEN))["cows"]
    assert isinstance(found.inputs["credentials"], SecretValue)
    assert plain(found.inputs["credentials"]) == KEYS
    assert CANARY not in repr(found)
    assert (found.id, found.closed, found.beyond) == ("5f3c", False, {Purpose.LIGHTLY: ("write",)})


@pytest.mark.parametrize(
    "keys",
    [CLOSED, {"LIGHTLY": CLOSED}, {"LIGHTLY": {**KEYS["LIGHTLY"], "secretAccessKey": CLOSED}}],
    ids=["all", "an entry", "a value"],
)
def test_encrypted_keys_are_left_out_as_a_whole(keys: Any) -> None:
    found = asked(document(credentials=keys))["cows"]
    assert "credentials" not in found.inputs
    assert found.closed
    assert found.inputs["datasources"] == SOURCES


def test_without_keys_nothing_is_closed_and_what_is_to_be_deleted_is_not_asked() -> None:
    assert not asked(document())["cows"].closed
    gone = document()
    gone["deployment"]["resources"][-1]["delete"] = True
    assert asked(gone) == {}


def test_a_secret_that_is_neither_is_refused_and_not_repeated() -> None:
    with pytest.raises(StateError, match="neither encrypted nor in clear") as refused:
        asked(document(credentials={SIGNATURE: SECRET, "plaintext": CANARY}))
    assert CANARY not in str(refused.value)
    assert refused.value.__context__ is None
