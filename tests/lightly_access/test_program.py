"""The program's first step: the manifest of its stack, or everything that is wrong before anything is made."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from lightly_access import program, secret_refs, without_token
from lightly_access.program import in_words, stack_manifest
from lightly_access.tables.written import KEYS

from tests.lightly_access.recording import record

STORES = {"lake": {"kind": "s3", "bucket": "acme-datalake", "region": "eu-central-1"}}
COWS: dict[str, Any] = {
    "type": "images",
    "input": {"store": "lake", "path": "cows/", "access": "delegated"},
    "lightly": {"store": "lake", "path": "lightly/cows/", "access": "delegated"},
}
GOOD = {
    "aws:region": "eu-central-1",
    "lightly-access:stores": json.dumps(STORES),
    "lightly-access:datasets": json.dumps({"cows": COWS}),
}


@pytest.fixture(autouse=True)
def run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIGHTLY_TOKEN", "t")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    record()


def begin(config: dict[str, str], *, preview: bool = False) -> str:
    """What a run is told; nothing when the manifest is good."""
    pulumi.runtime.set_all_config(config)
    pulumi.runtime.settings.SETTINGS.dry_run = preview
    try:
        stack_manifest(Path())
    except pulumi.RunError as refused:
        return str(refused)
    finally:
        pulumi.runtime.set_all_config({})
    return ""


def test_a_good_manifest_is_given() -> None:
    assert begin(GOOD) == ""


def test_a_key_that_nobody_reads_ends_the_preview_as_it_ends_the_check() -> None:
    slipped = {"lightly-acces:stores": GOOD["lightly-access:stores"]}
    assert "did you mean 'lightly-access:stores'?" in begin({**GOOD, **slipped}, preview=True)
    assert "did you mean 'lightly-access:datasets'?" in begin({"lightly:datasets": "{}"}, preview=True)


def test_a_manifest_of_nothing_ends_the_preview_until_it_is_said_twice() -> None:
    assert "lightly-access:empty: true" in begin({}, preview=True)
    assert begin({"lightly-access:empty": "true"}, preview=True) == ""


@pytest.mark.parametrize("key", KEYS)
def test_a_text_that_is_no_table_is_one_sentence(key: str) -> None:
    assert f"{key}: got 'hello'" in begin({**GOOD, f"lightly-access:{key}": "hello"})


def test_without_a_token_a_preview_goes_on_and_a_deployment_makes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIGHTLY_TOKEN")
    assert begin(GOOD, preview=True) == ""
    assert "lightly:token" in begin(GOOD)
    assert begin({**GOOD, "lightly:token": "t"}) == ""


def test_without_a_token_a_stack_that_was_deployed_before_goes_on_to_end_access(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("LIGHTLY_TOKEN")
    ended: list[int] = []
    monkeypatch.setattr(without_token, "end_only", lambda: ended.append(1))
    revoked = {"goats": {**COWS, "input": {**COWS["input"], "path": "goats/"}, "revoked": True}}
    assert begin({**GOOD, "lightly-access:datasets": json.dumps(revoked)}) == ""
    assert not ended, "nothing of Lightly is needed"
    monkeypatch.setattr(program, "stack_outputs", lambda: {"datasets": {"goats": "ok"}})
    assert begin(GOOD) == ""
    assert ended


def test_what_the_providers_of_the_clouds_are_told_wrongly_ends_the_preview_too() -> None:
    assert "did you mean 'eu-central-1'?" in begin({**GOOD, "aws:region": "eu-centrl-1"}, preview=True)


def test_what_we_refuse_ends_a_program_in_one_sentence_and_its_own_errors_stay() -> None:
    with pytest.raises(pulumi.RunError, match=r"^datasets\.cows: got 'env:NOWHERE', expected .* NOWHERE"), in_words():
        secret_refs.resolved("env:NOWHERE", "datasets.cows", {})
    with pytest.raises(KeyError), in_words():
        raise KeyError("of the program itself")
