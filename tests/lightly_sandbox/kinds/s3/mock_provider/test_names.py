"""The stand-in accepts and returns exactly the names of the SDK's classes."""

import importlib.metadata
import inspect
from collections.abc import Iterator
from typing import Any

import pulumi_aws
import pytest
from lightly_sandbox.kinds.s3.mock_provider.cloud import REFUSED, SETTINGS, VERSION
from lightly_sandbox.kinds.s3.mock_provider.invokes import FUNCTIONS
from lightly_sandbox.kinds.s3.mock_provider.table import TYPES
from lightly_sandbox.mock_providers.resource import Input, Kind, ResourceType
from pulumi._types import input_type_py_to_pulumi_names, input_type_types, resource_py_to_pulumi_names

# The SDK warns of its own deprecated classes when a module of it is first touched.
pytestmark = pytest.mark.filterwarnings("ignore:.*has been deprecated in favor of:DeprecationWarning")


def sdk_class(kind: ResourceType) -> Any:
    module, name = kind.token.split(":")[1].split("/")[0], kind.token.split(":")[2]
    return getattr(getattr(pulumi_aws, module), name)


def sdk_args(kind: ResourceType) -> Any:
    cls = sdk_class(kind)
    module = inspect.getmodule(cls)
    return getattr(module, f"{cls.__name__}InitArgs", None) or getattr(module, f"{cls.__name__}Args")


def required(args: Any) -> set[str]:
    names = input_type_py_to_pulumi_names(args)
    parameters = inspect.signature(args.__init__).parameters.items()
    return {names[k] for k, it in parameters if k in names and it.default is inspect.Parameter.empty}


each_type = pytest.mark.parametrize("kind", TYPES.values(), ids=lambda it: it.token)


@each_type
def test_a_type_has_the_token_of_its_sdk_class(kind: ResourceType) -> None:
    assert sdk_class(kind).pulumi_type == kind.token


@each_type
def test_every_input_of_the_sdk_is_implemented_or_refused_by_name(kind: ResourceType) -> None:
    implemented = {it.name for it in kind.inputs}
    assert implemented & kind.refused == set()
    assert implemented | kind.refused == set(input_type_py_to_pulumi_names(sdk_args(kind)).values())


@each_type
def test_required_inputs_are_those_of_the_sdk(kind: ResourceType) -> None:
    assert {it.name for it in kind.inputs if it.required} == required(sdk_args(kind))


@each_type
def test_every_output_of_the_sdk_is_an_input_or_computed_or_named_as_absent(kind: ResourceType) -> None:
    known = {it.name for it in kind.inputs} | set(kind.outputs) | kind.absent
    assert known | kind.refused == set(resource_py_to_pulumi_names(sdk_class(kind)).values())


@each_type
def test_secret_outputs_are_those_that_the_sdk_marks(kind: ResourceType) -> None:
    source = inspect.getsource(sdk_class(kind)._internal_init)
    marked = (
        source.split("additional_secret_outputs=[")[1].split("]")[0] if "additional_secret_outputs" in source else ""
    )
    assert {f'"{name}"' for name in kind.secret} == {it.strip() for it in marked.split(",") if it.strip()}


def nested(owner: Any, inputs: tuple[Input, ...]) -> Iterator[tuple[Input, Any]]:
    """Each object-valued input with the SDK's class of it, at every depth."""
    types = input_type_types(owner)
    for it in inputs:
        if it.kind in (Kind.RECORD, Kind.RECORDS):
            args = next(args for args in arguments(types[it.name]))
            yield it, args
            yield from nested(args, it.fields)


def arguments(annotation: Any) -> Iterator[Any]:
    if inspect.isclass(annotation) and annotation.__name__.endswith("Args"):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from arguments(inner)


@each_type
def test_nested_fields_are_those_of_the_sdk(kind: ResourceType) -> None:
    for it, args in nested(sdk_args(kind), kind.inputs):
        known = {field.name for field in it.fields} | it.refused
        assert known == set(input_type_py_to_pulumi_names(args).values()), it.name
        assert {field.name for field in it.fields if field.required} == required(args), it.name


def test_provider_settings_are_those_of_the_sdk() -> None:
    sdk = set(input_type_py_to_pulumi_names(pulumi_aws.ProviderArgs).values())
    assert sdk == SETTINGS | REFUSED


def test_the_version_is_the_sdk_that_is_installed() -> None:
    assert importlib.metadata.version("pulumi-aws") == VERSION


def test_functions_return_the_names_of_the_sdk_and_take_its_arguments() -> None:
    results = {
        "aws:index/getCallerIdentity:getCallerIdentity": pulumi_aws.GetCallerIdentityResult,
        "aws:index/getRegion:getRegion": pulumi_aws.GetRegionResult,
        "aws:index/getPartition:getPartition": pulumi_aws.GetPartitionResult,
        "aws:s3/getBucket:getBucket": pulumi_aws.s3.GetBucketResult,
    }
    assert results.keys() == FUNCTIONS.keys()
    for token, function in FUNCTIONS.items():
        module, name = token.split(":")[1].split("/")[0], token.split(":")[2]
        place = pulumi_aws if module == "index" else getattr(pulumi_aws, module)
        snake = "get_" + "".join(f"_{c.lower()}" if c.isupper() else c for c in name.removeprefix("get")).lstrip("_")
        parameters = set(inspect.signature(getattr(place, snake)).parameters) - {"opts"}
        assert set(function.arguments) | function.refused == parameters, token
