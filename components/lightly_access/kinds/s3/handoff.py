"""What is asked of whoever owns a bucket of S3: a role or a user, its documents, and what to merge."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from lightly_core.capability import Purpose
from lightly_core.fault import Fault
from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT, SESSION_SECONDS
from lightly_policies.merge import merge
from lightly_policies.render_aws import aws_grant, aws_trust

from lightly_access.handoff.request import NothingToHandOffError, Request, readable
from lightly_access.handoff.texts import rendered
from lightly_access.kinds.handoff import File, Handoff, Terms
from lightly_access.kinds.s3 import cloudformation
from lightly_access.kinds.s3.names import IAM_PATH
from lightly_access.kinds.s3.placeholders import EXTERNAL_ID_OF_BUNDLE
from lightly_access.kinds.s3.rules import partition
from lightly_access.kinds.s3.store import S3Store
from lightly_access.naming import physical_name
from lightly_access.tables.datasource import Datasource

ACCOUNT = "ACCOUNT-ID"
"""Stands where the id of the account goes in which the role or user is made."""
_NO_ACCOUNT = "000000000000"
_TEMPLATES = Path(__file__).parent / "templates"
_MERGED = {
    "bucket-policy.json": "statements for the bucket's policy, where it needs them",
    "key-policy.json": "statements for the policy of the bucket's KMS key, where it needs them",
    "old-key-policy.json": "statements for the policy of each KMS key that the bucket had before, where it needs them",
}


class S3Handoff(Handoff):
    """Documents, a CloudFormation template, and the same with the AWS CLI."""

    terms: ClassVar[Mapping[str, Terms]] = {
        "delegated": Terms(
            f"its AWS account {LIGHTLY_AWS_ACCOUNT} assumes a role, with an external ID",
            (
                "the external ID keeps another customer of Lightly from naming your role (the confused deputy); it is "
                "made on your side and goes to Lightly alone.",
                f"sessions of {SESSION_SECONDS // 3600} hours: Lightly demands them, and cannot use a role that allows "
                "less.",
            ),
        ),
        "user": Terms(
            "the access key of a user that is made for this alone",
            (
                "the rights hang on a group, since CIS AWS 2.13 wants no policies on users; replace the key within 90 "
                "days.",
            ),
        ),
    }
    about: ClassVar[Mapping[str, str]] = {
        "grant": "the rights, and nothing beyond them",
        "trust": "who may assume the role; the external ID is put in when it is applied",
    }

    def name(self, project: str, stack: str, dataset: str, purpose: str) -> str:
        return physical_name(project, stack, dataset, purpose)

    def documents(self, where: str, store: S3Store, source: Datasource, purpose: Purpose, name: str) -> dict[str, str]:
        if "create" in (store.kms_key, *store.old_kms_keys):
            hint = (
                f"leave this one to `pulumi up`; or make the store first, then write the key's ARN as "
                f"stores.{source.store}.kms_key"
            )
            raise NothingToHandOffError(f"{where}: {Fault('the ARN of the KMS key', hint).sentence('create')}")
        grant = aws_grant(
            purpose,
            store.bucket,
            source.path,
            region=store.region,
            kms_key_arn=store.kms_key,
            old_kms_key_arns=store.old_kms_keys,
            list_prefix_condition=source.list_prefix_condition,
            partition=partition(store.region),
            holder="role" if source.access == "delegated" else "group",
            network=source.hardened.network if source.hardened else None,
        )
        documents = {f"{purpose.lower()}-grant.json": readable(grant)}
        if source.access == "delegated":
            documents[f"{purpose.lower()}-trust.json"] = readable(aws_trust(EXTERNAL_ID_OF_BUNDLE))
        return documents

    def files(self, requests: Sequence[Request]) -> dict[str, File]:
        merged = {
            name: File(text, _MERGED[name.partition("-merge-")[2]])
            for request in requests
            for name, text in _merged(request).items()
        }
        script = rendered(
            _TEMPLATES / "aws.sh.j2",
            dataset=requests[0].dataset,
            requests=requests,
            placeholder=EXTERNAL_ID_OF_BUNDLE,
            path=IAM_PATH,
            session=SESSION_SECONDS,
        )
        template = cloudformation.template(requests)
        return {
            **merged,
            "cloudformation.json": File(template, "makes what is asked for on AWS, as a CloudFormation stack"),
            "aws.sh": File(script, "the same with the AWS CLI", script=True),
        }

    def steps(self, requests: Sequence[Request]) -> Iterable[str]:
        roles = [request for request in requests if request.source.access == "delegated"]
        wanted = " and ".join(f"`{cloudformation.parameter(request)}`" for request in roles)
        external = f"; choose {wanted} at random, 40 characters, and tell us over a safe channel" if wanted else ""
        yield f"On AWS: run `./aws.sh`, or make a CloudFormation stack of `cloudformation.json`{external}."

    def sections(self, files: Iterable[str]) -> Iterable[str]:
        if merged := sorted(name for name in files if "-merge-" in name):
            yield rendered(_TEMPLATES / "merge.md.j2", merged=merged, account=ACCOUNT)


def _merged(request: Request) -> dict[str, str]:
    """Statements for the policies of a bucket that exists, and of its key; who makes the role fills in its account."""
    store: S3Store = request.store
    if store.create:
        return {}
    who = "role" if request.source.access == "delegated" else "user"
    arn = f"arn:{partition(store.region)}:iam::{_NO_ACCOUNT}:{who}{IAM_PATH}{request.name}"
    made = merge(request.documents[f"{request.side}-grant.json"], request.purpose, request.source.role_arn or arn)
    texts = {"bucket": made.bucket, "key": made.key, "old-key": made.old_key}
    return {
        f"{request.side}-merge-{what}-policy.json": readable(text).replace(f":{_NO_ACCOUNT}:", f":{ACCOUNT}:")
        for what, text in texts.items()
        if text
    }
