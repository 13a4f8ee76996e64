"""IAM patterns: `*`, `?` and `${variable}`, matched without regular-expression accidents.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html (wildcards) and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (variables, defaults, `${*}`, `${?}`,
`${$}`, and a variable without a value: "effectively null", equal to and like nothing).
"""

import re
from collections.abc import Callable
from functools import lru_cache

Lookup = Callable[[str], str | None]
"""The one value of a condition key, or None when the request has none (or several: those cannot be variables)."""

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_DEFAULTED = re.compile(r"\s*([^,\s]+)\s*,\s*'([^']*)'\s*")
_ARN_COLONS = 5


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> "re.Pattern[str]":
    """A regular expression for a pattern in which `\\` takes the meaning off the character after it."""
    segments = [""]
    characters = iter(pattern)
    for character in characters:
        if character == "*":
            segments.append("")
        elif character == "?":
            segments[-1] += "."
        else:
            segments[-1] += re.escape(next(characters) if character == "\\" else character)
    first, *rest = segments
    if not rest:
        return re.compile(first, re.DOTALL)
    # Each segment takes its first place and never gives it back: time stays linear in the number of `*`.
    middle = "".join(f"(?>.*?{segment})" for segment in rest[:-1] if segment)
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def _literal(text: str) -> str:
    return re.sub(r"([\\*?])", r"\\\1", text)


def glob(pattern: str, text: str) -> bool:
    """Whether the whole text fits; `*` is any run of characters (none too), `?` exactly one, all else is itself."""
    return _compiled(pattern.replace("\\", "\\\\")).fullmatch(text) is not None


def _value(variable: str, lookup: Lookup) -> str | None:
    if variable in ("*", "?", "$"):
        return variable
    if defaulted := _DEFAULTED.fullmatch(variable):
        found = lookup(defaulted[1])
        return defaulted[2] if found is None else found
    return lookup(variable.strip())


def resolve(pattern: str, lookup: Lookup | None) -> str | None:
    """The pattern with its variables replaced by literal text and `\\` before what must not act as a wildcard.

    Args:
        pattern: as written in the document.
        lookup: values of condition keys; None where variables have no meaning (Version 2008-10-17, numbers, dates).

    Returns:
        None when a variable has no value: such a pattern is like nothing.
    """
    if lookup is None:
        return pattern.replace("\\", "\\\\")
    resolved, end = "", 0
    for found in _VARIABLE.finditer(pattern):
        value = _value(found[1], lookup)
        if value is None:
            return None
        resolved += pattern[end : found.start()].replace("\\", "\\\\") + _literal(value)
        end = found.end()
    return resolved + pattern[end:].replace("\\", "\\\\")


def like(pattern: str, text: str, lookup: Lookup | None) -> bool:
    """Whether the text fits the pattern, variables and wildcards both at work (StringLike)."""
    resolved = resolve(pattern, lookup)
    return resolved is not None and _compiled(resolved).fullmatch(text) is not None


def plain(pattern: str, lookup: Lookup | None) -> str | None:
    """The pattern as plain text: variables replaced, wildcards themselves (StringEquals); None without a value."""
    if lookup is None:
        return pattern
    resolved, end = "", 0
    for found in _VARIABLE.finditer(pattern):
        value = _value(found[1], lookup)
        if value is None:
            return None
        resolved += pattern[end : found.start()] + value
        end = found.end()
    return resolved + pattern[end:]


def action_matches(pattern: str, action: str) -> bool:
    """Whether an Action entry covers an action: case does not matter, variables do not exist here."""
    return glob(pattern.lower(), action.lower())


def arn_matches(pattern: str, arn: str, lookup: Lookup | None) -> bool:
    """Whether an ARN fits: each of the six parts by itself, so no wildcard reaches over one of the first five colons.

    A lone `*` is every resource. Variables act only behind the fifth colon, as documented for Resource.
    """
    if pattern == "*":
        return True
    wanted, given = pattern.split(":", _ARN_COLONS), arn.split(":", _ARN_COLONS)
    if len(wanted) != len(given) or len(given) != _ARN_COLONS + 1:
        return False
    head = all(glob(part, text) for part, text in zip(wanted[:-1], given[:-1], strict=True))
    return head and like(wanted[-1], given[-1], lookup)


def spans_stores(arn: str) -> bool:
    """Whether a statement's resource is about more than one bucket or key; below a bucket wildcards are fine."""
    if arn == "*":
        return True
    parts = arn.split(":", 5)
    scope = parts[5].partition("/")[0] if parts[2] == "s3" else parts[5]
    return any(wild in part for part in (*parts[:5], scope) for wild in "*?")
