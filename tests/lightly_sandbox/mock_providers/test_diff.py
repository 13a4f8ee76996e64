"""Diff: what means the same is no change; what cannot change in place is a replacement."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_sandbox.kinds.s3.mock_provider.table import TYPES
from lightly_sandbox.mock_providers.diff import Difference, diff
from lightly_sandbox.mock_providers.policy_text import same_document
from lightly_sandbox.mock_providers.state import made, seen

ROLE, LIFE = "aws:iam/role:Role", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


def compare(
    token: str, old: dict[str, Any], new: dict[str, Any], region: str = "eu-central-1", **outputs: Any
) -> Difference:
    return diff(TYPES[token], old, {**old, **outputs}, new, region, frozenset())


def test_paths_say_what_was_added_removed_and_changed() -> None:
    found = compare(
        ROLE,
        {"name": "r", "tags": {"gone": "1", "kept": "1", "new-value": "1"}, "description": "x"},
        {"name": "r", "tags": {"kept": "1", "new-value": "2", "more": "1"}, "path": "/lightly/"},
    )
    assert found.detailed == {"tags.gone": 2, 'tags["new-value"]': 4, "tags.more": 0, "description": 2, "path": 1}
    assert set(found.changed) == {"tags", "description", "path"}
    assert found.replaces == ["path"]


def test_nested_lists_are_compared_item_by_item() -> None:
    rule = {"id": "a", "status": "Enabled", "filter": {"prefix": "x/"}}
    found = compare(
        LIFE, {"bucket": "b", "rules": [rule]}, {"bucket": "b", "rules": [{**rule, "filter": {"prefix": "y/"}}]}
    )
    assert found.detailed == {"rules[0].filter.prefix": 4}


def test_a_default_that_is_spelled_out_is_no_change() -> None:
    old = {"name": "r", "path": "/", "maxSessionDuration": 3600.0, "description": "", "tags": {}}
    assert compare(ROLE, old, {"name": "r"}).changed == []
    filters: list[dict[str, Any]] = [{}, {"filter": {}}, {"filter": {"prefix": ""}}]
    for one in filters:
        for other in filters:
            rules = [[{"id": "a", "status": "Enabled", **entry}] for entry in (one, other)]
            assert compare(LIFE, {"bucket": "b", "rules": rules[0]}, {"bucket": "b", "rules": rules[1]}).changed == []


def test_what_the_cloud_chose_is_no_change_when_the_program_says_nothing() -> None:
    assert compare("aws:kms/key:Key", {"policy": "{}"}, {}).changed == []


def test_an_explicit_name_is_replaced_by_deleting_first_and_a_made_one_is_not() -> None:
    old = {"name": "r", "path": "/"}
    assert compare(ROLE, old, {"name": "r", "path": "/x/", "__defaults": []}).delete_first
    assert not compare(ROLE, old, {"name": "r", "path": "/x/", "__defaults": ["name"]}).delete_first
    assert not compare(ROLE, old, {"name": "s", "path": "/x/", "__defaults": []}).delete_first


def test_a_resource_cannot_move_when_the_provider_changes_its_region() -> None:
    kind, inputs, outputs = TYPES["aws:s3/bucket:Bucket"], {"bucket": "b"}, {"bucket": "b", "region": "eu-central-1"}
    moved = diff(kind, inputs, outputs, inputs, "us-east-1", frozenset())
    assert (moved.replaces, moved.detailed) == (["region"], {"region": 5})
    assert diff(kind, inputs, outputs, inputs, "eu-central-1", frozenset()).changed == []


def test_ignored_changes_are_ignored() -> None:
    found = diff(TYPES[ROLE], {"path": "/"}, {}, {"path": "/x/"}, "", frozenset({"path"}))
    assert found.changed == []


def test_the_same_set_of_groups_in_another_order_is_no_change() -> None:
    token = "aws:iam/userGroupMembership:UserGroupMembership"
    assert compare(token, {"user": "u", "groups": ["a", "b"]}, {"user": "u", "groups": ["b", "a"]}).changed == []


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ({"Action": "s3:GetObject"}, {"Action": ["s3:GetObject"]}, True),
        ({"Action": ["a:B", "a:C"]}, {"Action": ["a:C", "a:B"]}, True),
        ({"Action": ["a:B"]}, {"Action": ["a:C"]}, False),
        ({"Principal": {"AWS": "123456789012"}}, {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, True),
        ({"Principal": "*"}, {"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"AWS": "123456789012"}}, {"Principal": {"AWS": "123456789013"}}, False),
        ({"Condition": {"Bool": {"x": True}}}, {"Condition": {"Bool": {"x": "true"}}}, True),
        ({"Condition": {"Bool": {"x": "true"}}}, {"Condition": {"Bool": {"x": "false"}}}, False),
        ({"Sid": "a"}, {"Sid": "b"}, False),
        ({"Effect": "Allow"}, {"Effect": "Deny"}, False),
    ],
)
def test_policies_are_compared_by_meaning(left: Any, right: Any, same: bool) -> None:
    texts = [json.dumps({"Version": "2012-10-17", "Statement": entry}) for entry in (left, [right])]
    assert same_document(*texts) is same


names = st.text("abc/", min_size=1, max_size=4)
roles = st.fixed_dictionaries(
    {"name": names, "assumeRolePolicy": st.just('{"Statement":[]}')},
    optional={
        "path": names,
        "description": st.text(max_size=4),
        "maxSessionDuration": st.sampled_from([3600.0, 7200.0]),
        "tags": st.dictionaries(names, names, max_size=2),
        "forceDetachPolicies": st.booleans(),
    },
)


@given(roles)
def test_a_refresh_of_an_untouched_resource_changes_neither_inputs_nor_outputs(inputs: dict[str, Any]) -> None:
    kind = TYPES[ROLE]
    outputs = made(kind, inputs, {"arn": "a", "tagsAll": inputs.get("tags", {})})
    cloud = {k: v for k, v in outputs.items() if k != "forceDetachPolicies"}
    assert seen(kind, inputs, outputs, cloud) == (inputs, outputs)
    assert diff(kind, inputs, outputs, inputs, "", frozenset()).changed == []


@given(roles, roles)
def test_after_drift_was_seen_the_diff_is_exactly_what_would_mend_it(
    inputs: dict[str, Any], drift: dict[str, Any]
) -> None:
    kind = TYPES[ROLE]
    wanted = {**drift, "forceDetachPolicies": inputs.get("forceDetachPolicies", False)}
    outputs = made(kind, inputs, {})
    new_inputs, new_outputs = seen(kind, inputs, outputs, made(kind, drift, {}))
    assert diff(kind, new_inputs, new_outputs, wanted, "", frozenset()).changed == []
    truly = {
        prop.name
        for prop in kind.inputs
        if made(kind, wanted, {}).get(prop.name) != made(kind, inputs, {}).get(prop.name)
    }
    mend = set(diff(kind, new_inputs, new_outputs, inputs, "", frozenset()).changed)
    assert mend <= truly
    assert {"name", "path", "maxSessionDuration"} & truly == {"name", "path", "maxSessionDuration"} & mend
