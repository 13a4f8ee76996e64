"""Settings of the provider that are rehearsed: default tags, a profile, how often a call is tried again."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from lightly_sandbox.kinds.s3.mock_provider import Serving

from tests.lightly_sandbox.mock_providers.client import Plugin, ProviderError

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}],
    }
)
TAGGED: dict[str, dict[str, Any]] = {
    "aws:s3/bucket:Bucket": {},
    "aws:iam/role:Role": {"assumeRolePolicy": TRUST},
    "aws:iam/user:User": {},
    "aws:kms/key:Key": {"deletionWindowInDays": 7},
    "aws:s3/bucketObjectv2:BucketObjectv2": {"key": "directory/", "content": ""},
}
Connect = Callable[..., Plugin]


@pytest.fixture
def connect(serving: Serving) -> Iterator[Connect]:
    made: list[Plugin] = []

    def connection(**settings: str) -> Plugin:
        made.append(Plugin(serving.port, {"region": "eu-central-1", **settings}))
        return made[-1]

    yield connection
    for each in made:
        each.close()


def _tags(**tags: str) -> str:
    return json.dumps({"tags": tags})


@pytest.mark.parametrize("token", TAGGED)
def test_default_tags_are_on_every_resource_and_follow_the_setting(connect: Connect, token: str) -> None:
    before, after = connect(defaultTags=_tags(owner="herd", team="any")), connect(defaultTags=_tags(owner="barn"))
    bucket = before.create("aws:s3/bucket:Bucket", "b", {"bucket": f"acme-{uuid.uuid4().hex[:8]}"})
    inputs = {**TAGGED[token], "tags": {"team": "vision"}}
    if token.endswith("BucketObjectv2"):
        inputs["bucket"] = bucket.id
    made = before.create(token, "it", inputs)
    assert (made["tags"], made["tagsAll"]) == ({"team": "vision"}, {"owner": "herd", "team": "vision"})
    again = before.read(made)
    assert again is not None
    assert (again["tags"], again["tagsAll"]) == (made["tags"], made["tagsAll"])
    assert list(before.diff(again, inputs).diffs) == []

    assert list(after.diff(again, inputs).diffs) == ["tagsAll"]
    changed = after.read(after.update(again, inputs))
    assert changed is not None
    assert changed["tagsAll"] == {"owner": "barn", "team": "vision"}
    assert list(after.diff(changed, inputs).diffs) == []
    after.delete(changed)
    before.delete(bucket)


@pytest.mark.parametrize("setting", ["[]", '{"tags": []}', '{"tags": {"a": 1}}', '{"owner": "herd"}', "no JSON"])
def test_default_tags_are_an_object_of_texts(plugin: Plugin, setting: str) -> None:
    failures = plugin.check_config({"region": "eu-central-1", "defaultTags": setting})
    assert [name for name, _ in failures] == ([] if setting == "[]" else ["defaultTags"])


def test_a_profile_is_the_login_of_the_rehearsal(connect: Connect) -> None:
    connection = connect(profile="research")
    assert connection.check_config({"region": "eu-central-1", "profile": "research"}) == []
    assert connection.invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"


@pytest.mark.parametrize(("retries", "outcome"), [("0", "refused"), ("1", "refused"), ("2", "made"), ("25", "made")])
def test_a_call_is_tried_again_as_often_as_the_setting_says(
    connect: Connect, faults: Callable[..., None], retries: str, outcome: str
) -> None:
    connection = connect(maxRetries=retries)
    faults({"action": "iam:CreateRole", "status": 503, "code": "ServiceUnavailable", "message": "later", "times": 2})
    with nullcontext() if outcome == "made" else pytest.raises(ProviderError, match="ServiceUnavailable: later"):
        connection.delete(connection.create("aws:iam/role:Role", "it", TAGGED["aws:iam/role:Role"]))


@pytest.mark.parametrize("setting", ["-1", "many", "1.5", "true"])
def test_a_number_of_retries_is_a_whole_number(plugin: Plugin, setting: str) -> None:
    assert [name for name, _ in plugin.check_config({"maxRetries": setting})] == ["maxRetries"]
