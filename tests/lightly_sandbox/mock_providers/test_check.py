"""Check: every bad property is named, and what the program leaves out is filled in as the real provider does it."""

import json
import re

import pytest
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue
from lightly_sandbox.kinds.s3.mock_provider.cloud import SDK
from lightly_sandbox.kinds.s3.mock_provider.table import TYPES
from lightly_sandbox.mock_providers.check import check
from lightly_sandbox.mock_providers.naming import Mode, NameRequest

ROLE, BUCKET = "aws:iam/role:Role", "aws:s3/bucket:Bucket"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def run(
    token: str, news: Properties, olds: Properties | None = None, name_request: NameRequest | None = None
) -> tuple[Properties, dict[str, str]]:
    inputs, failures = check(TYPES[token], olds or {}, news, name_request or NameRequest("it"), SDK)
    return inputs, {failure.path: failure.reason for failure in failures}


def test_every_bad_property_is_reported_in_one_go() -> None:
    _, failures = run(ROLE, {"maxSessionDuration": "long", "inlinePolicies": [], "descripton": "x", "tags": {"a": 1.0}})
    assert failures.keys() == {"maxSessionDuration", "inlinePolicies", "descripton", "tags", "assumeRolePolicy"}
    assert failures["assumeRolePolicy"] == "missing required property `assumeRolePolicy`"
    assert failures["descripton"] == "unknown property `descripton`\nhint: did you mean `description`?"
    assert failures["maxSessionDuration"] == "got a text, expected a whole number"
    assert failures["inlinePolicies"].startswith("the mock provider does not implement `inlinePolicies`")


def test_a_nested_field_is_reported_by_its_path() -> None:
    rule: Properties = {"id": "x", "status": "On", "transition": [], "expiration": {"days": 1.5}}
    _, failures = run(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {"bucket": "b", "rules": [rule]}
    )
    assert failures.keys() == {"rules[0].status", "rules[0].transition", "rules[0].expiration.days"}
    assert failures["rules[0].status"] == "got 'On', expected one of Enabled, Disabled"


@pytest.mark.parametrize("text", ["not json", "[]", '"text"', ""])
def test_a_document_that_is_no_json_object_is_refused(text: str) -> None:
    _, failures = run(ROLE, {"assumeRolePolicy": text})
    assert failures["assumeRolePolicy"].endswith("expected a JSON policy document")


def test_a_document_given_as_an_object_becomes_text_and_stays_secret() -> None:
    inputs, failures = run(ROLE, {"assumeRolePolicy": {"Version": "2012-10-17", "Id": SecretValue("hidden-id")}})
    assert failures == {}
    text = inputs["assumeRolePolicy"]
    assert isinstance(text, SecretValue)
    assert json.loads(str(text.value)) == {"Version": "2012-10-17", "Id": "hidden-id"}


def test_secrets_and_unknowns_pass_untouched() -> None:
    secret = SecretValue(TRUST)
    inputs, failures = run(ROLE, {"assumeRolePolicy": secret, "path": UNKNOWN, "tags": {"a": UNKNOWN}, "name": "n"})
    assert failures == {}
    assert inputs == {
        "assumeRolePolicy": secret,
        "path": UNKNOWN,
        "tags": {"a": UNKNOWN},
        "name": "n",
        "__defaults": [],
    }


def test_a_failure_never_shows_a_secret_value() -> None:
    _, failures = run("aws:iam/accessKey:AccessKey", {"user": "u", "status": SecretValue("hunter2-hunter2")})
    assert failures["status"] == "got a secret, expected one of Active, Inactive"


def test_a_name_is_made_of_the_logical_name_and_seven_digits_and_kept() -> None:
    inputs, _ = run(ROLE, {"assumeRolePolicy": TRUST}, name_request=NameRequest("reader", b"seed"))
    assert re.fullmatch(r"reader-[0-9a-f]{7}", str(inputs["name"]))
    assert inputs["__defaults"] == ["name"]
    again, _ = run(ROLE, {"assumeRolePolicy": TRUST}, inputs, NameRequest("reader", b"other seed"))
    assert again == inputs


def test_a_name_that_was_given_is_not_kept_when_the_program_stops_giving_it() -> None:
    given, _ = run(ROLE, {"assumeRolePolicy": TRUST, "name": "mine"})
    inputs, _ = run(ROLE, {"assumeRolePolicy": TRUST}, given, NameRequest("reader"))
    assert inputs["name"] != "mine"


def test_names_are_cut_to_the_limit_and_bucket_names_are_lower_case() -> None:
    role, _ = run(ROLE, {"assumeRolePolicy": TRUST}, name_request=NameRequest("r" * 100))
    bucket, _ = run(BUCKET, {}, name_request=NameRequest("Results" * 20))
    assert len(str(role["name"])) == 64
    assert re.fullmatch(r"[a-z]+-[0-9a-f]{7}", str(bucket["bucket"]))
    assert len(str(bucket["bucket"])) == 63


def test_an_alias_starts_with_alias_and_an_object_has_its_logical_name() -> None:
    alias, _ = run("aws:kms/alias:Alias", {"targetKeyId": "k"}, name_request=NameRequest("results"))
    thing, _ = run("aws:s3/bucketObjectv2:BucketObjectv2", {"bucket": "b"}, name_request=NameRequest("farm/"))
    assert str(alias["name"]).startswith("alias/results-")
    assert thing["key"] == "farm/"


def test_a_prefix_is_honoured_and_its_name_kept() -> None:
    news: Properties = {"assumeRolePolicy": TRUST, "namePrefix": "lightly-"}
    inputs, _ = run(ROLE, news)
    assert str(inputs["name"]).startswith("lightly-")
    assert run(ROLE, news, inputs)[0] == inputs


def test_the_projects_naming_is_honoured() -> None:
    enforced, _ = run(ROLE, {"assumeRolePolicy": TRUST}, name_request=NameRequest("r", b"", "Proposed", Mode.ENFORCE))
    _, failures = run(ROLE, {"assumeRolePolicy": TRUST}, name_request=NameRequest("r", b"", "", Mode.DISABLE))
    assert enforced["name"] == "Proposed"
    assert failures == {"name": "automatic naming is switched off\nhint: give `name`"}


def test_a_given_name_that_is_too_long_is_refused() -> None:
    _, failures = run(ROLE, {"assumeRolePolicy": TRUST, "name": "x" * 65})
    assert failures == {"name": "got 65 characters, expected at most 64"}
