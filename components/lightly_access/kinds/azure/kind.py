"""Azure Blob Storage and Data Lake Storage as a kind of store."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access.kinds.access_kind import AccessKind, SharedSecret
from lightly_access.kinds.azure import names, registration
from lightly_access.kinds.azure.holder import HOLDERS
from lightly_access.kinds.azure.sas_window import DELEGATED_DAYS, DELEGATED_DEFAULT
from lightly_access.kinds.kind import Kind, Written
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
    from lightly_access.kinds.azure.account import AzureSubscription
    from lightly_access.kinds.azure.store import AzureStore
    from lightly_access.kinds.builder import Builder
    from lightly_access.kinds.causes import Causes
    from lightly_access.kinds.deployer import Asked, Deployer
    from lightly_access.kinds.ending import Ending
    from lightly_access.kinds.external import ExternalCredential
    from lightly_access.kinds.handoff import Handoff
    from lightly_access.kinds.probe_credential import ProbeCredential
    from lightly_access.kinds.starter import Starter
    from lightly_access.once import Once
    from lightly_access.recover.way import Way
    from lightly_access.tables.datasource import Datasource
    from lightly_access.tables.overlaps import DatasourcePath
    from lightly_access.tables.problem import Problem
    from lightly_access.tables.written import Tables


def _days(value: int, data: Mapping[str, Any]) -> Fault | None:
    if data.get("sas") != names.USER_DELEGATION or value <= DELEGATED_DAYS:
        return None
    hint = "a user delegation key lives for 7 days at most: with more, a deployment a day would come too late"
    return Fault(f"a whole number from 1 to {DELEGATED_DAYS} with sas: user_delegation", hint)


def _defaults(written: Written) -> Mapping[str, object]:
    """A user delegation SAS has a default period of its own, because it lives for 7 days at most."""
    short = written.get("secret") is None and written.get("sas") == names.USER_DELEGATION
    return {"rotate_after": DELEGATED_DEFAULT} if short else {}


def _external_token() -> "ExternalCredential":
    from lightly_access.kinds.azure.external import TOKEN

    return TOKEN


SAS = AccessKind(
    name="sas",
    meaning="a SAS token, for azure",
    registration=registration.SAS,
    credential="SAS",
    described="a SAS token",
    config_entry="the SAS token",
    shared=SharedSecret("sasToken", "SAS token", "shared-secret"),
    options=frozenset({"secret", "sas", "rotate_after", "rotate_anchor", "rotate_now"}),
    checks={"rotate_after": _days},
    defaults=_defaults,
    no_policy="a SAS has no policy of AWS; its container or directory bounds it",
    external=_external_token,
)


class AzureKind(Kind):
    """Containers of storage accounts, by a SAS token."""

    name = "azure"
    other_names = ("adls", "blob")
    accesses = (SAS,)
    no_other_access = "Lightly has no role for Azure: it takes a SAS token"
    container = "container"
    cloud = "azure"
    holders = HOLDERS
    sdk = "pulumi_azure_native"
    extra = "azure"

    def starter(self) -> "Starter":
        from lightly_access.kinds.azure.starter import STARTER

        return STARTER

    def table(self) -> "type[AzureStore]":
        from lightly_access.kinds.azure.store import AzureStore

        return AzureStore

    def account(self) -> "type[AzureSubscription]":
        from lightly_access.kinds.azure.account import AzureSubscription

        return AzureSubscription

    def path_fault(self, path: str, purpose: str | None = None) -> Fault | None:
        return names.azure_path(path)

    def registered_path(self, store: Any, path: str, purpose: Purpose) -> str:
        return f"{names.SCHEME}{store.account}/{store.container}/{path}"

    def directory_fault(self, path: str, store: Written) -> Fault | None:
        return names.directory(path, hierarchical=store.get("hierarchical") is True)

    def store_identity(self, store: Written, purpose: str | None = None) -> str | None:
        """A container's name is unique in its account."""
        name = store.get("container")
        return f"azure {store.get('account')} {name}" if isinstance(name, str) else None

    def reaches_all(self, store: Written) -> bool:
        return store.get("hierarchical") is not True

    def problems(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.azure import relations

        return relations.problems(tables, paths)

    def warnings(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.azure import relations

        return relations.warnings(tables, paths)

    def stack_problems(
        self, config: Mapping[str, object], tables: "Tables", environ: Mapping[str, str]
    ) -> "Iterator[Problem]":
        from lightly_access.kinds.azure import provider_config

        return provider_config.problems(config, tables, environ)

    def builder(self) -> "Builder":
        from lightly_access.kinds.azure.builder import AzureBuilder

        return AzureBuilder()

    def as_made(self, where: str, store: Any, made: Mapping[str, Mapping[str, Any]]) -> Any:
        account = made.get("account")
        update = {"create": "container" in made, "create_account": account is not None}
        return store.model_copy(update={**update, "location": account and account.get("location")})

    def location(self, path: str) -> Location:
        """A container's name alone is any word: its account stands before it."""
        account, _, inside = path.partition("://")[2].partition("/")
        container, _, directory = inside.partition("/")
        host = f"{account}.(?:blob|dfs).core.windows.net"
        names = (f"{account}/{container}", f"{host}/{container}", f"{host}:443/{container}")
        return Location(container, directory, account, names)

    def causes(self) -> "Causes":
        from lightly_access.kinds.azure.causes import TREE

        return TREE

    def probe(self) -> "ProbeCredential":
        from lightly_access.kinds.azure.probe import AZURE

        return AZURE

    def analysis(self, dataset: str, purpose: Purpose, source: "Datasource", store: "AzureStore") -> "Analysis":
        from lightly_access.kinds.azure.analysis import analysis

        return analysis(dataset, purpose, source, store)

    def granted(self, found: "Granted") -> "Analysis | None":
        from lightly_access.kinds.azure.granted import analysis

        return analysis(found)

    def handoff(self) -> "Handoff":
        from lightly_access.kinds.azure.handoff import AzureHandoff

        return AzureHandoff()

    def audit(self, dataset: str, source: "Registered", now: datetime) -> "Looked":
        from lightly_access.kinds.azure.audit.look import look

        return look(source, now)

    def drift(self, deployed: "DeployedAccess", stack: "Stack", owner: str | None, once: "Once") -> "Drift":
        from lightly_access.kinds.azure.drift.look import look

        return look(deployed, stack, owner, once)

    def store_lines(self, source: "Registered") -> tuple[dict[str, str], str]:
        account, container = source.names
        store = {"kind": "azure", "account": account, "container": container, "resource_group": "RESOURCE-GROUP"}
        return store, "  # Lightly does not know the resource group: put it in"

    def logins(self, stack: "Stack") -> "Iterator[Question]":
        from lightly_access.kinds.azure import doctor

        return doctor.questions(stack)

    def deployer(self, asked: "Asked") -> "Deployer":
        from lightly_access.kinds.azure import deployer

        return deployer.deployer(asked)

    def recovery(self) -> "Mapping[str, Way]":
        from lightly_access.kinds.azure.recover import WAYS

        return WAYS

    def ending(self) -> "Ending":
        from lightly_access.kinds.azure.ending import AzureEnding

        return AzureEnding()
