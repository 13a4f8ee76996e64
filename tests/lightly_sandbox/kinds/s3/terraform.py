"""Terraform with HashiCorp's provider for AWS, and what the components make in its words.

Pulumi's provider is built on HashiCorp's, so that what the one reads, compares and waits for the other does too.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest
from lightly_access.deployment import deploy
from lightly_access.manifest import Manifest
from lightly_core.pulumi_values import plain

from tests.lightly_access.recording import record
from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION, Keys
from tests.terraform_types import AWS_TYPES

MIRRORS = ("~/.terraform.d/plugins", "/usr/local/share/terraform/plugins", "/opt/*")
SECONDS = 1200
"""For one command: the provider waits a minute for a lifecycle, and this machine may have much else to do."""
_PLURALS = {"rules": "rule"}
"""Blocks that Pulumi names in the plural."""
_OWNERS = {"bucket": "aws_s3_bucket", "role": "aws_iam_role", "user": "aws_iam_user", "group": "aws_iam_group"}
_KEY = re.compile(r"arn:aws:kms:[\w-]+:\d+:key/1")
"""The key as the recording answers it."""


@dataclass(frozen=True)
class Declared:
    """A resource as our program declares it, and its name in Terraform."""

    token: str
    name: str
    inputs: Mapping[str, Any] = field(repr=False)

    @property
    def type(self) -> str:
        return AWS_TYPES[self.token]

    @property
    def address(self) -> str:
        return f"{self.type}.{re.sub(r'[^A-Za-z0-9_-]', '_', self.name)}"


def declared(manifest: Manifest) -> list[Declared]:
    """What the components declare for a manifest in AWS."""
    recording = record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        return pulumi.Output.from_input(deploy(manifest))

    program()
    return [
        Declared(token, name, {key: plain(value) for key, value in _from_wire(inputs).items()})
        for token in AWS_TYPES
        for name, inputs in recording.found.get(token, {}).items()
    ]


def _from_wire(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    from google.protobuf.struct_pb2 import Struct
    from lightly_core.pulumi_struct import from_struct

    wire = Struct()
    wire.update(dict(inputs))
    return from_struct(wire)


def configuration(resources: list[Declared]) -> dict[str, Any]:
    """The same for Terraform: `resource` of a JSON configuration, where one resource refers to another."""
    named = {(each.type, each.inputs.get("name", each.inputs.get("bucket"))): each.address for each in resources}
    key = next((each.address for each in resources if each.type == "aws_kms_key"), "")
    found: dict[str, Any] = {}
    for each in resources:
        written = {snake(name): _written(value, key) for name, value in each.inputs.items() if name != "region"}
        for owner, kind in _OWNERS.items():
            if each.type != kind and (kind, each.inputs.get(owner)) in named:  # a bucket may be there before
                written[owner] = f"${{{named[kind, each.inputs[owner]]}.id}}"
        if "groups" in written:
            written["groups"] = [f"${{{named['aws_iam_group', group]}.id}}" for group in each.inputs["groups"]]
        if each.type == "aws_s3_object":  # the prerequisites of a bucket, as in the program
            settings = [
                other
                for other in resources
                if other.type.startswith("aws_s3_bucket") and other.type != "aws_s3_bucket_lifecycle_configuration"
            ]
            mine = [other.address for other in settings if other.inputs["bucket"] == each.inputs["bucket"]]
            written["depends_on"] = mine
        found.setdefault(each.type, {})[each.address.partition(".")[2]] = written
    return found


def _written(value: Any, key: str) -> Any:
    match value:
        case str():
            return _KEY.sub(f"${{{key}.arn}}", value.replace("${", "$${"))
        case float() if value == int(value):
            return int(value)
        case list():
            return [_written(item, key) for item in value]
        case dict():
            return {snake(name): _written(item, key) for name, item in value.items()}
    return value


def snake(name: str) -> str:
    """Of tags too: those of the test are in small letters."""
    return _PLURALS.get(name) or re.sub(r"(?<=[a-z])([A-Z])", lambda match: f"_{match[1].lower()}", name)


@dataclass
class Terraform:
    """Terraform in a folder of its own, with the provider and somebody's credentials."""

    folder: Path
    mirror: Path
    endpoint: str
    keys: Keys

    def write(self, name: str, **parts: Any) -> "Terraform":
        """Another folder, with this configuration."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "terraformrc").write_text(
            f'provider_installation {{ filesystem_mirror {{ path = "{self.mirror}" }} }}'
        )
        (folder / "main.tf.json").write_text(json.dumps({**self._provider(), **parts}))
        there = Terraform(folder, self.mirror, self.endpoint, self.keys)
        there.run("init", "-input=false")
        return there

    def _provider(self) -> dict[str, Any]:
        settings = {
            "region": REGION,
            "access_key": self.keys.id,
            "secret_key": self.keys.secret,
            "s3_use_path_style": True,
            "skip_metadata_api_check": True,
            "endpoints": [dict.fromkeys(("iam", "kms", "s3", "sts"), self.endpoint)],
        }
        return {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
            "provider": {"aws": settings},
        }

    def run(self, command: str, *options: str) -> str:
        """What a command that succeeds says."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "CHECKPOINT_DISABLE": "1", "NO_COLOR": "1"}
        done = subprocess.run(
            ["terraform", *command.split(), *options],
            cwd=self.folder,
            env={**environment, "TF_CLI_CONFIG_FILE": str(self.folder / "terraformrc")},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        # An error shows the line that it is about, which is the whole configuration.
        said = [line[:400] for line in (*done.stdout.splitlines()[-20:], *done.stderr.splitlines()) if line.strip()]
        assert done.returncode == 0, "\n".join(said)
        return done.stdout

    def apply(self) -> str:
        return self.run("apply", "-auto-approve", "-input=false")

    def plan(self) -> dict[str, Any]:
        """What it would do: address -> its change, with actions, before and after."""
        self.run("plan", "-input=false", "-out=plan")
        shown = json.loads(self.run("show", "-json", "plan"))
        return {change["address"]: change["change"] for change in shown["resource_changes"]}

    def ids(self) -> dict[str, dict[str, Any]]:
        """Address -> the attributes in the state."""
        shown = json.loads(self.run("show", "-json"))
        return {each["address"]: each["values"] for each in shown["values"]["root_module"]["resources"]}


def find_mirror() -> Path:
    """Where the provider is. Skips, with a word, where there is no Terraform or no copy of the provider for it."""
    if not shutil.which("terraform"):
        pytest.skip("no terraform on PATH, so nobody but us checks the local AWS")
    found = [
        mirror
        for pattern in MIRRORS
        for place in [Path(pattern).expanduser()]
        for mirror in place.parent.glob(place.name)
        if [*mirror.glob("registry.terraform.io/hashicorp/aws/5.*")]
    ]
    if not found:
        pytest.skip("no mirror of providers with hashicorp/aws 5, so nobody but us checks the local AWS")
    return found[0]
