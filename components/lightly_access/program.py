"""What a Pulumi program begins with: the manifest of this stack, or what is wrong, before anything is made."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pulumi
from lightly_core.extra import missing

from lightly_access import without_token
from lightly_access.arguments.error import is_ours
from lightly_access.deployed.other_credential import other_access, rotated
from lightly_access.fleet.elsewhere import deployed_keys
from lightly_access.fleet.elsewhere import misplaced as misplaced_datasets
from lightly_access.fleet.seen import FOLDER, seen_once
from lightly_access.interrupt import end_quietly
from lightly_access.manifest import Manifest, ManifestError
from lightly_access.manifest.config_keys import full_key, meant_tables, misplaced, stack_problems
from lightly_access.manifest.part import part
from lightly_access.previous import datasources, goes
from lightly_access.stack_state import stack_outputs, stack_resources
from lightly_access.tables.problem import Problem
from lightly_access.tables.shard import stack_fault
from lightly_access.tables.written import KEYS, NAMESPACE, SHARD, Tables


def stack_manifest(root: Path) -> Manifest:
    """The manifest in the configuration of this stack; its warnings are logged. `root` is the folder of Pulumi.yaml.

    Raises RunError with every problem. Without a token for Lightly a preview goes on, since it asks nothing of Lightly;
    a first deployment ends here, before half of it is made, and a later one makes nothing and ends what shall end.
    """
    end_quietly()
    problems = [str(problem) for problem in misplaced(_config(), pulumi.get_project())]
    try:
        manifest = Manifest.parse({key: _value(key) for key in KEYS}, root=root)
    except ManifestError as invalid:
        meant = meant_tables(_config(), pulumi.get_project())
        problems.append(str(invalid) + (f"\nhint: {meant}" if meant else ""))
    else:
        written = manifest.to_config()
        tables = Tables(written[f"{NAMESPACE}:stores"], written[f"{NAMESPACE}:datasets"])
        problems += map(str, stack_problems(_config(), tables, os.environ))
    if problems:
        raise pulumi.RunError("\n".join([*problems, "hint: `lightly-access check` tells the lines"]))
    if manifest.shard:
        _in_its_place(manifest, pulumi.get_stack())
    for warning in manifest.warnings:
        pulumi.log.warn(str(warning))
    outputs = stack_outputs()
    if pulumi.runtime.is_dry_run():
        _say_what_ends(manifest, outputs)
    datasets = part(manifest).datasets.values()
    needed = not pulumi.runtime.is_dry_run() and any(not dataset.revoked for dataset in datasets)
    if needed and not (os.environ.get("LIGHTLY_TOKEN") or pulumi.Config("lightly").get("token")):
        if not any(dataset.revoked for dataset in datasets) and not outputs:  # there is nothing to end
            raise pulumi.RunError(f"there is no token for Lightly; nothing was made\nhint: {without_token.WAY_OUT}")
        without_token.end_only()
    return manifest


def _in_its_place(manifest: Manifest, stack: str) -> None:
    """That nothing of this stack belongs to another shard, nor the other way round. Raises RunError."""
    if manifest.shard and (fault := stack_fault(manifest.shard, stack)):
        raise pulumi.RunError(str(Problem.of((SHARD,), str(manifest.shard), fault)))
    others = seen_once(stack_outputs, os.environ.get(FOLDER))
    if found := list(misplaced_datasets(manifest, stack, deployed_keys(stack_resources()), others)):
        raise pulumi.RunError("\n".join(map(str, found)))


def _say_what_ends(manifest: Manifest, outputs: Mapping[str, Any]) -> None:
    """What the preview's own lines do not tell: that something is gone or another one, and why a key is replaced."""
    before = datasources(outputs)
    for warning in (*goes(manifest, outputs), *other_access(manifest, before)):
        pulumi.log.warn(str(warning))
    for reason in rotated(manifest, before, datetime.now(UTC).date()):
        pulumi.log.info(str(reason))


@contextmanager
def in_words() -> Iterator[None]:
    """What we refuse in the block ends the program with its sentence alone: RunError is shown without a traceback."""
    try:
        yield
    except (ValueError, LookupError) as refused:
        if not is_ours(refused):
            raise
        raise pulumi.RunError(str(refused.args[0] if len(refused.args) == 1 else refused)) from None
    except ModuleNotFoundError as error:
        if not (said := missing(error, "this manifest")):
            raise
        raise pulumi.RunError(str(said)) from None


def _value(key: str) -> object:
    """A table, a list, a number or a truth as the file has it; a text as it is."""
    config = pulumi.Config(NAMESPACE)
    try:
        return config.get_object(key) if key != "manifest" else config.get(key)
    except pulumi.ConfigTypeError:
        return config.get(key)


def _config() -> dict[str, object]:
    """This stack's configuration, the keys that no program asks for included."""
    from pulumi.runtime import config

    found = {**config.get_config_env(), **config.CONFIG.get()}
    return {full_key(key, pulumi.get_project()): value for key, value in found.items()}
