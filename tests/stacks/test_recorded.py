"""A stack that was deployed before sees no change: its state was recorded then, and is previewed now.

`recorded/` holds what a rehearsal of version 0.1.0 left before Pulumi's engine and the kinds' folders came: the state,
secrets encrypted; what the user had given by the environment; and what the clouds answered to the program's questions.
No cloud is needed: a preview compares what the program asks for with what is in the state.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from google.protobuf import json_format
from lightly_cli.main import main
from lightly_core.secret import Secret
from lightly_provider.server import LightlyProvider
from lightly_provider.server import serve as serve_lightly
from lightly_sandbox.deployer import Deployer, Project
from lightly_sandbox.deployer.command import ATTACH
from lightly_sandbox.kinds.azure import mock_provider as azure
from lightly_sandbox.kinds.gcs import mock_provider as gcs
from lightly_sandbox.kinds.s3 import mock_provider as s3
from pulumi.runtime.proto import provider_pb2

from tests.deploying import ROOT, STACK, must
from tests.lightly_sandbox.tap import Tap

RECORDED = Path(__file__).parent / "recorded"
NOWHERE = "http://127.0.0.1:9"
AT = datetime(2026, 11, 28, 16, 25, tzinfo=UTC)
PROVIDERS: dict[str, Any] = {
    "aws": (s3, {"region": "eu-central-1", "access_key_id": "x", "secret_access_key": "x"}),
    "azure-native": (
        azure,
        {"data_endpoint": NOWHERE, "ca_file": "", "subscription": "s", "tenant": "t", "token": "x", "identity": {}},
    ),
    "gcp": (gcs, {"project": "acme-ml", "token": "x"}),
}


class Then(datetime):
    """The time of the recording: credentials are due for rotation later."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # a day of then is no day of ours
        return AT.astimezone(tz)


