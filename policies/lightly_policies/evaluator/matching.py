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
def _matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text fits a pattern in which `\\` takes the meaning off the character after it.

    Most patterns are a name, or a name with `*` behind it: a regular expression takes longer to make than all that is
    asked of it.
    """
    segments, any_character = _segments(pattern)
    if any_character:
        return _by_expression(pattern)
    first, *rest = segments
    if not rest:
        return lambda text: text == first
    *middle, last = rest
    if not middle and not last:
        return lambda text: text.startswith(first)
    return lambda text: _in_order(text, first, middle, last)


def _segments(pattern: str) -> tuple[list[str], bool]:
    """The text between the `*`, and whether a `?` is in it, which then is there as itself."""
    if "\\" not in pattern:
        return pattern.split("*"), "?" in pattern
    segments, any_character = [""], False
    characters = iter(pattern)
    for character in characters:
        if character == "*":
            segments.append("")
        else:
            any_character = any_character or character == "?"
            segments[-1] += next(characters) if character == "\\" else character
    return segments, any_character


def _in_order(text: str, first: str, middle: list[str], last: str) -> bool:
    """Each segment takes its first place and never gives it back: time stays linear in the number of `*`."""
    start, end = len(first), len(text) - len(last)
    if start > end or not text.startswith(first) or not text.endswith(last):
        return False
    for segment in middle:
        found = text.find(segment, start, end)
        if found < 0:
            return False
        start = found + len(segment)
    return True


def _by_expression(pattern: str) -> Callable[[str], bool]:
    """The same with `?`, by a regular expression."""
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
    middle = "".join(f"(?>.*?{segment})" for segment in rest[:-1] if segment)
    expression = re.compile(f"{first}{middle}.*{rest[-1]}" if rest else first, re.DOTALL)
    return lambda text: expression.fullmatch(text) is not None


def _literal(text: str) -> str:
    return re.sub(r"([\\*?])", r"\\\1", text)


def glob(pattern: str, text: str) -> bool:
    """Whether the whole text fits; `*` is any run of characters (none too), `?` exactly one, all else is itself."""
    return _matcher(pattern.replace("\\", "\\\\"))(text)


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
    if lookup is None or "${" not in pattern:
        return glob(pattern, text)
    resolved = resolve(pattern, lookup)
    return resolved is not None and _matcher(resolved)(text)


def plain(pattern: str, lookup: Lookup | None) -> str | None:
    """The pattern as plain text: variables replaced, wildcards themselves (StringEquals); None without a value."""
    if lookup is None or "${" not in pattern:
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
    plain_head, tail = _plain_head(pattern)
    if plain_head:
        return arn.startswith(plain_head) and like(tail, arn[len(plain_head) :], lookup)
    wanted, given = pattern.split(":", _ARN_COLONS), arn.split(":", _ARN_COLONS)
    if len(wanted) != len(given) or len(given) != _ARN_COLONS + 1:
        return False
    head = all(glob(part, text) for part, text in zip(wanted[:-1], given[:-1], strict=True))
    return head and like(wanted[-1], given[-1], lookup)


@lru_cache(maxsize=4096)
def _plain_head(pattern: str) -> tuple[str, str]:
    """An ARN up to its fifth colon, and what is behind it; ("", "") where a wildcard is before it, or none is there."""
    *head, tail = pattern.split(":", _ARN_COLONS)
    if len(head) != _ARN_COLONS or any(wild in part for part in head for wild in "*?"):
        return "", ""
    return ":".join((*head, "")), tail


def spans_stores(arn: str) -> bool:
    """Whether a statement's resource is about more than one bucket or key; below a bucket wildcards are fine.

    A policy variable is a wildcard too: who asks chooses its value, as that of aws:UserAgent. An access point stands
    for a bucket (`accesspoint/<name>/object/...`):
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
    """
    if arn == "*":
        return True
    *head, resource = arn.split(":", _ARN_COLONS)
    if head[2] == "s3":
        named = 2 if head[4] else 1  # what is of an account begins with its kind, what is of none is a bucket
        resource = "/".join(resource.split("/")[:named])
    return any(wild in part for part in (*head, resource) for wild in ("*", "?", "${"))
