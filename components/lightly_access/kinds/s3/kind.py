"""Amazon S3 as a kind of store."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access import secret_refs
from lightly_access.kinds.access_kind import AccessKind, SharedSecret
from lightly_access.kinds.bucket_path import bucket_path
from lightly_access.kinds.kind import Kind
from lightly_access.kinds.s3 import names, registration, rules
from lightly_access.kinds.s3.holder import HOLDERS

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
    from lightly_access.kinds.external import ExternalCredential
    from lightly_access.kinds.handoff import Handoff
    from lightly_access.kinds.probe_credential import ProbeCredential
    from lightly_access.kinds.s3.account import AwsAccount
    from lightly_access.kinds.s3.store import S3Store
    from lightly_access.kinds.starter import Starter
    from lightly_access.once import Once
    from lightly_access.recover.way import Way
    from lightly_access.tables.datasource import Datasource
    from lightly_access.tables.overlaps import DatasourcePath
    from lightly_access.tables.problem import Problem
    from lightly_access.tables.written import Tables


def _key_id(value: str, data: Mapping[str, Any]) -> Fault | None:
    """AWS has its own form of the ids of keys."""
    return None if secret_refs.variable(value) is not None else rules.access_key_id(value)


def _external_role() -> "ExternalCredential":
    from lightly_access.kinds.s3.external import ROLE

    return ROLE


def _external_key() -> "ExternalCredential":
    from lightly_access.kinds.s3.external import KEY

    return KEY


DELEGATED = AccessKind(
    name="delegated",
    meaning="a role that it assumes",
    registration=registration.DELEGATED,
    credential="role",
    described="a role",
    holder="whoever its trust policy admits",
    config_entry="the external ID",
    external_lines=lambda known, secret: {"role_arn": known.get("roleArn", "ROLE-ARN"), "external_id": secret},
    shared=SharedSecret(
        "externalId",
        "external ID",
        "external-id-shared",
        ("two roles have one external ID", "whoever learns a shared one gets in through both roles"),
    ),
    probe_obstacle="only Lightly's account may assume the role",
    options=frozenset({"role_arn", "hardened"}),
    unrotated="a role has no key, and its sessions end by themselves: Lightly's account assumes it, with an external "
    "ID, which `pulumi up --replace <its URN>` replaces (`pulumi stack --show-urns`); from the role's change until the "
    "registration, some seconds, Lightly is locked out",
    external=_external_role,
)
USER = AccessKind(
    name="user",
    meaning="the key of a user that we make",
    registration=registration.USER,
    credential="key",
    described="a user's access key",
    config_entry="the secret of the access key",
    external_lines=lambda known, secret: {"access_key_id": known.get("accessKeyId", "KEY-ID"), "secret": secret},
    options=frozenset({"access_key_id", "secret", "hardened", "rotate_after", "rotate_anchor", "rotate_now"}),
    checks={"access_key_id": _key_id},
    external=_external_key,
)


class S3Kind(Kind):
    """Buckets of Amazon S3, by a role or by a user's access key."""

    name = "s3"
    other_names = ("aws",)
    accesses = (DELEGATED, USER)
    cloud = "aws"
    holders = HOLDERS
    sdk = "pulumi_aws"
    extra = "aws"

    def starter(self) -> "Starter":
        from lightly_access.kinds.s3.starter import STARTER

        return STARTER

    def table(self) -> "type[S3Store]":
        from lightly_access.kinds.s3.store import S3Store

        return S3Store

    def account(self) -> "type[AwsAccount]":
        from lightly_access.kinds.s3.account import AwsAccount

        return AwsAccount

    def path_fault(self, path: str, purpose: str | None = None) -> Fault | None:
        return bucket_path(path, names.SCHEME, names.bucket_name)

    def registered_path(self, store: Any, path: str, purpose: Purpose) -> str:
        return f"{names.SCHEME}{store.bucket}/{path}"

    def problems(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.s3 import relations

        return relations.problems(tables, paths)

    def warnings(self, tables: "Tables", paths: "list[DatasourcePath]") -> "Iterator[Problem]":
        from lightly_access.kinds.s3 import relations

        return relations.warnings(tables, paths)

    def stack_problems(
        self, config: Mapping[str, object], tables: "Tables", environ: Mapping[str, str]
    ) -> "Iterator[Problem]":
        from lightly_access.kinds.s3 import provider_config

        return provider_config.problems(config, tables, environ)

    def document_fault(self, purpose: Purpose, source: "Datasource", store: "S3Store") -> Fault | None:
        from lightly_access.kinds.s3 import document_size

        return document_size.fault(purpose, source, store)

    def builder(self) -> "Builder":
        from lightly_access.kinds.s3.builder import S3Builder

        return S3Builder()

    def as_made(self, where: str, store: Any, made: Mapping[str, Mapping[str, Any]]) -> Any:
        from lightly_access.kinds.s3.release import as_made

        return as_made(where, store, made)

    def has_own_policies(self, store: Any) -> bool:
        return not store.create

    def causes(self) -> "Causes":
        from lightly_access.kinds.s3.causes import TREE

        return TREE

    def probe(self) -> "ProbeCredential":
        from lightly_access.kinds.s3.probe import S3

        return S3

    def analysis(self, dataset: str, purpose: Purpose, source: "Datasource", store: "S3Store") -> "Analysis":
        from lightly_access.kinds.s3.analysis import analysis

        return analysis(dataset, purpose, source, store)

    def granted(self, found: "Granted") -> "Analysis | None":
        from lightly_access.kinds.s3.granted import analysis

        return analysis(found)

    def handoff(self) -> "Handoff":
        from lightly_access.kinds.s3.handoff import S3Handoff

        return S3Handoff()

    def audit(self, dataset: str, source: "Registered", now: datetime) -> "Looked":
        from lightly_access.kinds.s3.audit.look import look

        return look(dataset, source, now)

    def drift(self, deployed: "DeployedAccess", stack: "Stack", owner: str | None, once: "Once") -> "Drift":
        from lightly_access.kinds.s3.drift.look import look

        return look(deployed, stack, owner, once)

    def store_lines(self, source: "Registered") -> tuple[dict[str, str], str]:
        key = {"kms_key": source.values["kmsKeyArn"]} if "kmsKeyArn" in source.values else {}
        region = source.values.get("region", "REGION")
        return {"kind": "s3", "bucket": source.bucket, "region": region, **key}, ""

    def logins(self, stack: "Stack") -> "Iterator[Question]":
        from lightly_access.kinds.s3 import doctor

        return doctor.questions(stack)

    def deployer(self, asked: "Asked") -> "Deployer":
        from lightly_access.kinds.s3 import deployer

        return deployer.deployer(asked)

    def recovery(self) -> "Mapping[str, Way]":
        from lightly_access.kinds.s3.recover import WAYS

        return WAYS

    def ending(self) -> "Ending":
        from lightly_access.kinds.s3.ending import S3Ending

        return S3Ending()
