"""The documents for pipelines and people, of one stack with every kind of light."""

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

from lightly_access.drift.drift import gone
from lightly_access.verify import document, terminal
from lightly_access.verify.junit import as_xml
from lightly_access.verify.lights import explained
from lightly_access.verify.sarif import as_sarif
from lightly_core.capability import Purpose

from tests.lightly_access.verify.found import FOUND


def test_junit_has_a_case_for_each_light_and_counts_what_is_in_it() -> None:
    root = ET.fromstring(as_xml(FOUND))  # noqa: S314 - our own
    assert root.tag == "testsuites"
    suites = root.findall("testsuite")
    assert [suite.get("name") for suite in suites] == [
        "cows <b>",
        "bees",
        "lost",
    ]  # revoked on purpose: nothing to test
    for place in (root, *suites):
        for name, tag in {"tests": "testcase", "failures": "failure", "errors": "error"}.items():
            assert place.get(name) == str(sum(1 for _ in place.iter(tag))), (place.get("name"), name)
    assert suites[0].get("skipped") == "1"
    assert suites[0].get("timestamp") == "2026-11-28T12:00:00"
    cases = {(case.get("classname"), case.get("name")): case for case in root.iter("testcase")}
    assert len(cases) == 8
    drift = cases["cows <b>.drift", "key-beside"].find("failure")
    assert drift is not None
    assert str(drift.text).endswith("nobody watches it\nhint: drop it")
    failure = cases["cows <b>.LIGHTLY", "write"].find("failure")
    assert failure is not None
    assert failure.get("type") == "went red"
    assert failure.text is not None
    assert failure.text.startswith("went red, compared with 2026-11-28T09:00:00Z\nno <bucket> & ")
    assert failure.text.endswith("\nhint: make it")
    assert cases["cows <b>.INPUT", "read"].find("failure") is None
    assert cases["cows <b>.LIGHTLY", "delete"].find("skipped") is not None
    assert cases["lost", "could be asked"].find("error") is not None


def test_sarif_has_a_result_for_each_red_light_and_says_who_was_not_asked() -> None:
    """What the schema of SARIF 2.1.0 and GitHub's code scanning need of it."""
    sarif = json.loads(json.dumps(as_sarif(FOUND)))
    assert sarif["version"] == "2.1.0"
    (run,) = sarif["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) == 7
    results = run["results"]
    *lights, drift = results
    assert (len(lights), drift["ruleId"], drift["properties"]["rule"]) == (2, "drift", "key-beside")
    assert list(drift["partialFingerprints"]) == ["drift/v1"]
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert (result["level"], result["kind"]) == ("error", "fail")
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "Pulumi.prod.yaml"
        assert location["physicalLocation"]["region"]["startLine"] == 1
        assert location["logicalLocations"][0]["fullyQualifiedName"] == "farm/prod/cows <b>/LIGHTLY"
    assert len({result["partialFingerprints"]["light/v1"] for result in lights}) == 2
    assert [result["properties"]["change"] for result in lights] == ["went red", "still red"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert ["lost" in said["message"]["text"] for said in invocation["toolExecutionNotifications"]] == [True]
    again = as_sarif(FOUND)["runs"][0]["results"]
    assert [result["partialFingerprints"] for result in again] == [result["partialFingerprints"] for result in results]


def test_json_says_what_changed_since_when_and_what_it_was() -> None:
    found = document.as_json(FOUND)
    assert found["ok"] is False
    assert [(each["dataset"], each["light"], each["change"], each["since"]) for each in found["changes"]] == [
        ("cows <b>", "read", "as expected again", "2026-11-28T09:00:00Z"),
        ("cows <b>", "write", "went red", "2026-11-28T09:00:00Z"),
    ]
    cows, lost = found["datasets"]["cows <b>"], found["datasets"]["lost"]
    write = cows["datasources"]["LIGHTLY"]["write"]
    assert (write["ok"], write["before"]["ok"], write["fix"]) == (False, True, "make it")
    assert cows["datasources"]["LIGHTLY"]["delete"]["asked"] is False
    assert (lost["ok"], lost["since"], lost["datasources"]) == (False, None, {})
    assert found["datasets"]["gone"]["ok"] is True
    assert [(each["rule"], each["severity"], each["fix"]) for each in cows["drift"]] == [
        ("key-beside", "high", "drop it")
    ]


def test_people_read_red_first_what_changed_and_since_when() -> None:
    said = [text for text, _ in terminal.lines(FOUND)]
    assert said[0] == "farm prod, asked at 2026-11-28 12:00:00 UTC"
    assert said[1] == "RED cows <b>: 2 lights changed since 2026-11-28 09:00 UTC (3 hours ago)"
    assert "    INPUT read: as expected again" in said
    assert any(line.startswith("    LIGHTLY write: went red: no <bucket> & ") for line in said)
    assert any(line.startswith("    LIGHTLY overwrite: still red: ") for line in said)
    assert "    LIGHTLY delete: not asked" in said
    assert any(line.startswith("    LIGHTLY drift, user & co: it has another key") for line in said)
    assert "        fix drop it" in said
    assert "ok  bees: nothing changed since 2026-11-28 09:00 UTC (3 hours ago)" in said
    assert "?   lost: could not be asked" in said
    assert all(text.isprintable() for text in said)


def test_a_watch_adds_a_line_for_each_change() -> None:
    said = [text for text, _ in terminal.changes(FOUND)]
    assert said[0] == "2026-11-28 12:00:00 UTC cows <b> INPUT read: as expected again"
    assert said[1].startswith("2026-11-28 12:00:00 UTC cows <b> LIGHTLY write: went red: ")
    assert said[2].startswith("2026-11-28 12:00:00 UTC cows <b> LIGHTLY drift, user & co: ")
    assert said[3].startswith("2026-11-28 12:00:00 UTC lost: not asked: ")
    assert len(said) == 4
    (cows, *_) = FOUND.datasets
    mended = replace(FOUND, datasets=(replace(cows, lights=(), drift=(), drift_before=cows.drift),))
    ((line, style),) = terminal.changes(mended)
    assert " no more: LIGHTLY drift, user & co: " in line
    assert style == "green"
    assert list(terminal.changes(replace(FOUND, datasets=(replace(cows, lights=(), drift_before=cows.drift),)))) == []


def test_what_is_gone_is_the_cause_of_what_should_be_possible_and_is_not() -> None:
    (cows, *_) = FOUND.datasets
    key = gone("access key AKIA1", "user farm", "LIGHTLY")
    told = {(light.purpose, light.name): light.now for light in explained(cows.lights, [key, *cows.drift])}
    assert told[Purpose.LIGHTLY, "write"].cause == "user farm: access key AKIA1 does not exist any more"
    assert told[Purpose.LIGHTLY, "write"].fix == key.fix
    assert told[Purpose.INPUT, "list"].cause is None
    assert told[Purpose.LIGHTLY, "delete"].cause is None
    assert explained(cows.lights, cows.drift) == cows.lights
