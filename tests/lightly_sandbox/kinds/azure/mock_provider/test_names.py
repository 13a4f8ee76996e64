"""The stand-in accepts and returns exactly the names of the SDK's classes."""

import importlib.metadata
import inspect
from collections.abc import Iterator
from typing import Any

import pulumi_azure_native
import pulumi_azure_native.resources
import pulumi_azure_native.storage
import pytest
from lightly_sandbox.kinds.azure.mock_provider.cloud import REFUSED, SETTINGS, VERSION
from lightly_sandbox.kinds.azure.mock_provider.invokes import FUNCTIONS
from lightly_sandbox.kinds.azure.mock_provider.session import RESOURCES_VERSION, STORAGE_VERSION
from lightly_sandbox.kinds.azure.mock_provider.storage_account import facts
from lightly_sandbox.kinds.azure.mock_provider.table import TYPES
from lightly_sandbox.mock_providers.resource import Input, Kind, ResourceType
from pulumi._types import input_type_py_to_pulumi_names, input_type_types, resource_py_to_pulumi_names

from tests.lightly_sandbox.kinds.azure.emulator.world import Azure
from tests.lightly_sandbox.mock_providers.client import Plugin


def sdk_class(kind: ResourceType) -> Any:
    _, module, name = kind.token.split(":")
    return getattr(getattr(pulumi_azure_native, module), name)


def sdk_args(kind: ResourceType) -> Any:
    cls = sdk_class(kind)
    return getattr(inspect.getmodule(cls), f"{cls.__name__}Args")


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
    known = {it.name for it in kind.inputs} | set(kind.outputs) | kind.absent | kind.refused
    sdk = set(resource_py_to_pulumi_names(sdk_class(kind)).values())
    inputs = set(input_type_py_to_pulumi_names(sdk_args(kind)).values())
    assert known == sdk | inputs  # the names in a resource's path are inputs only; here they are in the state too
    assert not (set(kind.outputs) | kind.absent) - sdk


@each_type
def test_the_sdk_marks_no_output_as_secret(kind: ResourceType) -> None:
    assert "additional_secret_outputs" not in inspect.getsource(sdk_class(kind)._internal_init)
    assert kind.secret == frozenset()


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
    sdk = set(input_type_py_to_pulumi_names(pulumi_azure_native.ProviderArgs).values())
    assert sdk == SETTINGS | REFUSED


def test_the_versions_are_those_of_the_sdk_that_is_installed() -> None:
    assert importlib.metadata.version("pulumi-azure-native") == VERSION
    for cls, version in (
        (pulumi_azure_native.storage.StorageAccount, STORAGE_VERSION),
        (pulumi_azure_native.resources.ResourceGroup, RESOURCES_VERSION),
    ):
        source = inspect.getsource(inspect.getmodule(cls))  # type: ignore[arg-type] # it has one
        assert f"Uses Azure REST API version {version}" in source


def test_functions_take_the_arguments_of_the_sdk_and_return_its_names(azure: Azure, plugin: Plugin) -> None:
    world = azure.world()
    arguments = {"accountName": world.name, "resourceGroupName": world.name}
    for token, function in FUNCTIONS.items():
        name = token.rpartition(":")[2]
        snake = "".join(f"_{it.lower()}" if it.isupper() else it for it in name)
        parameters = set(inspect.signature(getattr(pulumi_azure_native.storage, snake)).parameters) - {"opts"}
        taken = {it.replace("accountName", "account_name") for it in (*function.arguments, *function.refused)}
        assert {it.replace("resourceGroupName", "resource_group_name") for it in taken} == parameters
        result = getattr(pulumi_azure_native.storage, name[0].upper() + name[1:] + "Result")
        names = {it for it in inspect.signature(result.__init__).parameters if it != "self"}
        answered = plugin.invoke(token, arguments)
        assert {snaked(it) for it in answered} <= names - {"__self__"}
    account = plugin.invoke("azure-native:storage:getStorageAccount", arguments)
    shown = facts(azure.made("GET", world.path))
    assert account["primaryEndpoints"] == shown["primaryEndpoints"] == {"blob": f"{world.url}/"}
    assert account["id"].endswith(world.path)
    keys = plugin.invoke("azure-native:storage:listStorageAccountKeys", arguments)["keys"]
    assert [it["value"] for it in keys] == world.keys


def snaked(name: str) -> str:
    """A property's Python name, as the SDK writes it."""
    return "".join(f"_{it.lower()}" if it.isupper() else it for it in name)
