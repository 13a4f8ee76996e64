"""What a SAS token and its stored policy say that is too wide or too weak."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.audit.finding import Finding, Severity, by_severity
from lightly_access.audit.lightly import datasource
from lightly_access.audit.registered import Registered
from lightly_access.kinds.azure.audit.compare import AzureFacts, findings
from lightly_access.kinds.azure.audit.reading import Reader
from lightly_core.capability import Purpose
from lightly_core.secret import Secret
from lightly_policies.sas import PERMISSIONS, StoredPolicy, token

NOW = datetime(2026, 11, 21, tzinfo=UTC)
KEY = base64.b64encode(b"k" * 64).decode()
OURS = token("acmephotos", "lake", "lightly-a", KEY)
BARE = "sv=2022-11-02&spr=https&sr=c&sp=rl&se=2026-12-21T00%3A00%3A00Z&sig=c2lnc2ln"


def registered(text: str | None = OURS, purpose: Purpose = Purpose.INPUT, path: str = "") -> Registered:
    secrets = {"sasToken": Secret(text)} if text else {}
    return datasource(purpose, "azure", "sas", f"azure://acmephotos/lake/{path}", {}, secrets)


def stored(permissions: str = "rl", days: int = 60) -> AzureFacts:
    return AzureFacts(StoredPolicy("lightly-a", permissions, NOW - timedelta(days=1), NOW + timedelta(days=days)), True)


def found(registered: Registered, facts: AzureFacts) -> list[Finding]:
    return list(by_severity(findings(registered, facts, NOW)))


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("mark", ["", "?"])
def test_our_own_tokens_are_found_to_be_right(purpose: Purpose, mark: str) -> None:
    assert found(registered(mark + OURS, purpose), stored(PERMISSIONS[purpose])) == []


@pytest.mark.parametrize(
    ("text", "rule", "severity"),
    [
        (KEY, "account-key", Severity.CRITICAL),
        ("sv=2022-11-02&ss=b&srt=sco&sp=rwdlac&se=2027-01-01T00:00:00Z&sig=c2ln", "account-sas", Severity.CRITICAL),
        (BARE, "no-stored-policy", Severity.HIGH),
        (BARE.replace("spr=https&", ""), "not-https-only", Severity.HIGH),
        (BARE.replace("spr=https", "spr=https%2Chttp"), "not-https-only", Severity.HIGH),
        (BARE.replace("sp=rl", "sp=racwdl"), "input-writes", Severity.HIGH),
        (BARE.replace("sp=rl", "sp=rlf"), "extra-action", Severity.MEDIUM),
        (BARE.replace("sp=rl", "sp=r"), "missing-right", Severity.HIGH),
        (BARE.replace("2026-12-21", "2026-11-20"), "sas-expired", Severity.HIGH),
        (BARE.replace("2026-12-21", "2026-11-30"), "sas-expires-soon", Severity.MEDIUM),
        (BARE.replace("2026-12-21", "2036-12-21"), "sas-lives-long", Severity.MEDIUM),
        (BARE.replace("sr=c", "sr=b"), "missing-list", Severity.HIGH),
        ("nonsense", "sas-unreadable", Severity.HIGH),
    ],
)
def test_every_weakness_of_a_token_is_named(text: str, rule: str, severity: Severity) -> None:
    assert {finding.rule: finding.severity for finding in found(registered(text), AzureFacts())}[rule] is severity


def test_the_stored_policy_is_evaluated_where_it_could_be_read() -> None:
    assert [finding.rule for finding in found(registered(), stored("racwdl"))] == ["input-writes"]
    assert [finding.rule for finding in found(registered(), stored(days=400))] == ["sas-lives-long"]
    assert [finding.rule for finding in found(registered(), AzureFacts(None, True))] == ["policy-gone"]


def test_a_directory_that_the_token_cannot_be_bound_to_is_said_and_is_no_alarm() -> None:
    assert [(finding.rule, finding.severity) for finding in found(registered(path="cows/"), stored())] == [
        ("whole-container", Severity.LOW)
    ]


def test_a_masked_token_and_an_unread_policy_are_named_and_nothing_is_claimed() -> None:
    masked = Reader({}).facts(registered(None))
    assert "does not show" in masked.unreadable[0].reason
    assert found(registered(None), masked) == []
    without_key = Reader({}).facts(registered())
    assert "AZURE_STORAGE_KEY" in without_key.unreadable[0].needs
    assert found(registered(), without_key) == []
    other = {"AZURE_STORAGE_CONNECTION_STRING": f"AccountName=somebodyelse;AccountKey={KEY}"}
    assert Reader(other).facts(registered()).unreadable


@given(st.text(max_size=80))
def test_whatever_lightly_has_as_a_token_is_evaluated_and_never_shown(text: str) -> None:
    item = registered(f"{text}&sig=zQ7secretsignature")
    assert "zQ7secretsignature" not in repr([item, found(item, AzureFacts())])
