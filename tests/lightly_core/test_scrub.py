"""No known secret leaves, in whatever encoding."""

import html
import json
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st
from lightly_core.pulumi_values import SecretValue
from lightly_core.scrub import Scrubber, without_queries
from lightly_core.secret import Secret

SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, codec="utf-8"), min_size=8, max_size=30).filter(
    lambda text: text != "<secret>"  # what is put in a secret's place
)


@given(SECRETS, st.sampled_from([str, quote, quote_plus, json.dumps, html.escape, repr, lambda s: quote(s, safe="")]))
def test_a_learned_secret_is_hidden_in_every_form(secret: str, encoding: "object") -> None:
    assert callable(encoding)
    scrubber = Scrubber()
    scrubber.learn(secret)
    shown = scrubber.scrub(f"before {encoding(secret)} after")
    assert secret not in shown
    assert encoding(secret).strip("'\"") not in shown
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


PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ==\n-----END PRIVATE KEY-----\n"


def test_the_private_key_in_a_key_file_is_hidden_without_the_file() -> None:
    scrubber = Scrubber()
    scrubber.learn(json.dumps({"type": "service_account", "client_email": "a@b.example", "private_key": PEM}, indent=2))
    for said in (PEM, PEM.splitlines()[1], json.dumps({"private_key": PEM}), repr(PEM)):
        assert "MIIEvQ" not in scrubber.scrub(f"could not read {said}!")
    assert scrubber.scrub("a@b.example does not have access") == "a@b.example does not have access"


def test_the_signature_of_a_sas_token_is_hidden_without_the_token() -> None:
    scrubber = Scrubber()
    scrubber.learn("sv=2024-11-04&sr=c&si=lightly-a&spr=https&sig=abc%2Bdef%2Fghi%3D")
    for said in ("abc+def/ghi=", "abc%2Bdef%2Fghi%3D", "abc%2bdef%2fghi%3d"):
        assert said not in scrubber.scrub(f"the signature {said} did not match")
    assert scrubber.scrub("no stored policy lightly-a") == "no stored policy lightly-a"


def test_a_secret_that_only_looks_like_a_file_is_learned_as_it_is() -> None:
    scrubber = Scrubber()
    for text in ('{"private_key": 3}', "{not json", "[" * 2_000, '{"a": ' * 1_500):
        scrubber.learn(text)
        assert scrubber.scrub(f"x {text} y") == "x <secret> y"


def test_no_url_keeps_its_query_even_when_the_token_was_never_learned() -> None:
    text = Scrubber().scrub(
        "GET https://api.lightly.ai/v1/datasets?shared=False&token=never-seen failed; /v1/x?token=abc"
    )
    assert "never-seen" not in text
    assert "abc" not in text
    assert "https://api.lightly.ai/v1/datasets" in text


def test_no_signature_is_shown_even_when_its_token_was_never_learned() -> None:
    for said in (
        "sv=1&sig=abc%2Bd%3D&x=2",
        "sv%3D1%26sig%3Dabc%252Bd%26x%3D2",
        "?X-Amz-Signature=abcd&x=2",
        "sig=abc)",
    ):
        text = Scrubber().scrub(said)
        assert "abc" not in text
        assert "<secret>" in text
        assert ("x" in text) is ("x" in said)
    assert Scrubber().scrub("the design=big, a sign=x") == "the design=big, a sign=x"


def test_a_scrubber_does_not_show_what_it_knows() -> None:
    scrubber = Scrubber()
    scrubber.learn("canary-1234")
    assert "canary" not in repr(scrubber)


def test_secrets_of_the_environment_are_known_and_a_wrapped_one_is_learned() -> None:
    scrubber = Scrubber.of_environment({"LIGHTLY_TOKEN": "canary-1234", "HOME": "/home/somebody"})
    scrubber.learn(Secret("canary-5678"))
    assert scrubber.scrub("canary-1234 canary-5678 /home/somebody") == "<secret> <secret> /home/somebody"


def test_a_line_of_a_log_loses_every_query() -> None:
    assert without_queries('127.0.0.1 "GET /v1/x?shared=False&token=abc HTTP/1.1" 200') == (
        '127.0.0.1 "GET /v1/x?... HTTP/1.1" 200'
    )
