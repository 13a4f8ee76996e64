"""What a service account may do beyond its purpose, and how its key is kept."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lightly_access.audit.finding import Finding, Severity, by_severity
from lightly_access.audit.lightly import datasource
from lightly_access.audit.registered import Registered
from lightly_access.kinds.gcs.audit.compare import findings
from lightly_access.kinds.gcs.audit.facts import Account, GcpFacts, Key
from lightly_core.capability import Purpose
from lightly_policies.cases_gcs import PERMISSIONS
from lightly_policies.evaluator.gcs import Binding, Condition
from lightly_policies.render_gcs import gcs_binding

NOW = datetime(2026, 11, 21, tzinfo=UTC)
EMAIL = "lightly@acme-ml.iam.gserviceaccount.com"
ROLE = "projects/acme-ml/roles/lightly"
ACCOUNT = Account(EMAIL, "acme-ml", keys=(Key("a" * 40, NOW - timedelta(days=3)),))
VALUES = {"projectId": "acme-ml", "clientEmail": EMAIL, "keyId": "a" * 40}


def registered(purpose: Purpose = Purpose.LIGHTLY, path: str = "cows/") -> Registered:
    return datasource(purpose, "gcs", "service_account", f"gs://acme-frames/{path}", VALUES)


def bound(path: str = "cows/", role: str = ROLE, bucket: str | None = "acme-frames") -> Binding:
    found = json.loads(gcs_binding("acme-frames", path, role=ROLE, member=ACCOUNT.member))["condition"]
    return Binding(role, (ACCOUNT.member,), Condition(**found) if found else None, bucket)


def facts(*bindings: Binding, permissions: frozenset[str] = PERMISSIONS["LIGHTLY"], **more: Any) -> GcpFacts:
    given: dict[str, Any] = {"account": ACCOUNT, "uniform": True, "prevention": "enforced", **more}
    return GcpFacts(bindings=bindings, roles={ROLE: permissions}, **given)


def found(facts: GcpFacts, registered: Registered) -> list[Finding]:
    return list(by_severity(findings(registered, facts, NOW)))


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("path", ["", "cows/"])
def test_our_own_documents_are_found_to_be_right(purpose: Purpose, path: str) -> None:
    assert found(facts(bound(path), permissions=PERMISSIONS[purpose]), registered(purpose, path)) == []


@pytest.mark.parametrize(
    ("given", "rule", "severity"),
    [
        (facts(Binding(ROLE, (ACCOUNT.member,), None, "acme-frames")), "whole-bucket", Severity.HIGH),
        (facts(bound(), Binding(ROLE, (ACCOUNT.member,))), "any-bucket", Severity.CRITICAL),
        (
            facts(bound(), Binding("roles/storage.admin", (ACCOUNT.member,), None, "acme-frames")),
            "any-action",
            Severity.CRITICAL,
        ),
        (facts(bound(), bound(role="roles/storage.objectViewer")), "predefined-role", Severity.MEDIUM),
        (
            facts(bound(), Binding("roles/storage.objectViewer", ("allUsers",), None, "acme-frames")),
            "public-bucket",
            Severity.CRITICAL,
        ),
        (facts(bound(), permissions=PERMISSIONS["LIGHTLY"] | {"storage.buckets.get"}), "extra-action", Severity.MEDIUM),
        (facts(bound(), uniform=False), "not-uniform", Severity.MEDIUM),
        (facts(bound(), prevention="inherited"), "public-possible", Severity.LOW),
        (facts(bound(), bound("dogs/")), "beyond-purpose", Severity.MEDIUM),
    ],
)
def test_every_way_of_being_too_wide_is_named(given: GcpFacts, rule: str, severity: Severity) -> None:
    assert {finding.rule: finding.severity for finding in found(given, registered())}[rule] is severity


def test_input_that_may_write_is_named() -> None:
    seen = found(facts(bound()), registered(Purpose.INPUT))
    assert [(finding.rule, finding.severity) for finding in seen] == [("input-writes", Severity.HIGH)]
    assert "storage.objects.delete" in seen[0].what


def test_missing_rights_are_named_unless_something_could_not_be_read() -> None:
    weak = facts(bound(), permissions=PERMISSIONS["INPUT"])
    assert {finding.rule for finding in found(weak, registered())} == {
        "missing-write",
        "missing-overwrite",
        "missing-delete",
    }
    assert found(facts(bound(), permissions=PERMISSIONS["INPUT"], complete=False), registered()) == []


@pytest.mark.parametrize(
    ("account", "rule"),
    [
        (Account(EMAIL, "acme-ml", True, ACCOUNT.keys), "account-disabled"),
        (Account(EMAIL, "acme-ml", keys=(Key("a" * 40, NOW - timedelta(days=91)),)), "key-old"),
        (Account(EMAIL, "acme-ml", keys=(Key("b" * 40, NOW),)), "key-gone"),
        (Account(EMAIL, "acme-ml", keys=(Key("a" * 40, NOW, True),)), "key-inactive"),
        (Account(EMAIL, "acme-ml", keys=(*ACCOUNT.keys, Key("b" * 40, NOW))), "key-second"),
    ],
)
def test_how_a_key_is_kept(account: Account, rule: str) -> None:
    assert [finding.rule for finding in found(facts(bound(), account=account), registered())] == [rule]


def test_a_key_of_ninety_days_is_not_old() -> None:
    account = Account(EMAIL, "acme-ml", keys=(Key("a" * 40, NOW - timedelta(days=90)),))
    assert found(facts(bound(), account=account), registered()) == []


@pytest.mark.parametrize(("until", "rule"), [("2027-06-01", "ends"), ("2026-06-01", "missing-list")])
def test_a_binding_with_an_end_is_named_with_its_day(until: str, rule: str) -> None:
    ours = bound()
    assert ours.condition
    timed = f'({ours.condition.expression}) && request.time < timestamp("{until}T00:00:00Z")'
    ending = replace(ours, condition=replace(ours.condition, expression=timed))
    seen = {each.rule: each for each in found(facts(ending), registered())}
    assert rule in seen
    assert seen[rule].what.startswith(f"from {until} 00:00 UTC on: ") is (rule == "ends")
