"""The provider as the engine sees it: over gRPC, with a fake Lightly behind it."""

import json
import threading
from collections.abc import Iterator

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from lightly_core.capability import Purpose, expected
from lightly_core.pulumi_struct import SIGNATURE, to_struct
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, Value
from lightly_core.version import VERSION
from lightly_provider import schema
from lightly_provider.handlers import HANDLERS
from pulumi.runtime.proto import engine_pb2, plugin_pb2, provider_pb2

from tests.check_failure import placed
from tests.lightly_provider.fake_lightly import GREEN, TOKEN, FakeLightly, Fault
from tests.lightly_provider.fake_time import FakeTime
from tests.lightly_provider.loopback import PROVIDER_URN, Loopback, RpcFailedError, loopback, urn

COWS: Properties = {"name": "cows", "type": "images"}
DENIED = {**GREEN, "canWrite": False, "errors": {"canWrite": "(AccessDenied) Access Denied"}}


@pytest.fixture
def provider(lightly: FakeLightly, time: FakeTime) -> Iterator[Loopback]:
    with loopback({}, time.retry_policy()) as found:
        found.configure({"token": TOKEN, "serverLocation": lightly.url})
        yield found


def datasource(dataset_id: str, **more: Value) -> Properties:
    common: Properties = {"datasetId": dataset_id, "purpose": "INPUT", "kind": "s3", "path": "s3://lake/cows/"}
    keys: Properties = {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": SecretValue("canary/secret+key")}
    return {**common, "region": "eu-central-1", "access": "user", **keys, **more}


def verification(dataset_id: str, lightly: FakeLightly | None = None) -> Properties:
    """It, and with `lightly` what it verifies is registered there."""
    proof: dict[str, Value] = {str(name): wanted for name, wanted in expected(Purpose.LIGHTLY).items()}
    entry: dict[str, Value] = {"kind": "s3", "access": "user", "path": "s3://out/", "identity": "AKIA", "proof": proof}
    table: dict[str, Value] = {"LIGHTLY": {**entry, "fingerprint": "ab"}}
    if lightly:
        lightly.register(dataset_id, table)
    return {"datasetId": dataset_id, "dataset": "cows", "datasources": table, "deadline": 5.0}


def test_a_whole_life(provider: Loopback, lightly: FakeLightly) -> None:
    inputs, faults = provider.check("Dataset", COWS)
    assert not faults
    dataset_id, state = provider.create("Dataset", inputs)
    registered, faults = provider.check("Datasource", datasource(dataset_id))
    assert not faults
    source_id, source = provider.create("Datasource", registered)
    assert source_id == f"{dataset_id}/INPUT"
    assert source == {name: value for name, value in registered.items() if name != "secretAccessKey"}
    news, faults = provider.check("Verification", verification(dataset_id, lightly))
    assert not faults
    _, verified = provider.create("Verification", news)
    assert verified["verified"] is True
    assert len(lightly.calls()) == 7  # lookup, POST, GET and PUT, GET and 2 verify: 10 with a second datasource
    lightly.seen.clear()
    for kind, old, new in (
        ("Dataset", state, inputs),
        ("Datasource", source, registered),
        ("Verification", verified, news),
    ):
        answer = provider.diff(kind, new, old, new)
        assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert lightly.seen == []  # an unchanged up asks Lightly nothing
    provider.read("Dataset", dataset_id, inputs, state)
    provider.read("Datasource", source_id, registered, source)
    provider.read("Verification", dataset_id, news, verified)
    assert len(lightly.seen) == 4  # 6 with a second datasource
    provider.delete("Verification", dataset_id, verified)
    provider.delete("Datasource", source_id, source)
    provider.delete("Dataset", dataset_id, {**state, "onRemove": "delete"})
    assert lightly.datasets == {}
    assert any("no call that removes one" in line.message for line in provider.log.lines)


def test_an_update_knows_what_it_has_registered_though_no_output_tells(
    provider: Loopback, lightly: FakeLightly
) -> None:
    def token(policy: str) -> SecretValue:
        return SecretValue(f"sv=2026-04-06&sr=c&spr=https&si={policy}&sig=canary-{policy}")

    place: Properties = {"kind": "azure", "access": "sas", "path": "azure://acmephotos/datalake/cows/"}
    common: Properties = {"datasetId": lightly.add("cows"), "purpose": "INPUT", **place}
    ours, next_one = ({**common, "sasToken": token(policy)} for policy in ("lightly-a", "lightly-b"))
    source_id, state = provider.create("Datasource", ours)
    assert "sasToken" not in state
    assert provider.update("Datasource", source_id, state, next_one, old=ours) == state
    (registered,) = lightly.datasources.values()
    registered["accountKey"] = f"?{token('theirs').value}"
    with pytest.raises(RpcFailedError, match="somebody registered another one"):
        provider.update("Datasource", source_id, state, ours, old=next_one)


def test_a_preview_asks_lightly_nothing_and_keeps_unknowns_and_secrets(
    provider: Loopback, lightly: FakeLightly
) -> None:
    unknown = datasource("x", datasetId=UNKNOWN, secretAccessKey=SecretValue(UNKNOWN), accessKeyId=UNKNOWN)
    inputs, faults = provider.check("Datasource", unknown)
    assert not faults
    shown = {name: value for name, value in inputs.items() if name != "secretAccessKey"}
    assert provider.create("Datasource", inputs, preview=True) == ("", shown)
    checked, _ = provider.check("Dataset", COWS)
    planned = {**checked, "adopted": UNKNOWN}
    assert provider.create("Dataset", checked, preview=True) == ("", planned)
    news, _ = provider.check("Verification", {**verification("x"), "datasetId": UNKNOWN})
    assert provider.create("Verification", news, preview=True)[1]["lights"] is UNKNOWN
    assert provider.update("Verification", "x", {**news, "verified": True}, news, preview=True)["verified"] is UNKNOWN
    assert provider.create("ExternalId", {}, preview=True) == ("", {"value": SecretValue(UNKNOWN)})
    assert lightly.seen == []


def test_a_preview_works_without_any_token(lightly: FakeLightly) -> None:
    with loopback({}) as provider:
        provider.configure()
        for _ in range(2):
            provider.create("Dataset", provider.check("Dataset", COWS)[0], preview=True)
        [line] = provider.log.lines
        assert (line.severity, line.urn) == (engine_pb2.WARNING, "")
        assert "lightly:token" in line.message, "a preview says once that a deployment will need it"


def test_check_says_every_fault_by_its_property(provider: Loopback) -> None:
    _, faults = provider.check("Dataset", {"name": "-", "typ": "images"})
    assert set(faults) == {"name", "type", "typ"}
    assert "did you mean 'type'?" in faults["typ"]


def test_a_diff_tells_details_and_what_needs_replacing(provider: Loopback) -> None:
    old: Properties = {"name": "cows", "type": "images", "adopt": False}
    answer = provider.diff("Dataset", old, old, {"name": "cows", "type": "videos", "forceDestroy": True})
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert list(answer.replaces) == ["type"]
    kinds = {name: provider_pb2.PropertyDiff.Kind.Name(detail.kind) for name, detail in answer.detailedDiff.items()}
    assert kinds == {"type": "UPDATE_REPLACE", "adopt": "DELETE", "forceDestroy": "ADD"}
    assert not answer.deleteBeforeReplace


def test_a_failed_verification_is_there_and_not_healthy(provider: Loopback, lightly: FakeLightly) -> None:
    dataset_id = lightly.add("cows")
    lightly.verdicts = [DENIED]
    news, _ = provider.check("Verification", verification(dataset_id, lightly))
    with pytest.raises(RpcFailedError) as caught:
        provider.create("Verification", news)
    init = caught.value.init
    assert init.id == dataset_id
    (reason,) = init.reasons
    assert "dataset 'cows', LIGHTLY: write" in reason
    assert init.properties["lights"]["LIGHTLY"]["write"]["ok"] is False
    assert init.properties["verified"] is False
    statuses = [line for line in provider.log.lines if line.ephemeral]
    assert statuses
    assert all(line.urn == urn("Verification") for line in statuses)
    lightly.verdicts = [GREEN]
    state = {**news, "verified": False}
    assert provider.update("Verification", dataset_id, state, news)["verified"] is True
    lightly.verdicts = [DENIED]
    with pytest.raises(RpcFailedError) as caught:
        provider.read("Verification", dataset_id, news, state)
    assert caught.value.init.inputs["dataset"] == "cows"


def test_cancel_ends_a_running_poll(lightly: FakeLightly) -> None:
    lightly.verdicts = [DENIED]
    asked = threading.Event()
    lightly.on_verify = asked.set
    with loopback({}) as provider:  # in real time
        provider.configure({"token": TOKEN, "serverLocation": lightly.url})
        news, _ = provider.check("Verification", {**verification(lightly.add("cows"), lightly), "deadline": 3000.0})
        failures: list[RpcFailedError] = []

        def create() -> None:
            try:
                provider.create("Verification", news)
            except RpcFailedError as failure:
                failures.append(failure)

        thread = threading.Thread(target=create)
        thread.start()
        assert asked.wait(10)
        provider.call("Cancel", Empty())
        thread.join(10)
        assert [failure.code for failure in failures] == [grpc.StatusCode.CANCELLED]
        assert "stopped, because the run was cancelled" in failures[0].text
        lightly.verdicts = [GREEN]
        provider.call("Attach", plugin_pb2.PluginAttach(address="127.0.0.1:9"))  # the next run of an attached engine
        assert provider.create("Verification", news)[1]["verified"] is True


def test_what_it_has_not_is_refused_by_name(provider: Loopback) -> None:
    for method, request, text in (
        ("Invoke", provider_pb2.InvokeRequest(tok="lightly:index:getX"), "function lightly:index:getX"),
        ("Call", provider_pb2.CallRequest(tok="lightly:index:X/y"), "method lightly:index:X/y"),
        ("Construct", provider_pb2.ConstructRequest(type="lightly:index:C"), "component lightly:index:C"),
        ("GetMapping", provider_pb2.GetMappingRequest(key="terraform"), "mapping"),
        ("GetMappings", provider_pb2.GetMappingsRequest(), "mappings"),
        ("Parameterize", provider_pb2.ParameterizeRequest(), "parameters"),
    ):
        with pytest.raises(RpcFailedError, match=text) as caught:
            provider.call(method, request)
        assert caught.value.code is grpc.StatusCode.UNIMPLEMENTED
    with pytest.raises(RpcFailedError, match="no resource type 'lightly:index:Bucket'"):
        provider.check("Bucket", {})


def test_an_asset_is_refused_by_name_and_place(provider: Loopback) -> None:
    news = Struct()
    news.update({"name": {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "x"}})
    with pytest.raises(RpcFailedError, match="name: got an asset"):
        provider.call("Check", provider_pb2.CheckRequest(urn=urn("Dataset"), news=news))


def test_a_defect_is_one_line_without_its_text(lightly: FakeLightly, time: FakeTime) -> None:
    class Broken:
        def check(self, news: object) -> object:
            raise RuntimeError("canary: whatever was in it")

    with loopback({}) as provider:
        provider.provider._handlers = {"lightly:index:Dataset": Broken()}  # type: ignore[dict-item]  # on purpose
        with pytest.raises(
            RpcFailedError, match=r"failed in Check: RuntimeError at test_server.py:\d+.*hint"
        ) as caught:
            provider.check("Dataset", {})
        assert caught.value.code is grpc.StatusCode.INTERNAL
        assert "canary" not in caught.value.raw


def test_a_gone_resource_reads_as_nothing(provider: Loopback) -> None:
    assert provider.read("Dataset", f"{77:024x}", COWS, COWS) == ("", {}, {})


def test_import_of_dataset_and_datasource(provider: Loopback, lightly: FakeLightly) -> None:
    dataset_id = lightly.add("cows")
    assert provider.read("Dataset", dataset_id)[1]["name"] == "cows"
    source_id, _ = provider.create("Datasource", datasource(dataset_id))
    lightly.datasources[dataset_id, "INPUT"]["s3SecretAccessKey"] = "*****"
    _, inputs, _ = provider.read("Datasource", source_id)
    assert inputs["accessKeyId"] == "AKIAIOSFODNN7EXAMPLE"
    assert "secretAccessKey" not in inputs


def test_the_token_is_taken_out_of_what_the_state_keeps(lightly: FakeLightly) -> None:
    with loopback({}) as provider:
        kept = provider.configure({"token": TOKEN, "serverLocation": lightly.url})
        assert kept == {"serverLocation": lightly.url}
        provider.create("Dataset", provider.check("Dataset", COWS)[0])
        answer = provider.call("DiffConfig", provider_pb2.DiffRequest(old_inputs=to_struct(kept), news=to_struct(kept)))
        assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


@pytest.mark.parametrize(
    "environ",
    [
        {"LIGHTLY_TOKEN": TOKEN},
        {"PULUMI_CONFIG": json.dumps({"token": TOKEN})},
        {"PULUMI_CONFIG": json.dumps({"token": TOKEN}), "LIGHTLY_TOKEN": "another"},
    ],
)
def test_a_destroy_finds_the_token_where_the_engine_or_the_user_put_it(
    lightly: FakeLightly, environ: dict[str, str]
) -> None:
    dataset_id = lightly.add("cows")
    with loopback(environ) as provider:
        provider.reload({"serverLocation": lightly.url})
        provider.delete("Dataset", dataset_id, {**COWS, "adopted": False, "onRemove": "delete"})
    assert lightly.datasets == {}


def test_a_missing_token_fails_only_when_lightly_is_needed_and_names_both_places(lightly: FakeLightly) -> None:
    with loopback({"PULUMI_CONFIG": json.dumps({"token": TOKEN})}) as provider:
        # An explicit provider: the stack's config is not for it.
        provider.reload({"serverLocation": lightly.url}, urn=PROVIDER_URN.replace("default", "mine"))
        with pytest.raises(RpcFailedError, match="no token"):
            provider.create("ExternalId", {})  # the first thing that is made: nothing stands around half deployed
        provider.delete("Datasource", "x/INPUT", {})
        with pytest.raises(RpcFailedError, match=r"lightly:token.*LIGHTLY_TOKEN") as caught:
            provider.read("Dataset", f"{1:024x}", COWS, COWS)
        assert caught.value.code is grpc.StatusCode.FAILED_PRECONDITION


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ({"token": 3.0}, "token"),
        ({"token": "two words"}, "token"),
        ({"serverLocation": "http://api.lightly.ai"}, "serverLocation"),
        ({"serverLocation": "api.lightly.ai"}, "serverLocation"),
        ({"serverLocation": "https://user:pw@api.lightly.ai"}, "serverLocation"),
        ({"serverLocation": "https://x:notaport/"}, "serverLocation"),
        ({"tokn": "x"}, "tokn"),
    ],
)
def test_bad_config_is_said_by_name(config: Properties, name: str) -> None:
    with loopback({}) as provider:
        answer = provider.call("CheckConfig", provider_pb2.CheckRequest(urn=PROVIDER_URN, news=to_struct(config)))
        assert [placed(failure)[0] for failure in answer.failures] == [name]
        assert "two words" not in answer.failures[0].reason


