"""A program of another language, as far as the engine and the package see one: every component is remote."""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from lightly_core.secret import Secret
from lightly_policies.render_aws import aws_trust
from lightly_sandbox.credential_clients import registered
from lightly_sandbox.deployer import Deployer, Project
from lightly_sandbox.deployer.guardrails import guardrails
from lightly_sandbox.kinds import registry
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import must, seed
from tests.lightly_package.conftest import attached
from tests.lightly_package.declared import Declared, Sealed, by_the_package, in_python
from tests.lightly_package.program import EXTERNAL_ID, program

WRONG = "not-what-it-should-be"


@dataclass(frozen=True)
class Program(Project):
    """A program that is data."""

    declared: list[Declared] = field(default_factory=list)
    make: Callable[[list[Declared]], dict[str, Any]] = by_the_package
    besides: Callable[[], object] = lambda: None

    def run(self) -> None:
        made = self.make(self.declared)
        for name in (each.name for each in self.declared if each.kind == "LightlyDataset"):
            pulumi.export(name, made[name].lights)
        self.besides()


@dataclass(frozen=True)
class Clouds:
    """The sandbox, with the package among what the engine attaches to."""

    sandbox: Sandbox
    environment: Mapping[str, str]
    folder: Path

    def stack(self, declared: list[Declared], **how: Any) -> Deployer:
        """The same stack, of this program."""
        made = Program("acme", None, {"aws:region": "eu-central-1"}, declared=declared, **how)
        pack = guardrails(self.folder)
        return Deployer(made, "test", self.folder, self.environment, phrase=Secret("a phrase"), packs=[pack])


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clouds]:
    with start_sandbox(kinds=registry.names()) as sandbox:
        seed(sandbox)
        with attached(sandbox.deployment()) as environment:
            yield Clouds(sandbox, environment, tmp_path_factory.mktemp("stack"))


def test_what_another_language_deployed_python_goes_on_with_and_changes_nothing(clouds: Clouds) -> None:
    every_component = program(clouds.environment)
    deployed = clouds.stack(every_component)
    said = must(deployed.up()).diagnostics
    assert not [text for text in said if "lightly-guardrails" in text]
    outputs = deployed.state()["deployment"]["resources"][0]["outputs"]
    assert outputs.keys() >= {"cows", "tractors", "bees", "apples"}
    lights = [light for name in outputs.values() for purpose in name.values() for light in purpose.values()]
    assert {light["ok"] for light in lights} == {True}
    _no_secret_in_clear(deployed, clouds)
    assert must(clouds.stack(every_component, make=in_python).preview()).changes.keys() == {"same"}


def _no_secret_in_clear(deployed: Deployer, clouds: Clouds) -> None:
    issued = {each.secret.reveal() for each in registered(deployed.state(show_secrets=True))}
    given = {clouds.environment["SANDBOX_OBS_READER_SECRET_ACCESS_KEY"], EXTERNAL_ID}
    assert len(issued) >= 6
    text = json.dumps(deployed.state())
    assert not [secret for secret in issued | given if secret in text or json.dumps(secret)[1:-1] in text]


def test_the_guardrails_see_what_a_program_of_another_language_makes(clouds: Clouds) -> None:
    """Beside what components made, a role that Lightly may assume for whoever asks it to."""
    trust = json.loads(aws_trust(EXTERNAL_ID))
    del trust["Statement"][0]["Condition"]
    besides = functools.partial(aws.iam.Role, "open", assume_role_policy=json.dumps(trust))
    names = ("lake", "cows-input")
    few = [each for each in program(clouds.environment) if each.name in names]
    refused = clouds.stack(few, besides=besides).preview()
    assert not refused.ok
    found = [text.split(": ") for text in refused.diagnostics if ": lightly-guardrails: " in text]
    assert "trust-external-id" in {rule for _, _, rule, *_ in found}
    assert {resource for resource, *_ in found} == {"open"}  # and nothing of the component's


def test_all_that_is_wrong_is_said_at_once_in_the_languages_words_and_no_secret_is_shown(clouds: Clouds) -> None:
    wrong = {"bucket": "Photos", "region": "eu-central-1", "force_destroy": True, "noncurrent_days": 0}
    refused = clouds.stack([Declared("S3Bucket", "photos", wrong)]).preview()
    (said,) = (text for text in refused.diagnostics if "has a problem" in text)
    assert "S3Bucket photos has 3 problems:" in said
    assert all(f"property {name}" in said for name in ("bucket", "forceDestroy", "noncurrentDays"))
    assert "force_destroy" not in said

    key = {"access_key_id": Sealed(WRONG), "secret_access_key": Sealed(WRONG)}
    store = {"endpoint": "ftp://nowhere", "bucket": 5}
    apples = Declared("ObsAccess", "apples", {"store": store, "path": "a//b/", "purpose": Sealed(WRONG), **key})
    everything = clouds.stack([apples]).preview().diagnostics
    (said,) = (text for text in everything if "has a problem" in text)
    assert all(f"{name}: got" in said for name in ("store.bucket", "path", "purpose"))
    assert WRONG not in "\n".join(everything)