def read(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


def answered(method: str, request: bytes) -> bytes | None:
    """What was answered to the same question then."""
    if method != "Invoke":
        return None
    asked = provider_pb2.InvokeRequest.FromString(request)
    arguments = json_format.MessageToDict(asked.args)
    known = [
        item["answer"] for item in read("answers") if (item["function"], item["arguments"]) == (asked.tok, arguments)
    ]
    assert known, f"{asked.tok}({arguments}) was not asked then"
    answer = provider_pb2.InvokeResponse()
    json_format.ParseDict(known[0], getattr(answer, "return"))  # a word of Python's
    return bytes(answer.SerializeToString())


@pytest.fixture
def providers() -> Iterator[str]:
    """Their ports, as Pulumi reads them."""
    mocks = {name: module.mock_provider({"endpoint": NOWHERE, **told}) for name, (module, told) in PROVIDERS.items()}
    taps = {name: Tap(mock.port, before=answered) for name, mock in mocks.items()}
    environ = {"LIGHTLY_TOKEN": "token-of-nobody", "LIGHTLY_SERVER_LOCATION": NOWHERE}
    lightly, port = serve_lightly(LightlyProvider(environ=environ))
    yield ",".join([f"lightly:{port}", *(f"{name}:{tap.port}" for name, tap in taps.items())])
    lightly.stop(0).wait()
    for item in (*taps.values(), *mocks.values()):
        item.stop()


def deployer(folder: Path, providers: str, state: Any = None, **config: Any) -> Deployer:
    return of_project(ROOT, folder, providers, state, config)


def of_project(root: Path, folder: Path, providers: str, state: Any, config: Mapping[str, Any]) -> Deployer:
    stack = Deployer(
        Project.load(root, STACK), STACK, folder, {**read("environment"), ATTACH: providers},
        phrase=Secret("recorded"), config=config,
    )  # fmt: skip
    stack.take(state or read("state"))
    return stack


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("s3.components.user", "azure.components.sas", "gcs.components.service_account"):
        monkeypatch.setattr(f"lightly_access.kinds.{module}.datetime", Then)


MEANT = {("update", "footage-lifecycle"), *(("create", f"{store}-guard") for store in ("footage", "hives", "results"))}
"""What later versions change on purpose: delete markers that hide nothing expire, and buckets that we made are guarded,
which makes nothing in a cloud."""


def test_a_stack_that_was_deployed_before_sees_no_change_that_was_not_meant(tmp_path: Path, providers: str) -> None:
    previewed = must(deployer(tmp_path, providers).preview())
    assert seen(previewed) == MEANT
    assert previewed.changes["same"] == 157 - 1


def project_of_ones_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """As docs/guides/your-own-project.md has it under "From a clone to a project", with the tables in the folder."""
    with pytest.raises(SystemExit) as ended:
        main(["init", str(folder), "--name", "lightly-access", "--stack", STACK])
    assert not ended.value.code, capsys.readouterr()
    stack = yaml.safe_load((ROOT / "stacks" / f"Pulumi.{STACK}.yaml").read_text())
    tables = {name: stack["config"].pop(f"lightly-access:{name}") for name in ("stores", "datasets")}
    stack["config"]["lightly-access:manifest"] = "manifest/"
    (folder / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(stack))
    (folder / "manifest" / "datasets" / "first-dataset.yaml").unlink()
    (folder / "manifest" / "stores.yaml").write_text(yaml.safe_dump({"stores": tables["stores"]}))
    for key, table in tables["datasets"].items():
        (folder / "manifest" / "datasets" / f"{key}.yaml").write_text(yaml.safe_dump({"datasets": {key: table}}))
    return folder


def test_a_project_of_ones_own_takes_over_the_stack_of_a_clone_and_changes_nothing(
    tmp_path: Path, providers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project_of_ones_own(tmp_path / "project-of-ones-own", capsys)
    previewed = must(of_project(root, tmp_path, providers, None, {}).preview())
    assert seen(previewed) == MEANT
    assert previewed.changes["same"] == 157 - 1


def test_a_change_would_be_seen(tmp_path: Path, providers: str) -> None:
    previewed = must(deployer(tmp_path, providers, **{"lightly-access:tags": {"team": "herd"}}).preview())
    assert previewed.updated > 10


def seen(outcome: Any) -> set[tuple[str, str]]:
    """What changes, but for the engine's own providers: it makes one for a question, and counts it nowhere."""
    steps = [step for step in outcome.steps if step.op != "same" and "::pulumi:providers:" not in step.urn]
    return {(step.op, step.urn.rpartition("::")[2]) for step in steps}


def changes(outcome: Any) -> set[tuple[str, str]]:
    return seen(outcome) - MEANT


def manifest() -> tuple[dict[str, Any], dict[str, Any]]:
    config = yaml.safe_load((ROOT / "stacks" / f"Pulumi.{STACK}.yaml").read_text())["config"]
    return config["lightly-access:stores"], config["lightly-access:datasets"]


@dataclass(frozen=True)
class Renamed:
    """A key's life: what it was first, what it is deployed under, what it is now, and which of them the manifest
    still names, in whatever order."""

    first: str
    deployed: str
    now: str
    aliases: tuple[str, ...]

    @classmethod
    def of(cls, first: str, chance: Random) -> "Renamed":
        chain = [first, *(f"{word}-{first}" for word in chance.sample(("a", "our", "z"), chance.randint(1, 3)))]
        deployed, now = chance.choice(chain), chain[-1]
        named = {*chance.sample(chain[:-1], chance.randint(0, len(chain) - 1)), *({deployed} - {now})}
        return cls(first, deployed, now, tuple(chance.sample(sorted(named), len(named))))


def moved(state: Any, deployed: Mapping[str, str]) -> Any:
    """The state of a stack whose keys are these by now; what stands in the clouds has the names that it had first."""
    keys = "|".join(sorted(map(re.escape, deployed), key=len, reverse=True))
    name = re.compile(rf'(urn:pulumi:[^:"]+::[^:"]+::(?:[^:"]|:(?!:))+::)({keys})(?=["/-]|::)')
    return json.loads(name.sub(lambda found: found[1] + deployed[found[2]], json.dumps(state)))


def below(state: Any) -> Any:
    """The state with every access under its dataset, as later versions deploy it."""
    access = re.compile(r'(urn:pulumi:[^:"]+::[^:"]+::)(lightly-access:\w+:\w+Access)')
    found = json.loads(access.sub(r"\1lightly-access:index:LightlyDataset$\2", json.dumps(state)))
    resources = found["deployment"]["resources"]
    datasets = {each["urn"]: each for each in resources if each["type"] == "lightly-access:index:LightlyDataset"}
    for each in resources:
        if each["type"].startswith("lightly-access:") and each["type"].endswith("Access"):
            each["parent"] = next(
                urn
                for urn in datasets
                for side in ("input", "lightly")
                if each["urn"].rpartition("::")[2] == f"{urn.rpartition('::')[2]}-{side}-access"
            )
    first = [each for each in resources if each["type"] == "pulumi:pulumi:Stack"]
    rest = [each for each in resources if each["urn"] not in datasets and each not in first]
    found["deployment"]["resources"] = [*first, *datasets.values(), *rest]
    return found


@pytest.mark.parametrize(("seed", "layout"), [(0, moved), (1, lambda *of: below(moved(*of)))], ids=["before", "below"])
def test_every_key_goes_through_any_chain_of_names_and_nothing_is_made_anew(
    tmp_path: Path, providers: str, seed: int, layout: Callable[[Any, Mapping[str, str]], Any]
) -> None:
    stores, datasets = manifest()
    chance = Random(seed)
    keys = {key: Renamed.of(key, chance) for key in (*stores, *datasets)}
    named = {
        keys[key].now: {
            **each,
            "aliases": list(keys[key].aliases),
            "name": key,
            **{side: {**each[side], "store": keys[each[side]["store"]].now} for side in ("input", "lightly")},
        }
        for key, each in datasets.items()
    }
    config: dict[str, Any] = {
        "lightly-access:stores": {
            keys[key].now: {**each, "aliases": list(keys[key].aliases)} for key, each in stores.items()
        },
        "lightly-access:datasets": named,
    }
    state = layout(read("state"), {each.first: each.deployed for each in keys.values()})
    previewed = must(deployer(tmp_path, providers, state, **config).preview())
    meant = {(op, f"{keys[key].now}-{part}") for op, name in MEANT for key, _, part in [name.rpartition("-")]}
    assert seen(previewed) == meant, keys
    assert previewed.changes["same"] == 157 - 1


def test_revoking_deletes_every_credential_and_nothing_that_holds_data(tmp_path: Path, providers: str) -> None:
    _, datasets = manifest()
    revoked = {key: {**each, "revoked": True} for key, each in datasets.items()}
    before = {resource["urn"] for resource in read("state")["deployment"]["resources"] if resource.get("custom")}
    previewed = must(deployer(tmp_path, providers, **{"lightly-access:datasets": revoked}).preview())
    assert {op for op, _ in changes(previewed)} == {"delete"}
    gone = {step.urn for step in previewed.steps if step.op == "delete"}
    credentials = (*("aws:iam/", "lightly:index:AzureSas", "lightly:index:ExternalId", "gcp:serviceaccount/"),)
    registered = ("lightly:index:Datasource", "lightly:index:Verification", "gcp:storage/bucketIAM", "gcp:projects/iAM")
    ending = {urn for urn in before if any(kind in urn for kind in (*credentials, *registered))}
    assert gone & before == ending
    assert len(ending) > 60
