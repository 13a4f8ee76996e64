"""Reads the inputs of one resource and collects every fault by the property's name."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lightly_core.fault import Fault, did_you_mean, one_of
from lightly_core.hint import with_hint
from lightly_core.pulumi_values import Properties, SecretValue, Unknown, Value, has_secret, plain
from lightly_core.resource_types.resource_type import Property
from lightly_core.secret import Secret

from lightly_provider.handlers.handler import Checked, CheckFailure

Rule = Callable[[Any], Fault | None]
_WORD = re.compile("[A-Za-z]{1,24}")


class Inputs:
    """The inputs under check. Each reader returns the plain value, or None when it is absent, unknown or wrong.

    What is kept for `checked()` is what was given: envelopes and unknowns stay, what is secret by its row is sealed.
    """

    def __init__(self, news: Mapping[str, Value], known: Iterable[Property]) -> None:
        known = tuple(known)
        self._given = {name: value for name, value in news.items() if plain(value) is not None}
        for each in known:
            if each.secret and each.name in self._given:
                self._given[each.name] = _as_secret(self._given[each.name])
        self._guarded = {each.name for each in known if each.guarded}
        self._failures: list[CheckFailure] = []
        self._defaults = {each.name: each.default for each in known}
        names = tuple(self._defaults)
        for name in self._given:
            if name not in names and not name.startswith("__"):  # `__...` is the engine's own
                self._given[name] = _as_secret(self._given[name])  # nobody knows what it was meant to be
                hint = did_you_mean(name, names)
                expected = f"one of {', '.join(names)}"
                self.fault(name, with_hint(f"there is no such property, expected {expected}", hint))

    def fault(self, name: str, reason: str) -> None:
        """Something is wrong with this property."""
        self._failures.append(CheckFailure(name, reason))

    def stray(self, name: str, key: str) -> str:
        """A key inside of a property that nobody knows, as a fault may say it: where all is secret, only a word."""
        return "<secret>" if has_secret(self._given.get(name)) and not _WORD.fullmatch(key) else key

    def has(self, name: str) -> bool:
        """Whether it was given, known or not."""
        return name in self._given

    def unknown(self, name: str) -> bool:
        """Whether it was given and will be known later."""
        return isinstance(plain(self._given.get(name)), Unknown)

    def text(self, name: str, rule: Rule | None = None, *, needed: bool = True) -> str | None:
        """A text that the rule accepts. A secret one is never shown in a fault."""
        value = self._known(name, needed)
        if value is None:
            return None
        fault = (rule(value) if rule else None) if isinstance(value, str) else Fault("text")
        text: str | None = self._accept(name, value, fault, isinstance(self._given[name], SecretValue))
        return text

    def word(self, name: str, words: Iterable[str]) -> str | None:
        """One of some words."""
        allowed = tuple(words)
        return self.text(name, lambda value: None if value in allowed else Fault(one_of(allowed)))

    def flag(self, name: str) -> bool | None:
        """A boolean, or its default."""
        value = self._known_or_default(name)
        fault = None if isinstance(value, bool) else Fault("true or false")
        return self._accept(name, value, fault, False) if value is not None else None

    def number(self, name: str, lowest: float, highest: float) -> float | None:
        """A number within bounds, or its default."""
        value = self._known_or_default(name)
        good = isinstance(value, float | int) and not isinstance(value, bool) and lowest <= value <= highest
        fault = None if good else Fault(f"a number from {lowest:g} to {highest:g}")
        return self._accept(name, value, fault, False) if value is not None else None

    def table(self, name: str, *, needed: bool = True) -> Mapping[str, Value] | None:
        """A map; what is in it may be unknown."""
        value = self._known(name, needed)
        if value is None:
            return None
        table: Mapping[str, Value] | None = self._accept(
            name, value, None if isinstance(value, dict) else Fault("a map"), isinstance(self._given[name], SecretValue)
        )
        return table

    def absent(self, names: Iterable[str], why: str) -> None:
        """None of these may be given."""
        for name in names:
            if self.has(name):
                self.fault(name, f"does not belong here: {why}")

    def checked(self) -> Checked:
        """The inputs that were given, with defaults, and all faults in the order they were found."""
        return Checked(self._given, tuple(self._failures))

    def keep(self, name: str, value: Value) -> None:
        """Use this value (a normalised one) instead of what was given, in the same envelope."""
        self._given[name] = SecretValue(value) if isinstance(self._given.get(name), SecretValue) else value

    def _known_or_default(self, name: str) -> Any:
        default = self._defaults[name]
        if default is not None and not self.has(name):
            self._given[name] = default
        return self._known(name, needed=False)

    def _known(self, name: str, needed: bool) -> Any:
        if needed and not self.has(name):
            self.fault(name, "is needed and was not given")
        value = plain(self._given.get(name))
        return None if isinstance(value, Unknown) else value

    def _accept(self, name: str, value: Any, fault: Fault | None, secret: bool) -> Any:
        if fault is None:
            return value
        if name in self._guarded:
            self._given[name], secret = _as_secret(self._given[name]), True
        self.fault(name, fault.sentence(Secret("") if secret else value))
        return None


def _as_secret(value: Value) -> SecretValue:
    return value if isinstance(value, SecretValue) else SecretValue(value)


def changed(old: Properties, new: Properties) -> frozenset[str]:
    """The names whose plain values differ; an unknown differs from everything, absent and null are the same."""
    return frozenset(name for name in old.keys() | new.keys() if not same(old.get(name), new.get(name)))


def same(old: Value, new: Value) -> bool:
    """Whether two values are equal once out of their envelopes; unknowns never are."""
    a, b = plain(old), plain(new)
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return not changed(a, b)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def text_of(properties: Mapping[str, Value], name: str) -> str:
    """The plain text of a checked property; empty when it is absent."""
    value = plain(properties.get(name))
    return value if isinstance(value, str) else ""


def flag_of(properties: Mapping[str, Value], name: str) -> bool:
    """The plain boolean of a checked property; false when it is absent."""
    return plain(properties.get(name)) is True
