"""The query protocol of IAM and STS: parameters, read from the body or the query, and written again for moto."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.errors import RefusedError

_PRESIGN = "X-Amz-"


def parameters(call: Call) -> dict[str, str]:
    """The parameters of the action. Raises RefusedError for a name given twice or text that is not UTF-8."""
    found = {name: value for name, value in call.query.items() if not name.startswith(_PRESIGN)}
    try:
        pairs = parse_qsl(call.body.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise RefusedError("MalformedInput", "The request is not valid UTF-8", 400) from error
    for name, value in pairs:
        if name in found:
            raise RefusedError("MalformedInput", f"The parameter {name} is given twice", 400)
        found[name] = value
    if "Action" not in found:
        raise RefusedError("MissingAction", "The request is missing an action", 400)
    return found


def encode(values: Mapping[str, str]) -> bytes:
    return urlencode(values).encode()


def tags(values: Mapping[str, str], name: str = "Tags") -> tuple[tuple[str, str], ...]:
    """`Tags.member.1.Key`, `Tags.member.1.Value`, ... as pairs."""
    found: list[tuple[str, str]] = []
    while (key := values.get(f"{name}.member.{len(found) + 1}.Key")) is not None:
        found.append((key, values.get(f"{name}.member.{len(found) + 1}.Value", "")))
    return tuple(found)


def tag_context(pairs: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    """aws:RequestTag/... and aws:TagKeys of tags in a request."""
    if not pairs:
        return {}
    context: dict[str, tuple[str, ...]] = {f"aws:RequestTag/{name}": (value,) for name, value in pairs}
    return {**context, "aws:TagKeys": tuple(name for name, _ in pairs)}
