"""Reports of stacks with something of everything."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lightly_access.stack_report.report import StackReport, report

from tests.lightly_access.deployed.states import RED, dataset, key, light_row, state

RECORDED = json.loads((Path(__file__).parents[2] / "stacks" / "recorded" / "state.json").read_text())
NOW = datetime(2026, 12, 20, 12, tzinfo=UTC)
EXEMPT = "lightly-guardrails:exempt"
SAID = {**RED, "cause": "the policy denies it (Lightly says: An error occurred (AccessDenied) when it tried)"}


def mixed(now: datetime = NOW) -> StackReport:
    """Red, never verified, revoked, green; a SAS that soon ends, one that has; nothing evaluated."""
    red = dataset("cows", INPUT=(key(), light_row()), LIGHTLY=(key(), light_row(write=SAID, overwrite=SAID, read=RED)))
    never = dataset("goats", INPUT=(key(), {}))
    ending = dataset("hens", INPUT=({"kind": "SAS token", "expires": "2026-12-22T00:00:00Z"}, light_row()))
    ended = dataset("pigs", INPUT=({"kind": "SAS token", "expires": "2026-12-01"}, light_row()))
    return report(state(red, never, ending, ended, dataset("bulls")), None, now)


def deployed(config: dict[str, str] | None = None, now: datetime = datetime(2026, 11, 29, tzinfo=UTC)) -> StackReport:
    """A real deployment of every kind of store."""
    return report(copy.deepcopy(RECORDED), config, now)


def exempt(**entry: Any) -> dict[str, str]:
    """The configuration with one exemption."""
    return {EXEMPT: json.dumps([entry])}


HOSTILE = "<script>alert(1)</script>\"' onload=x {{ 7 * 7 }} &amp; `c` **b** [l](http://e.example) <b> | \\| \x1b[31m"
HOSTILE += "\n# h\r- i"
BENIGN = "a name of the same length that does no harm"


def named(text: str) -> StackReport:
    """Every text that comes from outside is this one: names, paths, causes, kinds, resources, reasons."""
    light = {"expected": True, "actual": False, "ok": False, "evidence": ["lightly"], "cause": text, "fix": text}
    light["runbook"] = text
    said = {**light, "cause": f"{text} (Lightly says: {text})"}
    resources = dataset(text, INPUT=(key(kind=text), light_row(read=light, write=said)), LIGHTLY=(key(kind=text), {}))
    resources += dataset(f"{text} two", verified_at=None)
    for purpose in ("INPUT", "LIGHTLY"):
        resources[1]["inputs"]["datasources"][purpose] = {"kind": text, "access": text, "path": text}
    granted = dataset("cows", INPUT=(key(), light_row()))
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": text, "Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
    }
    granted[1]["inputs"]["datasources"]["INPUT"] |= {"identity": "AKIA", "path": f"s3://lake/{text}"}
    access = {"type": "lightly-access:aws:S3UserAccess", "urn": "urn:access", "outputs": {"identity": "AKIA"}}
    named_group = {"type": "aws:iam/groupPolicy:GroupPolicy", "urn": f"urn:x::{text}", "parent": "urn:access"}
    written = {"policy": json.dumps(policy)}
    group: dict[str, Any] = {**named_group, "inputs": written, "outputs": written}
    bucket = {"type": "aws:s3/bucket:Bucket", "urn": f"urn:x::{text} bucket", "inputs": {}, "outputs": {"bucket": text}}
    document = state(resources, granted, [access, group, bucket])
    document["deployment"]["resources"][0]["urn"] = f"urn:pulumi:{text}::{text}::pulumi:pulumi:Stack::x"
    config = exempt(rule="s3-tls-only", reason=text, until="2027-03-31", resource=text)
    return report(document, config, NOW)
