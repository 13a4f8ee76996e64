"""Local disk: what the worker's mount option permits. Docker decides, not a policy.

https://docs.docker.com/engine/storage/bind-mounts/ (`ro`), https://docs.lightly.ai/docs/local-storage (the mounts).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lightly_core.capability import Capability, Purpose, expected
from lightly_core.lightly_rules import MOUNTS
from lightly_policies.case import Place

from lightly_access import secret_refs, worker_command
from lightly_access.analysis.case import Case
from lightly_access.analysis.datasource import Analysis, Words
from lightly_access.kinds.local import names as local_names

if TYPE_CHECKING:
    from lightly_access.kinds.local.store import LocalStore
    from lightly_access.tables.datasource import Datasource

PLACEHOLDER_FOLDER = "/known-to-the-worker-s-machine"


def analysis(dataset: str, purpose: Purpose, source: "Datasource", store: "LocalStore") -> Analysis:
    """What the worker's container could do to the folder. A mount is a whole folder, so what is beside is open too."""
    mount = MOUNTS[purpose]
    folder: str | None = getattr(store, mount)
    assert folder is not None  # the manifest was checked: a store has the mount that a dataset uses
    shown = folder if secret_refs.variable(folder) is None else PLACEHOLDER_FOLDER
    return of_mount(dataset, purpose, store.kind, source.access, source.path, shown)


def of_mount(dataset: str, purpose: Purpose, kind: str, access: str, path: str, folder: str) -> Analysis:
    """Of a folder that the worker's command mounts, and a path in it."""
    mount = MOUNTS[purpose]
    option = worker_command.mount_option(purpose, folder)
    cases = tuple(_cases(purpose, option, mount, beside=bool(path)))
    return Analysis(
        dataset,
        purpose,
        kind,
        access,
        f"{local_names.SCHEME}{mount}/{path}",
        Words(
            way="a folder mounted into the Lightly Worker",
            who="whoever runs the Lightly Worker on that machine; nothing leaves it, and there is no credential",
            long="while the worker's container runs",
            leak="no credential can. lightly-access serve shows the files to every browser that reaches it",
            notes=(
                ("the mount is a whole folder: what is beside the path can be reached like the path",) if path else ()
            ),
        ),
        cases,
        tuple(_unexpected(cases)),
    )


def _cases(purpose: Purpose, option: str, mount: str, *, beside: bool) -> Iterator[Case]:
    permitted, wanted = worker_command.mount_proof(option), expected(purpose)
    statement = f"worker/{mount}{':ro' if option.endswith(':ro') else ''}"
    for capability in Capability:
        may = permitted[capability]
        reason = "the mount is writable" if may and capability not in ("list", "read") else "the folder is mounted"
        for place in (Place.INSIDE, Place.BESIDE) if beside else (Place.INSIDE,):
            where = "the path" if place is Place.INSIDE else "the rest of the mount"
            yield Case(
                subject=f"{capability} in {where}",
                capability=capability,
                place=place,
                expected=wanted[capability],
                allowed=may,
                reason=reason if may else "the mount is read only",
                statement=statement,
            )
        yield Case(
            subject=f"{capability} in another folder of the machine",
            capability=capability,
            place=Place.ELSEWHERE,
            expected=False,
            allowed=False,
            reason="it is not mounted",
            statement=None,
        )


def _unexpected(cases: tuple[Case, ...]) -> Iterator[str]:
    for case in cases:
        if not case.ok:
            breadth = "narrower" if case.expected else "wider"
            yield f"{breadth}: {case.subject}: {case.reason} ({case.statement})"
