"""The contract against Lightly's own client: what we accept its models accept, and each refusal says why."""

import importlib
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access import contract
from lightly_access.fault import Fault


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
    assert set(contract.S3_REGIONS) == {region.value for region in client.S3Region}
    assert len(contract.S3_REGIONS) == 30


def test_the_dataset_types_and_purposes_are_those_of_lightlys_client(client: ModuleType) -> None:
    assert set(contract.DATASET_TYPES.values()) | {"Crops"} == {kind.value for kind in client.DatasetType}
    assert {*contract.PURPOSES, "INPUT_OUTPUT"} == {purpose.value for purpose in client.DatasourcePurpose}


@given(st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9 _-]{0,300}\n?", fullmatch=True) | st.text(max_size=8))
def test_a_name_that_we_accept_lightlys_client_accepts(client: ModuleType, name: str) -> None:
    accepted = contract.dataset_name(name) is None
    if accepted:
        client.DatasetCreateRequest(name=name)
        assert contract.worker_name(name) is None
    elif len(name) <= 255 and not name.endswith("\n"):
        with pytest.raises(ValueError, match="name"):
            client.DatasetCreateRequest(name=name)


@given(st.text(alphabet="abzABZ019_+=,.@:/- \n*", min_size=0, max_size=40))
def test_an_external_id_that_we_accept_lightlys_client_accepts(client: ModuleType, value: str) -> None:
    if contract.external_id(value) is None:
        delegated(client, s3ExternalId=value)
    elif not value.endswith("\n"):
        with pytest.raises(ValueError, match="s3ExternalId"):
            delegated(client, s3ExternalId=value)


@given(st.from_regex(r"arn:aws(-cn)?:iam::[0-9]{12}:role[/a-zA-Z0-9 _+=,.@-]*", fullmatch=True))
def test_a_role_that_we_accept_lightlys_client_accepts(client: ModuleType, arn: str) -> None:
    if contract.role_arn(arn) is None:
        delegated(client, s3ARN=arn)


@given(st.from_regex(r"arn:aws:kms:[a-z0-9-]{0,12}:[0-9]{12}:(key|alias)/[a-z0-9-]{1,36}", fullmatch=True))
def test_a_key_that_we_accept_lightlys_client_accepts(client: ModuleType, arn: str) -> None:
    if contract.kms_key_arn(arn) is None:
        delegated(client, s3ServerSideEncryptionKMSKey=arn)


KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (contract.role_arn("arn:aws-cn:iam::123456789012:role/x"), "partition 'aws' only"),
        (contract.role_arn("arn:aws-us-gov:iam::123456789012:role/x"), "partition 'aws' only"),
        (contract.role_arn("arn:aws:iam::123456789012:user/x"), "ARN of a role"),
        (contract.role_arn("arn:aws:iam::123456789012:role/x\n"), "ARN of a role"),
        (contract.s3_region("us-gov-east"), "AWS does not know"),
        (contract.s3_region("us-gov-west-1"), "GovCloud"),
        (contract.s3_region("ca-west-1"), "cannot be registered"),
        (contract.s3_region("Frankfurt"), "region that Lightly's API lists"),
        (contract.region_access("cn-northwest-1", "delegated"), "aws-cn"),
        (contract.kms_key_arn(KEY, "eu-west-1"), "bucket's own region"),
        (contract.kms_key_arn(KEY.replace("key/", "alias/")), "not its alias"),
        (contract.kms_key_arn(KEY.replace("arn:aws:", "arn:aws-cn:")), "aws-cn"),
        (contract.purpose("INPUT_OUTPUT"), "may write to the source data"),
        (contract.purpose("input"), "did you mean 'INPUT'?"),
        (contract.dataset_type("crops"), "Lightly makes crops itself"),
        (contract.dataset_type("image"), "did you mean 'images'?"),
        (contract.access_key_id("ASIAQWERTYUIOPASDFGH"), "temporary"),
        (contract.access_key_id("AKIA short"), "access key"),
        (contract.secret_access_key(""), "secret access key"),
        (contract.external_id("short"), "10 to 1224"),
        (contract.external_id("x" * 1225), "10 to 1224"),
        (contract.dataset_id("D9814141551A40BD1C8887D7"), "24 characters"),
        (contract.full_path("acme/cows/"), "s3://<bucket>/"),
        (contract.full_path("s3://acme"), "ends in /"),
        (contract.full_path("s3://acme/cows"), "ends in /"),
        (contract.full_path("s3://Acme/cows/"), "S3 bucket name"),
        (contract.full_path("s3://acme/a/../b/"), "no . or .."),
    ],
)
def test_a_refusal_says_what_was_expected_or_why(fault: Fault | None, reason: str) -> None:
    assert fault is not None
    assert reason in fault.sentence("x")


@pytest.mark.parametrize(
    "fault",
    [
        contract.role_arn("arn:aws:iam::123456789012:role/lightly/acme-prod-cows-input"),
        contract.kms_key_arn(KEY, "eu-central-1"),
        contract.kms_key_arn(KEY.replace("key/", "key/mrk-")),
        contract.region_access("cn-northwest-1", "user"),
        contract.region_access("eu-central-1", "delegated"),
        contract.access_key_id("AKIAIOSFODNN7EXAMPLE"),
        contract.full_path("s3://acme/"),
        contract.full_path("s3://acme/projects/cows/"),
        contract.dataset_id("d9814141551a40bd1c8887d7"),
    ],
)
def test_what_lightly_documents_is_accepted(fault: Fault | None) -> None:
    assert fault is None


def test_china_is_its_own_partition() -> None:
    assert (contract.partition("cn-northwest-1"), contract.partition("eu-central-1")) == ("aws-cn", "aws")
