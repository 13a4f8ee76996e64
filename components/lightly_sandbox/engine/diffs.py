"""What a provider says about a change, and what the engine makes of it.

Sources: `DiffResponse` in `proto/pulumi/provider.proto`, `applyReplaceOnChanges` and `diffResource` in
`pkg/resource/deploy/step_generator.go` of pulumi/pulumi.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from lightly_sandbox.engine import paths
from lightly_sandbox.engine.values import Properties, Value, copy, reveal, same

Changes = Literal["unknown", "none", "some"]
_CHANGES: Final[tuple[Changes, ...]] = ("unknown", "none", "some")
_KINDS: Final = ("add", "add-replace", "delete", "delete-replace", "update", "update-replace")
INIT_ERROR: Final = "#initerror"


@dataclass(frozen=True)
class Diff:
    """The answer of Diff: what changed, what of it needs a replacement, and whether the old one must go first."""

    changes: Changes
    replaces: tuple[str, ...] = ()
    diffs: tuple[str, ...] = ()
    detail: Mapping[str, str] | None = None
    delete_before_replace: bool = False
    triggered: bool = False
    """Another replacement trigger asks for it; the provider was not asked."""

    @classmethod
    def of(cls, answer: Any) -> "Diff":
        """From a provider's DiffResponse."""
        detail = {path: _KINDS[item.kind] for path, item in answer.detailedDiff.items()}
        return cls(
            _CHANGES[answer.changes],
            tuple(answer.replaces),
            tuple(answer.diffs),
            detail if answer.hasDetailedDiff else None,
            answer.deleteBeforeReplace,
        )

    @property
    def replace(self) -> bool:
        """Whether the resource has to be replaced."""
        return (
            self.triggered
            or bool(self.replaces)
            or any(kind.endswith("-replace") for kind in (self.detail or {}).values())
        )


def structural(diff: Diff, old_inputs: Properties, news: Properties, ignore: Sequence[str]) -> Diff:
    """For a provider that cannot tell: compare the inputs, secrets opened, ignored paths as they were."""
    wanted = reveal(ignore_changes(old_inputs, news, ignore)[0])
    changed = changed_paths(reveal(old_inputs), wanted)
    if not changed:
        return replace(diff, changes="none")
    tops = tuple(dict.fromkeys(str(paths.parse(path)[0]) for path in changed))
    return replace(diff, changes="some", diffs=tops, detail=changed)


def changed_paths(old: Value, new: Value, path: str = "") -> dict[str, str]:
    """Path -> add, delete or update, for every leaf that differs."""
    if isinstance(old, dict) and isinstance(new, dict):
        found: dict[str, str] = {}
        for key in sorted(old.keys() | new.keys()):
            below = f"{path}.{key}" if path and "." not in key else (f'{path}["{key}"]' if "." in key else key)
            if key not in new:
                found[below] = "delete"
            elif key not in old:
                found[below] = "add"
            else:
                found.update(changed_paths(old[key], new[key], below))
        return found
    if isinstance(old, list) and isinstance(new, list):
        found = {}
        for at in range(max(len(old), len(new))):
            if at >= len(new):
                found[f"{path}[{at}]"] = "delete"
            elif at >= len(old):
                found[f"{path}[{at}]"] = "add"
            else:
                found.update(changed_paths(old[at], new[at], f"{path}[{at}]"))
        return found
    return {} if same(old, new) else {path: "update"}


def ignore_changes(old: Properties, new: Properties, ignore: Sequence[str]) -> tuple[Properties, list[str]]:
    """The new inputs with the ignored paths as they were, and the paths for which that is not possible."""
    if not ignore:
        return new, []
    result, impossible = copy(new), []
    for text in ignore:
        try:
            path = paths.parse(text)
        except paths.MalformedPath:
            continue
        if not paths.reset(path, old, result):
            impossible.append(text)
    return result, impossible


def replace_on_changes(diff: Diff, wanted: Sequence[str], *, init_errors: bool) -> Diff:
    """Apply the `replaceOnChanges` option: a change below one of these paths replaces the resource."""
    if diff.changes != "some" and not init_errors:
        return diff
    triggers = [paths.parse(text) for text in wanted]

    def triggered(text: str) -> bool:
        try:
            return any(paths.contains(trigger, paths.parse(text)) for trigger in triggers)
        except paths.MalformedPath:
            return False

    detail = None if diff.detail is None else dict(diff.detail)
    for path, kind in (diff.detail or {}).items():
        if detail is not None and triggered(path) and not kind.endswith("-replace"):
            detail[path] = f"{kind}-replace"
    replaces = dict.fromkeys(diff.replaces)
    replaces.update(dict.fromkeys(key for key in diff.diffs if triggered(key)))
    if init_errors and triggered(INIT_ERROR):
        replaces[INIT_ERROR] = None
        return replace(diff, changes="some", replaces=tuple(replaces), detail=detail)
    return replace(diff, replaces=tuple(replaces), detail=detail)
