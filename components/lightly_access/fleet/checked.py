"""Stack files of one manifest are checked once: one of a thousand datasets takes a second, and has twenty shards."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from lightly_access.manifest import Checked, Manifest
from lightly_access.manifest.stack_file import check_path, project_root, stack_config
from lightly_access.tables.shard import Shard, shard_fault
from lightly_access.tables.written import NAMESPACE, SHARD

_KEY = f"{NAMESPACE}:{SHARD}"


def check_paths(
    paths: Iterable[Path], environ: Mapping[str, str] | None = None, checked: Mapping[Path, Checked] | None = None
) -> dict[Path, Checked]:
    """What a check of each says; what of these was `checked` already is taken. What is remarkable in a manifest is said
    of the shard that stands first, and a manifest with problems is checked for each."""
    found: dict[Path, Checked] = {}
    good: dict[str, Manifest] = {}
    for path in paths:
        shard, same = _manifest_of(path)
        if shard is not None and same in good and path not in (checked or {}):
            found[path] = Checked(replace(good[same], shard=shard), (), ())
            continue
        found[path] = (checked or {}).get(path) or check_path(path, environ)
        if shard is not None and (manifest := found[path].manifest):
            good.setdefault(same, manifest)
    return found


def _manifest_of(path: Path) -> tuple[Shard | None, str]:
    """The shard of a good stack file, and what tells its manifest from others: all that it says but the shard, and what
    secrets it has but not which."""
    try:
        config = stack_config(path) if path.is_file() else {}
    except (OSError, UnicodeDecodeError):
        return None, ""
    written, stack = config.get(_KEY), path.name.removeprefix("Pulumi.").removesuffix(".yaml")
    shard = Shard.parse(str(written)) if not shard_fault(written) else None
    if shard is None or not (fleet := shard.fleet(stack)):
        return None, ""
    said = {key: "secret" if _is_secret(value) else value for key, value in config.items() if key != _KEY}
    where = str(project_root(path.resolve().parent))
    return shard, json.dumps([where, fleet, said], sort_keys=True, default=str)


def _is_secret(value: object) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"secure"}
