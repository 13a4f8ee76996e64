"""What the stacks of this project declare, for verbs that act on one dataset or store of them."""

import os
from collections.abc import Iterator
from pathlib import Path

import typer
from lightly_access.kinds.local.folders import LocalFolders
from lightly_access.kinds.local.store import LocalStore
from lightly_access.manifest import Dataset, Manifest
from lightly_access.manifest.stack_file import (
    NoManifestError,
    check_path,
    find,
    own_stack_files,
    project_name,
    project_root,
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
        if name in manifest.datasets:
            found.append((shown, (manifest, manifest.datasets[name])))
    if not found:
        declared = f"one of the datasets: {', '.join(known)}" if known else "a dataset, of which none is declared"
        raise typer.BadParameter(Fault(declared, did_you_mean(name, known)).sentence(name))
    if len(found) > 1:
        where = ", ".join(shown for shown, _ in found)
        raise typer.BadParameter(f"{name!r} is declared by {where}\nhint: --stack tells which is meant")
    return found[0]


def stack_manifest(stack: str | None) -> tuple[str, Manifest]:
    """The name of a stack and its manifest; without a name the only one that there is."""
    found = list(_manifests(stack))
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


def _manifests(stack: str | None) -> Iterator[tuple[str, Manifest]]:
    """The good manifests by the name of their stack; a named one must be good."""
    root = project_root(Path.cwd())
    try:
        paths = {stack: find(stack, root)} if stack else own_stack_files(root)
    except NoManifestError as nothing:
        raise typer.BadParameter(str(nothing)) from None
    for shown, path in paths.items():
        checked = check_path(path)
        if checked.manifest is not None:
            yield shown, checked.manifest
        elif stack:
            raise typer.BadParameter(f"{shown} has problems\nhint: lightly-access check {shown}")
