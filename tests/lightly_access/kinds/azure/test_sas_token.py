"""A token that somebody hands over: found in whatever it comes in, or refused for what it is, and never shown."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.azure import sas_token

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PARTS = ("sv=2024-11-04", "sr=c", "sp=rl", "st=2026-11-20T00:00:00Z", "se=2027-01-20T00%3A00%3A00Z", "spr=https")
POLICY = "sv=2024-11-04&sr=c&si=lightly-a&spr=https&sig=x%2B"
HOSTS = (
    "https://acmephotos.blob.core.windows.net/lake",
    "https://acmephotos.blob.core.windows.net/lake/cows/",
    "https://acmephotos.dfs.core.windows.net/lake/cows",
    "https://ACMEPHOTOS.blob.core.windows.net/lake",
    "http://127.0.0.1:10000/acmephotos/lake",
)

tokens = st.permutations(PARTS).map(lambda parts: "&".join([*parts, "sig=canary%2Bcanary%3D"]))


@given(tokens, st.sampled_from(["{}", "?{}", " {}\n", '"{}"', "'?{}'", *(f"{host}?{{}}" for host in HOSTS)]))
def test_a_token_is_found_in_whatever_it_comes_in_and_is_good(token: str, around: str) -> None:
    found = sas_token.token_of(around.format(token), "acmephotos", "lake")
    assert found.removeprefix("?") == token
    assert sas_token.fault(found, NOW) is None
    assert sas_token.end(found) == "2027-01-20T00:00:00Z"


def test_a_token_under_a_stored_policy_is_good_and_says_no_end() -> None:
    assert sas_token.fault(POLICY, NOW) is None
    assert sas_token.end(POLICY) is None


KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
TOKEN = "&".join([*PARTS, "sig=canary"])


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"https://other.blob.core.windows.net/lake?{TOKEN}", "of another account or container"),
        (f"https://acmephotos.blob.core.windows.net/other?{TOKEN}", "of another account or container"),
        ("https://acmephotos.blob.core.windows.net/lake", "a URL without a token"),
        (f"BlobEndpoint=https://acmephotos.blob.core.windows.net/;SharedAccessSignature={TOKEN}", "a SAS of the acc"),
        (f"DefaultEndpointsProtocol=https;AccountName=acmephotos;AccountKey={KEY}", "the key of the whole account"),
        (KEY, "it is a key of the whole account"),
        ('{"sas": "canary"}', "JSON"),
        (TOKEN.replace("=", "%3D").replace("&", "%26"), "URL-encoded as a whole"),
        (TOKEN.replace("se=2027", "se=2025"), "it has ended, at 2025-01-20 00:00 UTC"),
        (TOKEN.replace("st=2026-11-20", "st=2026-12-20"), "it begins at 2026-12-20"),
        (TOKEN.replace("se=2027", "se=soon"), "is no time"),
        (TOKEN.replace("sr=c", "sr=b"), "not for one blob"),
        (TOKEN.replace("sr=c", "ss=b&srt=co"), "account SAS"),
        (TOKEN.replace("spr=https", "spr=https,http"), "https only"),
        (TOKEN.replace("sig=canary", ""), "no signature"),
        ("", "no signature"),
    ],
)
def test_what_is_no_token_is_refused_for_what_it_is_seen_to_be(text: str, seen: str) -> None:
    fault = sas_token.fault(sas_token.token_of(text, "acmephotos", "lake"), NOW)
    assert fault
    assert seen in str(fault.hint)


@given(st.text(max_size=80), st.sampled_from(["", "https://", "st=", "se=", "AccountKey=", "?"]))
def test_no_text_breaks_the_rule_and_none_is_shown(text: str, before: str) -> None:
    fault = sas_token.fault(sas_token.token_of(f"{before}canary{text}", "acmephotos", "lake"))
    assert fault is None or "canary" not in f"{fault.expected} {fault.hint}"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_a_token_is_good_until_its_end_in_every_form_that_azure_takes(when: datetime) -> None:
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ"):
        ends = sas_token.moment(when.strftime(form))
        assert ends
        token = TOKEN.replace("2027-01-20T00%3A00%3A00Z", when.strftime(form)).replace("st=2026", "st=2019")
        assert sas_token.fault(token, ends - timedelta(seconds=1)) is None
        assert sas_token.fault(token, ends)
