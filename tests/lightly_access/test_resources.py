"""The resource classes: what they send, what they make secret, and that they are what the provider serves."""

import inspect
import json
import pydoc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

import lightly_provider
import pulumi
import pytest
from lightly_access import resources
from lightly_access.kinds import registry
from lightly_core.capability import Purpose
from lightly_core.resource_types import DATASOURCE, PROBED_CREDENTIAL, RESOURCES, VERIFIED_DATASOURCE
from lightly_core.resource_types.resource_type import FLAG, NUMBER, TEXT, ObjectType, ResourceType
from lightly_provider.schema import checked_in, schema
from pulumi.runtime import mocks, rpc

SCHEMA = json.loads((Path(lightly_provider.__file__).parent / "schema.json").read_text("utf-8"))
CLASSES = {
    f"lightly:index:{cls.__name__}": cls
    for cls in (
        *(resources.ExternalId, resources.Dataset, resources.Datasource, resources.AzureSas, resources.BucketGuard),
        resources.Verification,
    )
}


class Recorder(mocks.Mocks):
    """Answers as the provider would, with camelCase names."""

    def __init__(self) -> None:
        self.seen: list[mocks.MockResourceArgs] = []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.seen.append(args)
        made = {"value": "made", "adopted": True, "verified": True, "lights": {}, "forceDestroy": False}
        return f"{args.name}-id", {**made, **args.inputs}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError("no function is called")


