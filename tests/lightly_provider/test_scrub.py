"""No known secret leaves, in whatever clothes."""

import html
import json
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st
from lightly_provider.scrub import Scrubber
from lightly_provider.wire import SecretValue

SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, codec="utf-8"), min_size=8, max_size=30).filter(
    lambda text: text != "<secret>"  # what is put in a secret's place
)


@given(SECRETS, st.sampled_from([str, quote, quote_plus, json.dumps, html.escape, repr, lambda s: quote(s, safe="")]))
def test_a_learned_secret_is_hidden_in_every_form(secret: str, dress: "object") -> None:
    assert callable(dress)
    scrubber = Scrubber()
    scrubber.learn(secret)
    shown = scrubber.scrub(f"before {dress(secret)} after")
    assert secret not in shown
    assert dress(secret).strip("'\"") not in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")


def test_secrets_are_learned_from_values_at_any_depth() -> None:
    scrubber = Scrubber()
    scrubber.learn_from({"open": "visible", "a": [SecretValue({"b": "hidden-one"})]})
    assert scrubber.scrub("visible hidden-one") == "visible <secret>"


def test_a_secret_that_contains_another_is_hidden_whole() -> None:
    scrubber = Scrubber()
    scrubber.learn("abcd", "abcdefgh")
    assert scrubber.scrub("abcdefgh") == "<secret>"


def test_no_url_keeps_its_query_even_when_the_token_was_never_learned() -> None:
    text = Scrubber().scrub(
        "GET https://api.lightly.ai/v1/datasets?shared=False&token=never-seen failed; /v1/x?token=abc"
    )
    assert "never-seen" not in text
    assert "abc" not in text
    assert "https://api.lightly.ai/v1/datasets" in text


def test_a_scrubber_does_not_show_what_it_knows() -> None:
    scrubber = Scrubber()
    scrubber.learn("canary-1234")
    assert "canary" not in repr(scrubber)
