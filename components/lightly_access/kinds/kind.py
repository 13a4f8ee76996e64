"""What a kind of store supplies. A kind is a class of this shape in a folder of its own, and a row in `registry`.

What a check of a manifest or the provider's start would pay for (pydantic, Pulumi, a cloud's SDK, documents) is
imported when the method that needs it is called.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access.kinds.access_kind import AccessKind
from lightly_access.kinds.verified import Location

if TYPE_CHECKING:
    from lightly_access.analysis.datasource import Analysis
    from lightly_access.audit.looked import Looked
    from lightly_access.audit.registered import Registered
    from lightly_access.deployed.granted import Granted
    from lightly_access.doctor.question import Question
    from lightly_access.doctor.stack import Stack
    from lightly_access.drift.deployed import DeployedAccess
    from lightly_access.drift.drift import Drift
    from lightly_access.kinds.builder import Builder
    from lightly_access.kinds.causes import Causes
    from lightly_access.kinds.deployer import Asked, Deployer
    from lightly_access.kinds.ending import Ending
    from lightly_access.kinds.explanation import Explanation
    from lightly_access.kinds.handoff import Handoff
    from lightly_access.kinds.holders import Holder
    from lightly_access.kinds.probe_credential import ProbeCredential
    from lightly_access.kinds.starter import Starter
    from lightly_access.once import Once
    from lightly_access.recover.way import Way
    from lightly_access.tables.datasource import Datasource
    from lightly_access.tables.overlaps import DatasourcePath
    from lightly_access.tables.problem import Problem
    from lightly_access.tables.table import AccountTable, StoreTable
    from lightly_access.tables.written import Tables

Written = Mapping[object, object]
"""A table as it was written: unchecked."""


class Kind(ABC):
    """One kind of store. Methods with a body here have an answer that fits a kind which has nothing to say."""

    name: str
    """The manifest's word for it, and that of a registered path's owner: `s3`."""
    other_names: tuple[str, ...] = ()
    """What people write instead, for "did you mean"."""
    accesses: tuple[AccessKind, ...]
    """How Lightly can get in."""
    no_other_access: str | None = None
    """Why there is no other access, for whoever asked for one."""
    of_one_machine: bool = False
    """Whether a store is a place of some machine: of the same name it may be another one to each stack."""
    container: str = "bucket"
    """The key of the table that names what holds the data, and the word for it."""
    cloud: str | None = None
    """The manifest's word for the cloud whose accounts can own such stores; None where no account can."""

    holders: "tuple[Holder, ...]" = ()
    """What of a store that we make holds its data."""
    sdk: str | None = None
    """The Python package of its cloud's Pulumi provider, `pulumi_aws`; None where a deployment asks no cloud."""
    extra: str | None = None
    """The extra of `lightly-access` that brings it."""

    # --- a new project

    def starter(self) -> "Starter | None":
        """Its part in the first dataset of a new project; None of a kind that none begins with."""
        return None

    # --- the manifest

    @abstractmethod
    def table(self) -> "type[StoreTable]":
        """The table of a store."""

    def account(self) -> "type[AccountTable] | None":
        """The table of an account that can own such stores; kinds of one cloud have the same."""
        return None

    @abstractmethod
    def path_fault(self, path: str, purpose: str | None = None) -> Fault | None:
        """Whether this is a registered path of such a store, `s3://bucket/directory/`, for this purpose."""

    @abstractmethod
    def registered_path(self, store: Any, path: str, purpose: Purpose) -> str:
        """The path as it is registered of a directory in a store of `table`."""

    def directory_fault(self, path: str, store: Written) -> Fault | None:
        """What the cloud adds to the rules that hold for every directory."""
        return None

    def store_identity(self, store: Written, purpose: str | None = None) -> str | None:
        """What tells a store from all others; None when it cannot be read. A bucket's name is unique in its cloud."""
        name = store.get(self.container)
        return f"{self.name} {name}" if isinstance(name, str) else None

    def inside(self, store: Written, path: str, purpose: str) -> str:
        """The directory inside what `store_identity` tells apart."""
        return path

    def reaches_all(self, store: Written) -> bool:
        """Whether every credential reaches the whole store, because this kind has none that is narrower."""
        return False

    def problems(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        """What stores, datasources and accounts of this kind must be to each other and are not."""
        yield from ()

    def warnings(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        """What of them is accepted and should be looked at."""
        yield from ()

    def stack_problems(
        self, config: Mapping[str, object], tables: "Tables", environ: Mapping[str, str]
    ) -> "Iterator[Problem]":
        """What the stack's configuration tells the cloud's own provider, and should not, or should and does not."""
        yield from ()

    def document_fault(self, purpose: Purpose, source: "Datasource", store: Any) -> Fault | None:
        """Whether a document of an access that we make would be one that the cloud refuses, such as beyond a quota."""
        return None

    # --- the deployment

    @abstractmethod
    def builder(self) -> "Builder":
        """What makes its stores and accesses in a deployment."""

    def has_own_policies(self, store: Any) -> bool:
        """Whether the store has policies that we do not change, and that may have to admit Lightly."""
        return False

    def made_once(self, store: Any) -> bool:
        """Whether something of the store is made once for all its datasets, whichever stacks have them."""
        return bool(getattr(store, "create", False))

    def made_in_store(self, store: str, purpose: Purpose, path: str) -> tuple[str, ...]:
        """The names of what the component of a store makes for an access to this path."""
        return (f"{store}/{path}",) if path else ()

    def as_made(self, where: str, store: Any, made: Mapping[str, Mapping[str, Any]]) -> Any:
        """The table of a store as it was when it was made here, by the outputs of its resources; `where` names it.

        Raises ReleaseError when the store of today would lose something.
        """
        return store

    # --- the verification

    def location(self, path: str) -> Location:
        """A registered path in its parts, and how an error may name them."""
        return Location.of_bucket(path)

    @abstractmethod
    def causes(self) -> "Causes":
        """What its red lights mean."""

    def probe(self) -> "ProbeCredential | None":
        """How a verification is given a credential, and tries it; None where there is none to try."""
        return None

    # --- what the verbs show

    @abstractmethod
    def analysis(self, dataset: str, purpose: Purpose, source: "Datasource", store: Any) -> "Analysis":
        """What could be done with a datasource whose access we make; decided offline."""

    def granted(self, found: "Granted") -> "Analysis | None":
        """The same of what was deployed, from the documents in the state; None where it has none."""
        return None

    @abstractmethod
    def handoff(self) -> "Handoff":
        """What is asked of whoever decides on access."""

    @abstractmethod
    def audit(self, dataset: str, source: "Registered", now: datetime) -> "Looked":
        """Reads what exists behind a registered datasource, and compares it. Nothing is changed."""

    def drift(self, deployed: "DeployedAccess", stack: "Stack", owner: str | None, once: "Once") -> "Drift":
        """Reads what there is now of an access that we made and of its store, with the login that deploys it, and
        compares it with what was deployed. Nothing is changed. What is the same for other accesses of the round, a
        login or a store, is asked `once`, by a question that begins with the kind's name."""
        from lightly_access.drift.drift import Drift

        return Drift()

    @abstractmethod
    def store_lines(self, source: "Registered") -> tuple[dict[str, str], str]:
        """The store of a registered datasource as a manifest has it, and a comment on what Lightly does not tell."""

    def refusals(self, text: str) -> "Iterator[tuple[int, Explanation]]":
        """Refusals in a deployment's output that no change of the stack mends: where each stands, and the way out."""
        yield from ()

    def explained(self) -> "Iterator[Explanation]":
        """All those, for the runbook."""
        yield from ()

    def remarks(self, name: str, store: Any, environ: Mapping[str, str]) -> "Iterator[Problem]":
        """What this machine has to say of a store, for a check: another one, such as CI's, may say something else."""
        yield from ()

    def worker_mount(self, name: str, store: Any, purpose: Purpose, environ: Mapping[str, str]) -> str | None:
        """The folder that the Lightly Worker must have mounted for a datasource; None where it needs none.

        Raises SecretReferenceError or ValueError where it cannot be told.
        """
        return None

    def ending(self) -> "Ending":
        """How its credentials are ended, tried and looked for."""
        from lightly_access.kinds.ending import Ending

        return Ending()

    def logins(self, stack: "Stack") -> "Iterator[Question]":
        """Whoever deploys to its cloud, for `doctor`: who that is for each account, and whether it may."""
        yield from ()

    def deployer(self, asked: "Asked") -> "Deployer | None":
        """What its cloud is to be told of whoever deploys; None of a kind that no deployment asks a cloud for.

        Raises UnrenderableDocumentError and what the kind says.
        """
        return None

    def recovery(self) -> "Mapping[str, Way]":
        """How each resource type that a deployment makes in its cloud is found after a run was killed."""
        return {}