class Requests(mocks.MockMonitor):
    """Keeps whole requests: mocks see no options."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.requests: list[Any] = []

    def RegisterResource(self, request: Any) -> Any:
        self.requests.append(request)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's


@pytest.fixture
def monitor() -> Iterator[Requests]:
    recorder = Recorder()
    found = Requests(recorder)
    mocks.set_mocks(recorder, preview=False, monitor=found)
    yield found
    pulumi.runtime.settings.reset_options()


def run(program: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """Run a program under the mocks and return its outputs, resolved."""
    seen: dict[str, Any] = {}

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's
    def test() -> Any:
        return pulumi.Output.all(**program()).apply(seen.update)

    test()
    return seen


def sent(monitor: Requests, kind: str) -> Any:
    return next(request for request in monitor.requests if request.type == kind)


def test_names_are_camel_case_on_the_wire_and_snake_case_here(monitor: Requests) -> None:
    def program() -> Mapping[str, Any]:
        dataset = resources.Dataset("d", name="cows", type="images", force_destroy=True)
        return {"id": dataset.id, "adopted": dataset.adopted, "force": dataset.force_destroy}

    assert run(program) == {"id": "d-id", "adopted": True, "force": True}
    inputs = rpc.deserialize_properties(sent(monitor, "lightly:index:Dataset").object)
    assert inputs == {"name": "cows", "type": "images", "forceDestroy": True}


def test_the_secrets_of_a_datasource_are_sealed_on_the_way_in_and_out(monitor: Requests) -> None:
    def program() -> Mapping[str, Any]:
        datasource = resources.Datasource(
            "i",
            dataset_id="5f" * 12,
            purpose=Purpose.INPUT,
            kind="s3",
            access="delegated",
            path="s3://b/in/",
            external_id="canary-123456",
        )
        return {"dataset": datasource.dataset_id, "purpose": datasource.purpose}

    assert run(program) == {"dataset": "5f" * 12, "purpose": "INPUT"}
    request = sent(monitor, "lightly:index:Datasource")
    assert list(request.additionalSecretOutputs) == ["externalId"]
    external_id = request.object["externalId"]
    assert external_id[rpc._special_sig_key] == rpc._special_secret_sig
    assert external_id["value"] == "canary-123456"
    assert request.object["purpose"] == "INPUT"
    assert "secretAccessKey" not in request.object


def test_an_external_id_is_a_secret_output(monitor: Requests) -> None:
    def program() -> Mapping[str, Any]:
        return {"value": resources.ExternalId("e", keepers={"dataset_id": "x"}).value}

    assert run(program) == {"value": "made"}
    request = sent(monitor, "lightly:index:ExternalId")
    assert list(request.additionalSecretOutputs) == ["value"]
    assert rpc.deserialize_properties(request.object) == {"keepers": {"dataset_id": "x"}}  # the user's own keys


def test_the_table_of_datasources_goes_as_it_is(monitor: Requests) -> None:
    entry = resources.VerifiedDatasource(
        kind="s3", access="user", path="s3://b/", identity="AKIA", fingerprint="ab", proof={"list": True}
    )

    def program() -> Mapping[str, Any]:
        verification = resources.Verification(
            "v", dataset_id="x", dataset="cows", datasources={Purpose.INPUT: entry}, deadline=5
        )
        return {"lights": verification.lights, "verified": verification.verified}

    assert run(program) == {"lights": {}, "verified": True}
    inputs = rpc.deserialize_properties(sent(monitor, "lightly:index:Verification").object)
    assert inputs == {"datasetId": "x", "dataset": "cows", "datasources": {"INPUT": dict(entry)}, "deadline": 5}


STATIC = {str: TEXT, bool: FLAG, float: NUMBER}


def static_type(described: Mapping[str, Any]) -> Any:
    """The Python type of a property as its row describes it; maps of objects are loose there."""
    for known, row in STATIC.items():
        if described == row:
            return known
    assert described["type"] == "object"
    return Mapping[str, str] if described["additionalProperties"] == TEXT else Mapping[str, Any]


@pytest.mark.parametrize("row", RESOURCES, ids=lambda row: row.token)
def test_the_outputs_that_a_class_spells_out_are_those_of_its_row(row: ResourceType) -> None:
    cls = CLASSES[row.token]
    assert pulumi._types.resource_py_to_pulumi_names(cls) == {each.python_name: each.name for each in row.outputs}
    assert pulumi._types.resource_types(cls) == {each.name: static_type(each.type) for each in row.outputs}
    always = {each.python_name for each in row.outputs if each.name in row.schema()["required"]}
    optional = {name for name, hint in cls.__annotations__.items() if type(None) in get_args(get_args(hint)[0])}
    assert optional == set(cls.__annotations__) - always


@pytest.mark.parametrize("row", RESOURCES, ids=lambda row: row.token)
def test_the_arguments_that_a_class_spells_out_are_those_of_its_row(row: ResourceType) -> None:
    signature = dict(inspect.signature(CLASSES[row.token].__init__).parameters)
    for name in ("self", "resource_name", "opts"):
        del signature[name]
    assert list(signature) == [each.python_name for each in row.inputs]
    for each in row.inputs:
        wanted = static_type(each.type)
        assert plain_types(signature[each.python_name].annotation) == {get_origin(wanted) or wanted}, each.name


def plain_types(hint: Any) -> set[Any]:
    """The plain values that an argument takes: no Output, no Awaitable, no None."""
    if hint in STATIC or get_origin(hint) is Mapping:
        return {get_origin(hint) or hint}
    inner = () if get_origin(hint) is pulumi.Output else get_args(hint)
    return {found for part in inner for found in plain_types(part)}


@pytest.mark.parametrize(
    ("typed", "row"),
    [(resources.VerifiedDatasource, VERIFIED_DATASOURCE), (resources.ProbedCredential, PROBED_CREDENTIAL)],
)
def test_the_keys_of_a_typed_map_are_those_of_its_row(typed: Any, row: ObjectType) -> None:
    assert tuple(typed.__annotations__) == row.names
    assert typed.__required_keys__ == set(row.required)


@pytest.mark.parametrize("cls", CLASSES.values())
def test_help_says_what_every_property_means(cls: type) -> None:
    described = pydoc.render_doc(cls, renderer=pydoc.plaintext)  # type: ignore[attr-defined]  # typeshed does not know it
    for each in SCHEMA["resources"][f"lightly:index:{cls.__name__}"]["inputProperties"].values():
        assert each["description"] in described


def test_the_schema_that_is_checked_in_is_the_one_that_the_provider_serves() -> None:
    """`python -m lightly_provider.schema` writes it."""
    assert checked_in() == (Path(lightly_provider.__file__).parent / "schema.json").read_text("utf-8")
    assert {name: part for name, part in schema().items() if name != "version"} == SCHEMA


def test_every_resource_of_the_schema_has_its_class() -> None:
    assert set(CLASSES) == set(SCHEMA["resources"])


@pytest.mark.parametrize("token", sorted(CLASSES))
def test_get_reads_by_id(token: str, monitor: Requests) -> None:
    cls: Any = CLASSES[token]
    assert run(lambda: {"id": cls.get("r", id="abc").id}) == {"id": "abc"}
    assert monitor.requests == [] or all(request.type != token for request in monitor.requests)


def test_what_a_kind_registers_and_what_is_secret_of_it_is_what_the_row_says() -> None:
    registered = [each for access in registry.accesses().values() for each in access.registration.properties]
    assert {each.name for each in registered} <= {each.name for each in DATASOURCE.inputs}
    assert registry.secret_properties() == set(DATASOURCE.secrets)
