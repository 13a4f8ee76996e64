"""The contract against Lightly's own client: what we accept its models accept, and each refusal says why."""

import importlib
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds import registry
from lightly_access.kinds.s3 import access_key, rules
from lightly_core import lightly_rules
from lightly_core.capability import Purpose
from lightly_core.fault import Fault


@pytest.fixture(scope="module")
def client() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIGHTLY_DID_VERSION_CHECK", "True")  # otherwise the import asks the internet for a newer version
        return importlib.import_module("lightly.openapi_generated.swagger_client.models")


def delegated(client: ModuleType, **changes: str) -> Any:
    good = {
        "purpose": "INPUT",
        "type": "S3DelegatedAccess",
        "fullPath": "s3://acme/cows/",
        "s3Region": "eu-central-1",
        "s3ExternalId": "0123456789",
        "s3ARN": "arn:aws:iam::123456789012:role/lightly",
    }
    return client.DatasourceConfigS3DelegatedAccess(**(good | changes))


def test_the_regions_are_those_of_lightlys_client(client: ModuleType) -> None:
    assert set(rules.S3_REGIONS) == {region.value for region in client.S3Region}
    assert len(rules.S3_REGIONS) == 30


def test_the_dataset_types_and_purposes_are_those_of_lightlys_client(client: ModuleType) -> None:
    assert set(lightly_rules.DATASET_TYPES.values()) | {"Crops"} == {kind.value for kind in client.DatasetType}
    assert {*Purpose, "INPUT_OUTPUT"} == {purpose.value for purpose in client.DatasourcePurpose}


@given(st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9 _-]{0,300}\n?", fullmatch=True) | st.text(max_size=8))
def test_a_name_that_we_accept_lightlys_client_accepts(client: ModuleType, name: str) -> None:
    accepted = lightly_rules.dataset_name(name) is None
    if accepted:
        client.DatasetCreateRequest(name=name)
    elif len(name) <= 255 and not name.endswith("\n"):
        with pytest.raises(ValueError, match="name"):
            client.DatasetCreateRequest(name=name)


@given(st.text(alphabet="abzABZ019_+=,.@:/- \n*", min_size=0, max_size=40))
def test_an_external_id_that_we_accept_lightlys_client_accepts(client: ModuleType, value: str) -> None:
    if rules.external_id(value) is None:
        delegated(client, s3ExternalId=value)
    elif not value.endswith("\n"):
        with pytest.raises(ValueError, match="s3ExternalId"):
            delegated(client, s3ExternalId=value)


@given(st.from_regex(r"arn:aws(-cn)?:iam::[0-9]{12}:role[/a-zA-Z0-9 _+=,.@-]*", fullmatch=True))
def test_a_role_that_we_accept_lightlys_client_accepts(client: ModuleType, arn: str) -> None:
    if rules.role_arn(arn) is None:
        delegated(client, s3ARN=arn)


@given(st.from_regex(r"arn:aws:kms:[a-z0-9-]{0,12}:[0-9]{12}:(key|alias)/[a-z0-9-]{1,36}", fullmatch=True))
def test_a_key_that_we_accept_lightlys_client_accepts(client: ModuleType, arn: str) -> None:
    if rules.kms_key_arn(arn) is None:
        delegated(client, s3ServerSideEncryptionKMSKey=arn)


KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (rules.role_arn("arn:aws-cn:iam::123456789012:role/x"), "partition 'aws' only"),
        (rules.role_arn("arn:aws-us-gov:iam::123456789012:role/x"), "partition 'aws' only"),
        (rules.role_arn("arn:aws:iam::123456789012:user/x"), "ARN of a role"),
        (rules.role_arn("arn:aws:iam::123456789012:role/x\n"), "ARN of a role"),
        (rules.s3_region("us-gov-east"), "AWS does not know"),
        (rules.s3_region("us-gov-west-1"), "GovCloud"),
        (rules.s3_region("ca-west-1"), "cannot be registered"),
        (rules.s3_region("eu-centrl-1"), "hint: did you mean 'eu-central-1'?"),
        (rules.s3_region("us-eats-1"), "hint: did you mean 'us-east-1'?"),
        (rules.s3_region("eu_central_1"), "hint: did you mean 'eu-central-1'?"),
        (rules.s3_region("Frankfurt"), "region that Lightly's API lists"),
        (rules.region_access("cn-northwest-1", "delegated"), "aws-cn"),
        (rules.kms_key_arn(KEY, "eu-west-1"), "bucket's own region"),
        (rules.kms_key_arn(KEY.replace("key/", "alias/")), "not its alias"),
        (rules.kms_key_arn(KEY.replace("arn:aws:", "arn:aws-cn:")), "aws-cn"),
        (lightly_rules.purpose("INPUT_OUTPUT"), "may write to the source data"),
        (lightly_rules.purpose("input"), "did you mean 'INPUT'?"),
        (lightly_rules.dataset_type("crops"), "Lightly makes crops itself"),
        (lightly_rules.dataset_type("image"), "did you mean 'images'?"),
        (rules.access_key_id("ASIAQWERTYUIOPASDFGH"), "temporary"),
        (rules.access_key_id("AKIA short"), "access key"),
        (access_key.secret_fault(""), "secret access key"),
        (rules.external_id("short"), "10 to 1224"),
        (rules.external_id("x" * 1225), "10 to 1224"),
        (lightly_rules.dataset_id("D9814141551A40BD1C8887D7"), "24 characters"),
        (registry.kind_of("s3").path_fault("acme/cows/"), "s3://<bucket>/"),
        (registry.kind_of("s3").path_fault("s3://acme"), "ends in /"),
        (registry.kind_of("s3").path_fault("s3://acme/cows"), "ends in /"),
        (registry.kind_of("s3").path_fault("s3://Acme/cows/"), "S3 bucket name"),
        (registry.kind_of("s3").path_fault("s3://acme/a/../b/"), "no . or .."),
    ],
)
def test_a_refusal_says_what_was_expected_or_why(fault: Fault | None, reason: str) -> None:
    assert fault is not None
    assert reason in fault.sentence("x")


@pytest.mark.parametrize(
    "fault",
    [
        rules.role_arn("arn:aws:iam::123456789012:role/lightly/acme-prod-cows-input"),
        rules.kms_key_arn(KEY, "eu-central-1"),
        rules.kms_key_arn(KEY.replace("key/", "key/mrk-")),
        rules.region_access("cn-northwest-1", "user"),
        rules.region_access("eu-central-1", "delegated"),
        rules.access_key_id("AKIAIOSFODNN7EXAMPLE"),
        registry.kind_of("s3").path_fault("s3://acme/"),
        registry.kind_of("s3").path_fault("s3://acme/projects/cows/"),
        lightly_rules.dataset_id("d9814141551a40bd1c8887d7"),
    ],
)
def test_what_lightly_documents_is_accepted(fault: Fault | None) -> None:
    assert fault is None


def test_china_is_its_own_partition() -> None:
    assert (rules.partition("cn-northwest-1"), rules.partition("eu-central-1")) == ("aws-cn", "aws")
