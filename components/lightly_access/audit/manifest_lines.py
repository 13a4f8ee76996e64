"""The lines of a manifest that adopt what exists without touching it; the secrets they name, never their values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lightly_core.capability import Purpose

from lightly_access.audit.lightly import Known
from lightly_access.audit.registered import Registered
from lightly_access.kinds import registry
from lightly_access.manifest.written_lines import flow, scalar, secret_name
from lightly_access.secret_refs import SECRETS_NAMESPACE


@dataclass(frozen=True, slots=True)
class Lines:
    """`text` goes into Pulumi.<stack>.yaml below `config:`; `secrets` are its keys there and what goes into each."""

    text: str
    secrets: Mapping[str, str]


def lines(mine: Known) -> Lines:
    """Of a dataset with both datasources; a comment stands for what Lightly does not tell, nothing for none of them."""
    if not mine.datasources:
        return Lines("", {})
    stores: dict[tuple[str, ...], str] = {}
    secrets: dict[str, str] = {}
    sources: list[str] = []
    for purpose, source in mine.datasources.items():
        store = _store_name(source, stores)
        fields = {"store": store, "path": source.directory, "access": source.access}
        fields |= _credential(mine.name, source, secrets)
        sources.append(f"      {purpose.lower()}: {flow(fields)}")
    sources += [
        f"      # {purpose.lower()}: Lightly has none yet; a dataset needs both"
        for purpose in Purpose
        if purpose not in mine.datasources
    ]
    declared = [
        f"    {scalar(name)}: {flow(lines)}{note}"
        for name, source in _declared(mine, stores)
        for lines, note in [registry.kind_of(source.kind).store_lines(source)]
    ]
    text = "\n".join(
        (
            "  lightly-access:stores:",
            *declared,
            "  lightly-access:datasets:",
            f"    {scalar(mine.name)}:",
            f"      type: {mine.type}",
            "      adopt: true",
            *sources,
        )
    )
    return Lines(f"{text}\n", secrets)


def _declared(mine: Known, stores: Mapping[tuple[str, ...], str]) -> Iterator[tuple[str, Registered]]:
    sources = {(source.kind, *source.names): source for source in reversed(list(mine.datasources.values()))}
    yield from ((name, sources[key]) for key, name in stores.items())


def _store_name(source: Registered, stores: dict[tuple[str, ...], str]) -> str:
    """One name for each store; those that are alike but for their kind or account get a number."""
    key = (source.kind, *source.names)
    if key not in stores:
        name = source.bucket.replace(".", "-").strip("-_") or source.kind
        taken = set(stores.values())
        stores[key] = name if name not in taken else f"{name}-{len(taken) + 1}"
    return stores[key]


def _credential(dataset: str, source: Registered, secrets: dict[str, str]) -> Mapping[str, str]:
    access = registry.accesses()[source.access]
    if access.config_entry is None:
        return {}
    name = secret_name(dataset, source.purpose)
    secrets[f"{SECRETS_NAMESPACE}:{name}"] = access.config_entry
    return access.external_lines(source.values, name)
