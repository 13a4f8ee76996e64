"""A sixth kind of store, one folder and one row: checked, deployed, registered, verified, analysed and audited."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pulumi
import pytest
import yaml
from lightly_access.analysis.document import as_json
from lightly_access.analysis.survey import survey
from lightly_access.analysis.view import Placed
from lightly_access.audit import lightly as audited
from lightly_access.audit.survey import discover
from lightly_access.deployment import deploy
from lightly_access.handoff.bundle import bundle
from lightly_access.kinds import registry
from lightly_access.manifest import Manifest
from lightly_access.manifest.schema import manifest_schema
from lightly_api.client import LightlyApi
from lightly_core.capability import Capability, Purpose
from lightly_core.pulumi_values import Properties, SecretValue, Value, plain
from lightly_core.secret import Secret

from tests.lightly_access.kinds.memory.kind import MemoryKind
from tests.lightly_access.kinds.memory.space import SPACES, Space
from tests.lightly_access.recording import record
from tests.lightly_provider.fake_lightly import TOKEN, FakeLightly, fake_lightly
from tests.lightly_provider.fake_time import FakeTime
from tests.lightly_provider.loopback import Loopback, RpcFailedError, loopback

CONFIG: dict[str, Any] = {
    "stores": {"brain": {"kind": "memory", "space": "brain"}},
    "datasets": {
        "dreams": {
            "type": "images",
            "input": {"store": "brain", "path": "seen/", "access": "handle"},
            "lightly": {"store": "brain", "path": "thoughts/", "access": "handle"},
        }
    },
}


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Space]:
    """The one row; and an empty space, whose handles are made by whoever deploys."""
    monkeypatch.setattr(registry, "ROWS", [*registry.ROWS, MemoryKind()])
    SPACES["brain"] = space = Space({"seen/a.png": b"a", "thoughts/": b"."})
    yield space
    SPACES.clear()
    pulumi.runtime.set_all_config({}, [])


@pytest.fixture
def lightly() -> Iterator[FakeLightly]:
    with fake_lightly() as fake:
        yield fake


@pytest.fixture
def provider(lightly: FakeLightly) -> Iterator[Loopback]:
    with loopback({}, FakeTime().retry_policy()) as found:
        found.configure({"token": TOKEN, "serverLocation": lightly.url})
        yield found


def problems(**changes: Any) -> str:
    dataset = CONFIG["datasets"]["dreams"]
    changed = {**dataset, "input": {**dataset["input"], **changes}}
    return "\n".join(map(str, Manifest.check({**CONFIG, "datasets": {"dreams": changed}}).problems))


def test_it_is_checked() -> None:
    assert Manifest.parse(CONFIG).to_config()["lightly-access:stores"] == CONFIG["stores"]
    assert "expected handle for a store of kind memory\nhint: a space knows handles alone" in problems(access="user")
    assert "expected it only with access: user, sas" in problems(rotate_after=30)
    assert "expected it only where we write the policy\nhint: a handle has no policy" in problems(
        permissions_boundary="arn:aws:iam::123456789012:policy/x"
    )
    overlapping = problems(path="thoughts/deep/")
    assert not overlapping, "within a dataset it is a warning"
    twice = Manifest.check({**CONFIG, "stores": {**CONFIG["stores"], "again": CONFIG["stores"]["brain"]}})
    assert "a space that is declared once" in str(twice.problems[0])
    unknown = Manifest.check({**CONFIG, "stores": {"brain": {"kind": "ram", "space": "brain"}}})
    assert "local or memory\nhint: did you mean 'memory'?" in str(unknown.problems[0])


def test_an_editor_knows_it() -> None:
    definitions = manifest_schema()["definitions"]
    assert definitions["Store"]["properties"]["kind"]["enum"][-1] == "memory"
    assert definitions["Datasource"]["properties"]["access"]["enum"][-1] == "handle"
    assert (
        "handle (a handle that we make, for memory)" in definitions["Datasource"]["properties"]["access"]["description"]
    )


@pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
def test_it_is_deployed() -> Any:
    recording = record()
    found = deploy(Manifest.parse(CONFIG))

    def look(_: object) -> None:
        source = recording.found["lightly:index:Datasource"]["dreams-input"]
        assert (source["kind"], source["access"], source["path"]) == ("memory", "handle", "memory://brain/seen/")
        verified = recording.only("lightly:index:Verification")["datasources"]
        assert verified["INPUT"]["proof"] == {
            "list": True, "read": True, "write": False, "overwrite": False, "delete": False
        }  # fmt: skip

    return found["dreams"]["lights"].apply(look)


@pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
def test_a_handle_that_somebody_else_made_is_deployed_as_it_is() -> Any:
    recording = record()
    pulumi.runtime.set_all_config({"lightly-keys:theirs": "a-handle"}, ["lightly-keys:theirs"])
    dataset = CONFIG["datasets"]["dreams"]
    adopted = {**dataset, "input": {**dataset["input"], "secret": "theirs"}}
    found = deploy(Manifest.parse({**CONFIG, "datasets": {"dreams": adopted}}))

    def look(_: object) -> None:
        assert recording.found["lightly:index:Datasource"]["dreams-input"]["given"] is True
        assert list(recording.found["lightly-access:index:AdoptedAccess"]) == ["dreams-input-access"]

    return found["dreams"]["lights"].apply(look)


def source(dataset_id: str, purpose: Purpose, path: str, handle: str) -> Properties:
    return {
        "datasetId": dataset_id, "purpose": str(purpose), "kind": "memory", "access": "handle",
        "path": f"memory://brain/{path}", "credentials": SecretValue(handle),
    }  # fmt: skip


def verification(dataset_id: str, space: Space) -> Properties:
    """Both datasources with their handles, as LightlyDataset gives them."""
    space.handles |= {"h-in": ("seen/", Purpose.INPUT), "h-out": ("thoughts/", Purpose.LIGHTLY)}
    entries: dict[str, Value] = {}
    for purpose, path, granted in ((Purpose.INPUT, "seen/", {"list", "read"}), (Purpose.LIGHTLY, "thoughts/", None)):
        proof: Value = {str(capability): granted is None or str(capability) in granted for capability in Capability}
        entries[str(purpose)] = {
            "kind": "memory", "access": "handle", "path": f"memory://brain/{path}", "identity": f"h-{purpose.lower()}",
            "fingerprint": "ab", "proof": proof,
        }  # fmt: skip
    keys: Value = {"INPUT": {"handle": "h-in"}, "LIGHTLY": {"handle": "h-out"}}
    return {
        "datasetId": dataset_id, "dataset": "dreams", "datasources": entries, "credentials": SecretValue(keys),
        "deadline": 5.0, "confirmations": 1.0,
    }  # fmt: skip


def test_it_is_registered(provider: Loopback, lightly: FakeLightly) -> None:
    dataset_id = lightly.add("dreams")
    checked, faults = provider.check("Datasource", source(dataset_id, Purpose.INPUT, "seen/", "h-in"))
    assert not faults
    made, _ = provider.create("Datasource", checked)
    body = lightly.datasources[dataset_id, "INPUT"]
    assert (body["type"], body["fullPath"], body["memoryHandle"]) == ("MEMORY", "memory://brain/seen/", "h-in")
    _, seen, _ = provider.read("Datasource", made, checked, checked)
    assert (plain(seen["kind"]), plain(seen["access"])) == ("memory", "handle")
    _, faults = provider.check("Datasource", {**source(dataset_id, Purpose.INPUT, "seen", "h"), "region": "x"})
    assert set(faults) == {"path", "region"}


def test_it_is_verified_and_probed(provider: Loopback, lightly: FakeLightly, memory: Space) -> None:
    news = verification(dataset_id := lightly.add("dreams"), memory)
    lightly.register(dataset_id, plain(news["datasources"]))  # type: ignore[arg-type]  # a table
    checked, faults = provider.check("Verification", news)
    assert not faults
    _, outputs = provider.create("Verification", checked)
    lights: Any = plain(outputs["lights"])
    assert outputs["verified"] is True
    delete = lights["INPUT"]["delete"]
    assert (delete["ok"], delete["actual"], delete["evidence"]) == (True, False, ["probe", "proof"])
    assert set(memory.objects) == {"seen/a.png", "thoughts/"}, "the probe leaves nothing"


def test_a_red_light_is_explained_in_its_words(provider: Loopback, lightly: FakeLightly, memory: Space) -> None:
    news = verification(dataset_id := lightly.add("dreams"), memory)
    lightly.register(dataset_id, plain(news["datasources"]))  # type: ignore[arg-type]  # a table
    del memory.handles["h-out"]
    lightly.verdicts = [{"canList": True, "canRead": True, "canWrite": False, "canOverwrite": False}]
    lightly.verdicts[0]["errors"] = {"canWrite": "UnknownHandle: no such handle"}
    with pytest.raises(RpcFailedError) as failed:
        provider.create("Verification", provider.check("Verification", news)[0])
    assert any("no space knows the handle of h-lightly" in reason for reason in failed.value.init.reasons)


def test_it_is_analysed() -> None:
    found = survey(Manifest.parse(CONFIG))
    document = as_json([Placed(each, "s") for each in found])
    assert document["ok"] is True
    inside = document["datasources"][0]["capabilities"]["read"]["inside"]["decision"]
    beside = document["datasources"][1]["capabilities"]["delete"]["beside"]["decision"]
    assert (inside, beside) == ("allowed", "refused")


def test_it_is_handed_over() -> None:
    page = bundle(Manifest.parse(CONFIG), "dreams", project="p", stack="s").files["README.md"]
    assert "| INPUT | `memory://brain/seen/` | list, read | a handle that you make |" in page
    assert "dreams-input" in page


def test_it_is_audited(lightly: FakeLightly) -> None:
    dataset_id = lightly.add("dreams")
    for purpose, path in ((Purpose.INPUT, "seen/"), (Purpose.LIGHTLY, "thoughts/")):
        lightly.datasources[dataset_id, str(purpose)] = {
            "type": "MEMORY", "purpose": str(purpose), "fullPath": f"memory://brain/{path}", "memoryHandle": "one"
        }  # fmt: skip
    mine = audited.known(LightlyApi(Secret(TOKEN), lightly.url), "dreams")
    assert mine is not None
    found = discover(mine, now=datetime.now(UTC))
    assert {finding.rule for finding in found.findings} == {"shared-identity", "volatile"}
    config = yaml.safe_load(found.lines.text)
    assert config["lightly-access:stores"] == {"brain": {"kind": "memory", "space": "brain"}}
    assert Manifest.check(config).manifest is not None
