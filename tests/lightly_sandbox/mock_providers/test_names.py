"""Every mock provider speaks of nothing but what the SDK of its provider knows, by the SDK's names."""

import importlib.metadata
import inspect
from collections.abc import Iterator

import pytest
from lightly_sandbox.kinds.azure.mock_provider.cloud import AzureCloud
from lightly_sandbox.kinds.azure.mock_provider.session import RESOURCES_VERSION, STORAGE_VERSION
from lightly_sandbox.kinds.gcs.mock_provider.cloud import GoogleCloud
from lightly_sandbox.kinds.s3.mock_provider.cloud import AwsCloud
from lightly_sandbox.mock_providers.resource import Function, Input, Kind, ResourceType
from lightly_sandbox.mock_providers.sdk import Sdk

# The SDKs warn of their own deprecated classes when a module of them is first touched.
pytestmark = pytest.mark.filterwarnings("ignore:.*has been deprecated in favor of:DeprecationWarning")

CLOUDS = (AwsCloud, AzureCloud, GoogleCloud)
TYPES = [(cloud.sdk, kind) for cloud in CLOUDS for kind in cloud.types.values()]
FUNCTIONS = [(cloud.sdk, function) for cloud in CLOUDS for function in cloud.functions.values()]
each_type = pytest.mark.parametrize(("sdk", "kind"), TYPES, ids=[kind.token for _, kind in TYPES])


@each_type
def test_a_type_has_the_token_of_its_sdk_class(sdk: Sdk, kind: ResourceType) -> None:
    assert sdk.resource(kind.token).pulumi_type == kind.token


@each_type
def test_inputs_are_the_sdks_and_those_that_must_be_given_are_all_implemented(sdk: Sdk, kind: ResourceType) -> None:
    assert {prop.name for prop in kind.inputs} <= sdk.inputs(kind.token)
    assert {prop.name for prop in kind.inputs if prop.required} == sdk.required(kind.token)


@each_type
def test_outputs_are_the_sdks(sdk: Sdk, kind: ResourceType) -> None:
    assert set(kind.outputs) <= sdk.outputs(kind.token) - {prop.name for prop in kind.inputs}
    # What names a resource's path at Azure is an input only; here such names are in the state too.
    path = sdk.inputs(kind.token) if kind.token.startswith("azure-native:") else frozenset[str]()
    assert {prop.name for prop in kind.inputs} <= sdk.outputs(kind.token) | path


@each_type
def test_secret_outputs_are_those_that_the_sdk_marks(sdk: Sdk, kind: ResourceType) -> None:
    implemented = {prop.name for prop in kind.inputs} | set(kind.outputs)
    assert kind.secret == sdk.secrets(kind.token) & implemented


def nested(inputs: tuple[Input, ...], *path: str) -> Iterator[tuple[tuple[str, ...], tuple[Input, ...]]]:
    """Each object-valued input, at every depth: its path and its fields."""
    for prop in inputs:
        if prop.kind in (Kind.RECORD, Kind.RECORDS):
            yield (*path, prop.name), prop.fields
            yield from nested(prop.fields, *path, prop.name)


@each_type
def test_nested_fields_are_the_sdks(sdk: Sdk, kind: ResourceType) -> None:
    for path, fields in nested(kind.inputs):
        assert {field.name for field in fields} <= sdk.inputs(kind.token, *path), path
        assert {field.name for field in fields if field.required} == sdk.required(kind.token, *path), path


@pytest.mark.parametrize(("sdk", "function"), FUNCTIONS, ids=[function.token for _, function in FUNCTIONS])
def test_functions_take_the_arguments_of_the_sdk(sdk: Sdk, function: Function) -> None:
    assert set(function.arguments) <= sdk.parameters(function.token)


def test_azures_api_versions_are_those_of_the_sdk() -> None:
    for token, version in (
        ("azure-native:storage:StorageAccount", STORAGE_VERSION),
        ("azure-native:resources:ResourceGroup", RESOURCES_VERSION),
    ):
        source = inspect.getsource(inspect.getmodule(AzureCloud.sdk.resource(token)))  # type: ignore[arg-type] # it has one
        assert f"Uses Azure REST API version {version}" in source


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda cloud: cloud.package)
def test_the_version_is_that_of_the_installed_sdk(cloud: type[AwsCloud | AzureCloud | GoogleCloud]) -> None:
    assert cloud.sdk.version == importlib.metadata.version(f"pulumi-{cloud.package}")


def test_what_the_sdk_does_not_know_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"aws:s3/bucket:Bucket has no object at tags"):
        AwsCloud.sdk.inputs("aws:s3/bucket:Bucket", "tags")
    with pytest.raises(AttributeError):
        AwsCloud.sdk.inputs("aws:s3/nothing:Nothing")