def test_an_unknown_token_in_a_preview_is_no_fault() -> None:
    with loopback({}) as provider:
        assert provider.configure({"token": SecretValue(UNKNOWN)}) == {}
        provider.create("ExternalId", {}, preview=True)
        assert provider.log.lines == []


def test_schema_and_version(provider: Loopback) -> None:
    found = json.loads(provider.call("GetSchema", provider_pb2.GetSchemaRequest()).schema)
    assert set(found["resources"]) == set(HANDLERS)
    assert provider.call("GetPluginInfo", Empty()).version == VERSION == found["version"]


@pytest.mark.parametrize("kind", ["ExternalId", "Dataset", "Datasource", "AzureSas", "Verification", "BucketGuard"])
def test_check_knows_the_inputs_of_the_schema_and_no_other(provider: Loopback, kind: str) -> None:
    described = schema.schema()["resources"][f"lightly:index:{kind}"]
    _, faults = provider.check(kind, dict.fromkeys(described["inputProperties"], UNKNOWN))
    assert not faults
    _, missing = provider.check(kind, {})
    assert set(missing) <= set(described.get("requiredInputs", ()))
    _, faults = provider.check(kind, {"nonsense": 1.0})
    assert "nonsense" in faults


def test_many_at_once(provider: Loopback, lightly: FakeLightly) -> None:
    lightly.faults.append(Fault("POST", "/v1/datasets", 503, times=5))
    names = [f"herd {number}" for number in range(30)]
    errors: list[BaseException] = []

    def create(name: str) -> None:
        try:
            provider.create("Dataset", {"name": name, "type": "images"})
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=create, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert sorted(found["name"] for found in lightly.datasets.values()) == sorted(names)
