"""ExternalId: random, fit for Lightly and AWS, stable until its keepers change."""

import pytest
from lightly_access.kinds.s3 import rules
from lightly_api.client import LightlyApi
from lightly_api.errors import RequestRefusedError
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue
from lightly_provider.handlers.external_id import ExternalIdHandler
from lightly_provider.handlers.handler import Call, Diff


def no_api() -> LightlyApi:
    raise AssertionError("Lightly is not needed")


HANDLER, CALL = ExternalIdHandler(), Call(api=no_api)


def test_it_is_a_secret_that_lightly_accepts_and_never_the_same() -> None:
    made = [HANDLER.create(CALL, {}) for _ in range(20)]
    values = [one.properties["value"] for one in made]
    texts = {value.value for value in values if isinstance(value, SecretValue) and isinstance(value.value, str)}
    assert len(texts) == 20 == len({one.id for one in made})
    assert all(rules.external_id(text) is None and len(text) == 43 for text in texts)
    assert not any(one.id in text for one in made for text in texts)


def test_other_keepers_make_a_new_one() -> None:
    old: Properties = {"keepers": {"a": "1"}}
    assert HANDLER.diff(old, old, {"keepers": {"a": "1"}}) == Diff()
    assert HANDLER.diff(old, old, {"keepers": {"a": UNKNOWN}}).replaces == {"keepers"}
    assert HANDLER.diff(old, old, {}).replaces == {"keepers"}
    assert HANDLER.diff({}, {}, {"keepers": {}}).replaces == {"keepers"}


def test_check_wants_texts() -> None:
    assert not HANDLER.check({"keepers": {"a": UNKNOWN, "b": SecretValue("x")}}).failures
    assert [failure.property for failure in HANDLER.check({"keepers": {"a": 1.0}}).failures] == ["keepers.a"]
    assert [failure.property for failure in HANDLER.check({"keepers": "x", "value": "y"}).failures] == [
        "value",
        "keepers",
    ]


def test_a_preview_shows_it_unknown_and_secret() -> None:
    assert HANDLER.planned({}, None) == {"value": SecretValue(UNKNOWN)}


def test_read_keeps_it_and_an_import_is_refused() -> None:
    made = HANDLER.create(CALL, {})
    found = HANDLER.read(CALL, made.id, {}, made.properties)
    assert found is not None
    assert found.properties == made.properties
    with pytest.raises(RequestRefusedError, match="cannot be imported"):
        HANDLER.read(CALL, "x", {}, {})
