"""The files of a bundle: documents, a template, commands, and a page that says in plain words what is asked and why.

Pure: values in, texts out. No secret is among them.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from lightly_core.capability import Purpose
from lightly_core.hint import without_hint

from lightly_access.handoff.request import NothingToHandOffError, Request
from lightly_access.handoff.texts import FOLDER, rendered
from lightly_access.kinds import registry
from lightly_access.kinds.handoff import File, Handoff
from lightly_access.manifest import Manifest
from lightly_access.manifest.written_lines import flow, scalar, secret_name
from lightly_access.secret_refs import SECRETS_NAMESPACE

_UNKNOWN = {"roleArn": "<the ARN that aws.sh printed>", "accessKeyId": "<the key's id>"}
"""What stands in our manifest's lines for what the owner will tell."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Texts by file name; `scripts` are those that are run, `left_out` says of a purpose why it is not in it."""

    files: Mapping[str, str]
    scripts: frozenset[str]
    left_out: tuple[str, ...] = ()


def bundle(manifest: Manifest, name: str, *, project: str, stack: str) -> Bundle:
    """Everything for one dataset; a purpose that cannot be asked for is left out, and that is said.

    Raises NothingToHandOffError when none can, and UnrenderableDocumentError.
    """
    requests, left_out = list[Request](), dict[Purpose, str]()
    for purpose in Purpose:
        try:
            requests.append(_request(manifest, name, purpose, project=project, stack=stack))
        except NothingToHandOffError as obstacle:
            left_out[purpose] = str(obstacle)
    if not requests:
        raise NothingToHandOffError("\n".join(left_out.values()))
    by_kind = {
        kind: [request for request in requests if request.store.kind == kind.name]
        for kind in registry.ROWS
        if any(request.store.kind == kind.name for request in requests)
    }
    files = {file: document for request in requests for file, document in _documents(request).items()}
    steps, sections = list[str](), list[str]()
    for kind, ours in by_kind.items():
        handoff = kind.handoff()
        files |= handoff.files(ours)
        steps += handoff.steps(ours)
        sections += handoff.sections(files)
    if any(file.script for file in files.values()):
        steps.append(
            "Give us what the run left in `secrets/` over a safe channel (a password manager), then delete it."
        )
    page = rendered(
        FOLDER / "README.md.j2",
        dataset=name,
        project=project,
        requests=requests,
        terms={request.purpose: _handoff(request).terms[request.source.access] for request in requests},
        steps=steps,
        files={file: each.about for file, each in files.items()},
        sections=sections,
        left_out={purpose: without_hint(why) for purpose, why in left_out.items()},
        manifest=_manifest(name, requests, left_out),
    )
    texts = {file: each.text for file, each in files.items()}
    scripts = frozenset(file for file, each in files.items() if each.script)
    return Bundle({**texts, "README.md": page}, scripts, tuple(left_out.values()))


def _request(manifest: Manifest, name: str, purpose: Purpose, *, project: str, stack: str) -> Request:
    """One datasource, as it is asked for."""
    dataset = manifest.datasets[name]
    source = dataset.input if purpose is Purpose.INPUT else dataset.lightly
    store = manifest.stores[source.store]
    kind = registry.kind_of(store.kind)
    handoff, where = kind.handoff(), f"datasets.{name}.{purpose.lower()}"
    # One that was made by an earlier bundle keeps its name, whatever the dataset is called by now.
    made = source.role_arn.rpartition("/")[2] if source.role_arn else handoff.name(project, stack, name, purpose)
    documents = handoff.documents(where, store, source, purpose, made)
    place = handoff.place(store, source, kind.registered_path(store, source.path, purpose))
    return Request(name, purpose, store, source, place, made, documents)


def _documents(request: Request) -> dict[str, File]:
    about = _handoff(request).about
    return {
        file: File(text, f"{about[file.removesuffix('.json').partition('-')[2]]} ({request.purpose})")
        for file, text in request.documents.items()
    }


def _handoff(request: Request) -> Handoff:
    return registry.kind_of(request.store.kind).handoff()


def _manifest(name: str, requests: list[Request], left_out: Mapping[Purpose, str]) -> str:
    """The dataset's lines with what was made by others filled in."""
    lines, secrets = [f"{scalar(name)}:"], []
    for request in requests:
        source, access = request.source, registry.accesses()[request.source.access]
        secret = secret_name(name, request.purpose)
        fields = {"store": source.store, "path": source.path, "access": source.access}
        if access.config_entry:
            fields |= access.external_lines(_UNKNOWN, secret)
            secrets.append(f"# pulumi config set --secret {shlex.quote(f'{SECRETS_NAMESPACE}:{secret}')}")
        lines.append(f"  {request.side}: {flow(fields)}")
    lines += [f"  # {purpose.lower()}: stays as it is" for purpose in left_out]
    return "\n".join([*lines, *secrets])
