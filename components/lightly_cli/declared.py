"""What the stacks of this project declare, for verbs that act on one dataset or store of them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import typer
from lightly_access.fleet.checked import check_paths
from lightly_access.kinds.local.folders import LocalFolders
from lightly_access.kinds.local.store import LocalStore
from lightly_access.manifest import Dataset, Manifest
from lightly_access.manifest.part import part
from lightly_access.manifest.stack_file import (
    NoManifestError,
    check_path,
    find,
    own_stack_files,
    project_name,
    project_root,
    stack_files,
)
from lightly_access.secret_refs import SecretReferenceError
from lightly_core.fault import Fault, did_you_mean


def dataset(name: str, stack: str | None) -> tuple[Manifest, Dataset]:
    """The dataset of this name and the manifest that declares it; refused when two stacks declare it.

    Raises typer.BadParameter, as all here.
    """
    return declared_by(name, stack)[1]


def declared_by(name: str, stack: str | None) -> tuple[str, tuple[Manifest, Dataset]]:
    """The same, with the stack, as it was named or found."""
    known: dict[str, tuple[Manifest, Dataset]] = {}
    found: list[tuple[str, tuple[Manifest, Dataset]]] = []
    for shown, manifest in _manifests(stack):
        known |= {each: (manifest, value) for each, value in manifest.datasets.items()}
        if name in part(manifest).datasets:
            found.append((shown, (manifest, manifest.datasets[name])))
    if not found:
        _in_examples(f"dataset {name!r}", stack, lambda manifest: name in manifest.datasets)
        declared = f"one of the datasets: {', '.join(known)}" if known else "a dataset, of which none is declared"
        raise typer.BadParameter(Fault(declared, did_you_mean(name, known)).sentence(name))
    if len(found) > 1:
        where = ", ".join(shown for shown, _ in found)
        raise typer.BadParameter(f"{name!r} is declared by {where}\nhint: --stack tells which is meant")
    return found[0]


def stack_manifest(stack: str | None) -> tuple[str, Manifest]:
    """The name of a stack and its manifest; without a name the only one that there is."""
    found = list(_manifests(stack))
    if not found:
        _in_examples("anything", stack, lambda _: True, "name the stack")
    if len(found) != 1:
        names = ", ".join(shown for shown, _ in found)
        raise typer.BadParameter(
            f"there is more than one stack: {names}\nhint: name one" if found else "there is no stack without problems"
        )
    shown, manifest = found[0]
    return Path(shown).name.removeprefix("Pulumi.").removesuffix(".yaml"), manifest


def hardened(name: str, stack: str | None = None) -> bool:
    """Whether Lightly's own servers may only list one of this dataset's stores; false for one that is not declared."""
    found = (manifest.datasets[name] for _, manifest in _manifests(stack) if name in manifest.datasets)
    return any(service.hardened for dataset in found for service in (dataset.input, dataset.lightly))


def project() -> str:
    """The name of this project, of which physical names are made; `lightly-access` where there is no Pulumi.yaml."""
    return project_name(project_root(Path.cwd())) or "lightly-access"


def local_store(stack: str | None, name: str | None) -> LocalFolders:
    """The local store of this name, or the only one that there is."""
    stores = {
        (shown, key): store
        for shown, manifest in _manifests(stack)
        for key, store in manifest.stores.items()
        if isinstance(store, LocalStore)
    }
    if name is not None:
        stores = {where: store for where, store in stores.items() if where[1] == name}
    different = dict.fromkeys(folders(key, store) for (_, key), store in stores.items())
    if len(different) == 1:
        return next(iter(different))
    if not different:
        shown = "a local store" if name is None else f"local store {name!r}"
        _in_examples(shown, stack, lambda manifest: _has_local(manifest, name), "name the stack")
        what = "local store" if name is None else f"local store {name!r}"
        hint = "--input-mount and --lightly-mount serve folders without a manifest"
        raise typer.BadParameter(f"no {what} is declared\nhint: {hint}")
    names = ", ".join(f"{key} of {shown}" for shown, key in stores)
    raise typer.BadParameter(f"there is more than one local store: {names}\nhint: name a stack, or give --store")


def folders(name: str, store: LocalStore) -> LocalFolders:
    """The folders of a local store, variables of the environment put in."""
    try:
        return LocalFolders.of(name, store, os.environ)
    except (SecretReferenceError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None


def _has_local(manifest: Manifest, name: str | None) -> bool:
    return any(isinstance(store, LocalStore) and name in (None, key) for key, store in manifest.stores.items())


def _in_examples(what: str, stack: str | None, has: Callable[[Manifest], bool], hint: str | None = None) -> None:
    """Raises typer.BadParameter when examples have what is looked for: they are read only when they are named."""
    root = project_root(Path.cwd())
    own = own_stack_files(root)
    examples = {} if stack else {name: path for name, path in stack_files(root).items() if name not in own}
    checked = {name: check_path(path).manifest for name, path in examples.items()}
    found = [name for name, manifest in checked.items() if manifest is not None and has(manifest)]
    if found:
        raise typer.BadParameter(
            f"no stack of yours declares {what}, but examples do, which are read when they are named: "
            f"{', '.join(found)}\nhint: {hint or f'--stack {found[0]}'}"
        )


def _manifests(stack: str | None) -> Iterator[tuple[str, Manifest]]:
    """The good manifests by the name of their stack; a named one must be good."""
    root = project_root(Path.cwd())
    try:
        paths = {stack: find(stack, root)} if stack else own_stack_files(root)
    except NoManifestError as nothing:
        raise typer.BadParameter(str(nothing)) from None
    read = check_paths(paths.values())
    for shown, path in paths.items():
        checked = read[path]
        if checked.manifest is not None:
            yield shown, checked.manifest
        elif stack:
            raise typer.BadParameter(f"{shown} has problems\nhint: lightly-access check {shown}")
