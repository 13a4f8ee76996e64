"""Property paths (`tags.name`, `rules[0].id`, `items[*]`), as `ignoreChanges` and `replaceOnChanges` use them.

Source: `sdk/go/common/resource/properties_path.go` of pulumi/pulumi.
"""

from collections.abc import Callable

from lightly_sandbox.engine.values import Properties, SecretValue, Value

Path = tuple[str | int, ...]


class MalformedPath(ValueError):
    """A text that is not a property path."""

    def __init__(self, text: str) -> None:
        super().__init__(f"got the property path {text!r}, expected something like tags.name or rules[0]")


def parse(text: str) -> Path:
    """The parts of a path; `*` stands for any key or index."""
    parts: list[str | int] = []
    rest = text.removeprefix(".") if text.startswith(".") and len(text) > 1 else text
    while rest:
        if rest[0] == ".":
            rest = rest[1:]
            if not rest or rest[0] in ".[":
                raise MalformedPath(text)
        elif rest[0] == "[":
            part, rest = _bracket(rest, text)
            parts.append(part)
        else:
            end = min((at for at in (rest.find("."), rest.find("[")) if at >= 0), default=len(rest))
            parts.append(rest[:end])
            rest = rest[end:]
    return tuple(parts)


def _bracket(rest: str, text: str) -> tuple[str | int, str]:
    """The part in brackets at the start of `rest`, and what follows it."""
    if rest.startswith('["'):
        key, at = "", 2
        while at < len(rest) and rest[at] != '"':
            if rest.startswith('\\"', at):
                at += 1
            key, at = key + rest[at : at + 1], at + 1
        if rest[at : at + 2] != '"]':
            raise MalformedPath(text)
        return key, rest[at + 2 :]
    inside, closed, after = rest[1:].partition("]")
    if not closed or not (inside == "*" or inside.isdecimal()):
        raise MalformedPath(text)
    return (inside if inside == "*" else int(inside)), after


def contains(path: Path, other: Path) -> bool:
    """Whether `other` is at or below `path`."""
    return len(other) >= len(path) and all(part in ("*", got) for part, got in zip(path, other, strict=False))


def reset(path: Path, old: Properties, new: Properties) -> bool:
    """Give `new` the value that `old` has at this path, in place. False when the path cannot be followed in both."""
    return _reset(path, old, new)


def _open(value: Value) -> tuple[Value, bool]:
    secret = False
    while isinstance(value, SecretValue):
        value, secret = value.value, True
    return value, secret


def _reset(path: Path, old: Value, new: Value, old_secret: bool = False, new_secret: bool = False) -> bool:
    if not path:
        return False
    old, secret = _open(old)
    old_secret |= secret
    new, secret = _open(new)
    new_secret |= secret

    def taken(value: Value) -> Value:
        return SecretValue(value) if old_secret and not new_secret and not isinstance(value, SecretValue) else value

    part, rest = path[0], path[1:]
    if part == "*":
        return _reset_all(rest, old, new, taken, old_secret, new_secret)
    if isinstance(part, int):
        if not isinstance(old, list) or not isinstance(new, list):
            return not isinstance(old, list) and not isinstance(new, list)
        if part >= len(old) or part >= len(new):
            return not rest and part >= len(old) and part >= len(new)
        if not rest:
            new[part] = taken(old[part])
            return True
        return _reset(rest, old[part], new[part], old_secret, new_secret)
    if not rest:
        return _reset_key(part, old, new, taken)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return not isinstance(old, dict) and not isinstance(new, dict)
    if part not in new:
        return part not in old
    return _reset(rest, old.get(part), new[part], old_secret, new_secret)


def _reset_key(key: str, old: Value, new: Value, taken: Callable[[Value], Value]) -> bool:
    if isinstance(old, dict) and key in old:
        if not isinstance(new, dict):
            return False
        new[key] = taken(old[key])
    elif isinstance(new, dict):
        new.pop(key, None)
    return True


def _reset_all(
    rest: Path, old: Value, new: Value, taken: Callable[[Value], Value], old_secret: bool, new_secret: bool
) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        if not rest:
            new.clear()
            new.update({key: taken(value) for key, value in old.items()})
            return True
        return all(key in new and _reset(rest, old[key], new[key], old_secret, new_secret) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        for at, (before, after) in enumerate(zip(old, new, strict=False)):
            if not rest:
                new[at] = taken(before)
            elif not _reset(rest, before, after, old_secret, new_secret):
                return False
        return len(old) == len(new)
    return not rest and isinstance(new, dict | list)
