"""The keys of a stack's configuration: which are the manifest's, and which were meant to be.

Pulumi reads `name`, `namespace:name` and `namespace:config:name`; a bare name belongs to the project
(https://www.pulumi.com/docs/iac/concepts/config/, and `ParseKey` in sdk/go/common/resource/config/key.go).
"""

from collections.abc import Iterable, Iterator, Mapping

from lightly_core.fault import Fault, did_you_mean, one_of
from lightly_core.resource_types.configuration import CONFIGURATION

from lightly_access.kinds import registry
from lightly_access.secret_refs import SECRETS_NAMESPACE
from lightly_access.tables.problem import Problem
from lightly_access.tables.written import KEYS, NAMESPACE, Tables

PROVIDER = "lightly"
_NAMESPACES = (NAMESPACE, PROVIDER, SECRETS_NAMESPACE)
_PROVIDER_KEYS = (*(each.name for each in CONFIGURATION), "version", "pluginDownloadURL")
_CLOSE = 0.84
"""`lightly-acces` is close to a name of ours, `lightly-storage` and `lightsail` are somebody's own."""


def full_key(key: str, project: str | None) -> str:
    """`namespace:name`, as Pulumi reads the key. A bare name where no project is known is taken to be ours."""
    parts = key.split(":")
    if len(parts) == 1:
        return f"{project or NAMESPACE}:{key}"
    return f"{parts[0]}:{parts[2]}" if len(parts) == 3 and parts[1] == "config" else key


def misplaced(keys: Iterable[str], project: str | None) -> Iterator[Problem]:
    """Keys that nobody reads although they were meant for us, and keys that Pulumi refuses. Those of our own namespace
    are the manifest's to check."""
    for key in keys:
        full = full_key(key, project)
        namespace, _, name = full.partition(":")
        if not namespace or not name or ":" in name:
            hint = "nothing of this file is read as long as it is there"
            yield Problem.of((key,), key, Fault("a key of the form namespace:name", hint))
        elif namespace == PROVIDER and name not in _PROVIDER_KEYS:
            meant = f"did you mean '{NAMESPACE}:{name}'?" if name in KEYS else did_you_mean(name, _PROVIDER_KEYS)
            yield Problem.of((key,), key, Fault(f"{PROVIDER}:{one_of(_PROVIDER_KEYS[:2])}", meant))
        elif namespace not in (*_NAMESPACES, project) and (near := _near(namespace)):
            fault = Fault(f"a key that somebody reads: {one_of(_NAMESPACES)}", f"did you mean '{near}:{name}'?")
            yield Problem.of((key,), key, fault)


def stack_problems(config: Mapping[str, object], tables: Tables, environ: Mapping[str, str]) -> list[Problem]:
    """What the configuration tells the providers of the clouds; its keys are full ones."""
    return [problem for kind in registry.ROWS for problem in kind.stack_problems(config, tables, environ)]


def meant_tables(keys: Iterable[str], project: str | None) -> str | None:
    """Where the tables are that an empty manifest misses, as far as keys tell it."""
    named = (key for key in keys if full_key(key, project).rpartition(":")[2] in KEYS[:2])
    found = next((key for key in named if not full_key(key, project).startswith(f"{NAMESPACE}:")), None)
    return found and f"did you mean '{NAMESPACE}:{found.rpartition(':')[2]}' by {found!r}?"


def _near(namespace: str) -> str | None:
    """The namespace of ours that was meant: close in its letters, however they are joined."""
    from difflib import get_close_matches  # late: only a namespace that we do not know pays for it

    plain = {_letters(each): each for each in _NAMESPACES}
    found = get_close_matches(_letters(namespace), plain, n=1, cutoff=_CLOSE)
    return plain[found[0]] if found else None


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
