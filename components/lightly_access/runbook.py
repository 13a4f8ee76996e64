"""The runbook: an entry for each cause of a red light, and each refusal, that is known. docs/runbook.md is made here:

    python -m lightly_access.runbook > docs/runbook.md

An entry's name is its address: messages say `runbook: lightly-access explain --cause <name>`, which prints the entry
wherever the package is installed, and docs/runbook.md#<name> is the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lightly_core.fault import Fault, did_you_mean

from lightly_access.analysis.markdown import code, prose
from lightly_access.kinds import registry
from lightly_access.kinds.causes import UNNAMED
from lightly_access.kinds.general_causes import GENERAL
from lightly_access.lightly_causes import LIGHTLY

_GENERAL = "Whatever the service"
_INTRODUCTION = """\
# Runbook

What a red light, or a refusal, means and what to do, a heading for each cause. The heading is the cause's address:
messages, `status`, `verify`, `report` and `explain` name it, and `lightly-access explain --cause <address>` prints the
entry without this page. In an entry `<...>` stands for what the message names. Of a log of which you know nothing yet,
`lightly-access explain <file>` finds the causes.

What may pass by itself, a verification asks again until its `deadline`; everything else fails a deployment at once.

This page is made of the tables that messages are made of: `python -m lightly_access.runbook > docs/runbook.md`. How a
new cause comes there: [guides/add-a-cause.md](guides/add-a-cause.md)."""
_NAMES = {
    **UNNAMED,
    "action": "<the right>",
    "belongs": "the credential belong to this store",
    "can": "<what>",
    "capability": "<capability>",
    "credential": "the credential",
    "good": "<some>",
    "how": "it was tried, or Lightly did it",
    "limit": "<deadline>",
    "look": "look for others that grant it to <identity>",
    "more": "",
    "obstacle": "nobody but Lightly can try it",
    "others": "another policy or role of <identity>, or of the store,",
    "ours": "<ours>",
    "purpose": "<purpose>",
    "put_back": "run `pulumi up --refresh`: it compares what is deployed with ours and puts ours back",
    "there": "<what is registered>",
    "times": "<confirmations>",
    "word": "credential",
}


class NoEntryError(LookupError):
    """A name that no entry has, and the one that was perhaps meant."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One cause.

    Attributes:
        name: its address.
        whose: whose words it is read from: a service, or nobody's in particular.
        text, fixes: what is wrong, and what to do; with placeholders.
        waits: whether it may pass by itself.
        words: the patterns that it is read by.
    """

    name: str
    whose: str
    text: str
    fixes: tuple[str, ...]
    waits: bool
    words: tuple[str, ...] = field(default=(), repr=False)

    def markdown(self) -> str:
        """A section of the page."""
        lines = [f"### {self.name}", "", _escaped(_sentence(self.text)), ""]
        lines += [f"- **Do:** {_escaped(fix)}{'' if fix.endswith('?') else '.'}" for fix in self.fixes]
        lines.append(f"- May pass by itself: {'yes' if self.waits else 'no'}.")
        lines += [f"- Read from: {code(words)}" for words in self.words]
        return "\n".join(lines)

    def plain(self) -> str:
        """For a terminal."""
        fixes = "\n".join(f"hint: {fix}" for fix in self.fixes)
        passes = "it may pass by itself" if self.waits else "it does not pass by itself"
        return f"{self.name} ({self.whose})\n{_sentence(self.text)}\n{fixes}\n{passes}; docs/runbook.md#{self.name}"


def entries() -> dict[str, Entry]:
    """Every entry by its name, those of a kind of store together. Signs of one cause are one entry."""
    found: dict[str, Entry] = {}
    for entry in _all():
        before = found.get(entry.name)
        found[entry.name] = entry if before is None else _together(before, entry)
    return found


def entry(name: str) -> Entry:
    """The entry of a name. Raises NoEntryError."""
    known = entries()
    if name not in known:
        raise NoEntryError(Fault("the name of an entry in the runbook", did_you_mean(name, known)).sentence(name))
    return known[name]


def page() -> str:
    """docs/runbook.md."""
    sections: dict[str, list[Entry]] = {}
    for each in entries().values():
        sections.setdefault(each.whose, []).append(each)
    parts = [_INTRODUCTION]
    for whose, of_it in sections.items():
        parts.append(f"## {whose}")
        parts += [each.markdown() for each in of_it]
    return "\n\n".join(parts) + "\n"


def _all() -> Iterator[Entry]:
    for known in GENERAL:
        yield Entry(known.name, _GENERAL, *_filled(known.text, known.fix, _NAMES), known.waits)
    for kind in registry.ROWS:
        causes = kind.causes()
        for known, words in causes.known():
            whose = _GENERAL if known.name.startswith("store-") else causes.service
            yield Entry(known.name, whose, known.text, (known.fix,), known.waits, (words,) if words else ())
        for each in kind.explained():
            yield Entry(each.runbook, causes.service, f"{each.name}: {each.cause}", (each.hint,), False)
    for known, words in LIGHTLY.known():
        yield Entry(known.name, LIGHTLY.service, known.text, (known.fix,), known.waits, (words,))


def _filled(text: str, fix: str, names: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    return text.format_map(names), (fix.format_map(names),)


def _together(one: Entry, other: Entry) -> Entry:
    return replace(
        one,
        whose=one.whose if one.whose == other.whose else _GENERAL if one.whose == _GENERAL else one.whose,
        fixes=tuple(dict.fromkeys((*one.fixes, *other.fixes))),
        words=tuple(dict.fromkeys((*one.words, *other.words))),
    )


def _escaped(text: str) -> str:
    """Prose of ours, in which backticks are meant, and nothing else is markup."""
    parts = text.split("`")
    return "`".join(part if at % 2 else prose(part) for at, part in enumerate(parts))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


if __name__ == "__main__":
    print(page(), end="")
