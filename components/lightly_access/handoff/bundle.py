"""The files of a bundle: documents, a template, commands, and a page that says in plain words what is asked and why.

Pure: values in, texts out. Values go through `shlex.quote` where a shell reads them, and no secret is among them.
"""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import jinja2
from lightly_core.capability import Purpose
from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT, SESSION_SECONDS
from lightly_policies.merge import merge

from lightly_access.handoff import cloudformation
from lightly_access.handoff.request import EXTERNAL_ID, Request, google_role_id, readable, request
from lightly_access.kinds.azure.store import AzureStore
from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.kinds.obs.store import ObsStore
from lightly_access.kinds.s3.names import IAM_PATH
from lightly_access.kinds.s3.rules import partition
from lightly_access.kinds.s3.store import S3Store
from lightly_access.manifest import Manifest

GRACE_DAYS = 30
"""A SAS token made by hand outlives its rotation by so long: whoever makes the next one needs time to do it."""

_SCRIPTS = (
    (S3Store, "aws.sh", "the same with the AWS CLI"),
    (AzureStore, "azure.sh", "makes the stored access policies and the SAS tokens, with the Azure CLI"),
    (GcsStore, "google.sh", "makes the service accounts, their rights and keys, with the gcloud CLI"),
)
_WAYS = {
    "delegated": f"its AWS account {LIGHTLY_AWS_ACCOUNT} assumes a role, with an external ID",
    "user": "the access key of a user that is made for this alone",
    "sas": "a SAS token, bound to a stored access policy",
    "service_account": "the key of a service account that is made for this alone",
    "key": "an access key that you make",
    "mount": "a folder that is mounted into the Lightly Worker on your own machine",
}
_REASONS = {
    "delegated": (
        "the external ID keeps another customer of Lightly from naming your role (the confused deputy); it is made on "
        "your side and goes to Lightly alone.",
        f"sessions of {SESSION_SECONDS // 3600} hours: Lightly demands them, and cannot use a role that allows less.",
    ),
    "user": (
        "the rights hang on a group, since CIS AWS 2.13 wants no policies on users; replace the key within 90 days.",
    ),
    "sas": (
        "the token's rights and times stand in the stored access policy: drop the policy, and the token is dead at "
        "once, without new account keys.",
    ),
    "service_account": (
        "listing needs a right on the bucket; the condition allows it only with a prefix inside the directory.",
        "Lightly takes a JSON key only. Where your organisation forbids keys (iam.disableServiceAccountKeyCreation) "
        "an exception for this project is needed.",
    ),
    "key": ("Lightly has no roles for S3-compatible services; bind the key to the directory if your service can.",),
    "mount": ("INPUT is mounted read only; Lightly's servers never see this disk.",),
}
ACCOUNT = "ACCOUNT-ID"
"""Stands where the id of the account goes in which the role or user is made."""
_NO_ACCOUNT = "000000000000"
_MERGED = {
    "bucket-policy.json": "statements for the bucket's policy, where it needs them",
    "key-policy.json": "statements for the policy of the bucket's KMS key, where it needs them",
}
_ADOPTED = {
    "delegated": "role_arn: <the ARN that apply printed>, external_id: {dataset}-{side}",
    "user": "access_key_id: <the key's id>, secret: {dataset}-{side}",
    "sas": "secret: {dataset}-{side}",
    "service_account": "secret: {dataset}-{side}",
    "key": "access_key_id: <the key's id>, secret: {dataset}-{side}",
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """Texts by file name; `scripts` are those that are run."""

    files: Mapping[str, str]
    scripts: frozenset[str]


def bundle(manifest: Manifest, name: str, *, project: str, stack: str) -> Bundle:
    """Everything for one dataset. Raises NothingToHandOffError and UnrenderableDocumentError."""
    dataset = manifest.datasets[name]
    requests = [request(manifest, name, dataset, purpose, project=project, stack=stack) for purpose in Purpose]
    files = {file: text for it in requests for file, text in it.documents.items()}
    about = {file: _about(file) for file in files}
    merged = {file: text for it in requests for file, text in _merged(it).items()}
    files |= merged
    about |= {file: _MERGED[file.partition("-merge-")[2]] for file in merged}
    if made := cloudformation.template(requests):
        files["cloudformation.json"] = made
        about["cloudformation.json"] = "makes what is asked for on AWS, as a CloudFormation stack"
    scripts = []
    for kind, script, what in _SCRIPTS:
        ours = [it for it in requests if isinstance(it.store, kind)]
        if ours:
            files[script] = _script(script, ours)
            about[script] = what
            scripts.append(script)
    files["README.md"] = _TEMPLATES.get_template("README.md.j2").render(
        dataset=name,
        project=project,
        requests=requests,
        ways=_WAYS,
        steps=list(_steps(requests, scripts)),
        reasons={it.purpose: _REASONS[it.source.access] for it in requests},
        files=about,
        merged=sorted(merged),
        manifest=_manifest(name, requests),
    )
    return Bundle(files, frozenset(scripts))


def _script(script: str, requests: list[Request]) -> str:
    values = {"dataset": requests[0].dataset, "requests": requests, "placeholder": EXTERNAL_ID, "grace": GRACE_DAYS}
    text = _TEMPLATES.get_template(f"{script}.j2").render(
        values, path=IAM_PATH, session=SESSION_SECONDS, role_id=google_role_id
    )
    return text.rstrip("\n") + "\n"


def _steps(requests: list[Request], scripts: list[str]) -> Iterable[str]:
    if "aws.sh" in scripts:
        wanted = " and ".join(
            f"`{cloudformation.parameter(it)}`"
            for it in requests
            if isinstance(it.store, S3Store) and it.source.access == "delegated"
        )
        external = f"; choose {wanted} at random, 40 characters, and tell us over a safe channel" if wanted else ""
        yield f"On AWS: run `./aws.sh`, or make a CloudFormation stack of `cloudformation.json`{external}."
    if "azure.sh" in scripts:
        yield "On Azure: run `./azure.sh` as somebody who may read the storage account's keys."
    if "google.sh" in scripts:
        yield "On Google Cloud: run `./google.sh` as somebody who may make service accounts and roles in the project."
    for it in requests:
        if isinstance(it.store, ObsStore):
            yield f"For {it.purpose}: make an access key that can {it.capabilities} in {it.place}, and nothing more."
        elif it.source.access == "mount":
            yield f"For {it.purpose}: keep {it.place} ready on the machine of the Lightly Worker."
    if scripts:
        yield "Give us what the run left in `secrets/` over a safe channel (a password manager), then delete it."


def _manifest(name: str, requests: list[Request]) -> str:
    """The dataset's lines with what was made by others filled in."""
    lines = [f"{name}:"]
    for it in requests:
        given = _ADOPTED.get(it.source.access, "").format(dataset=name, side=it.side)
        parts = [f"store: {it.source.store}", f"path: {it.source.path}", f"access: {it.source.access}", given]
        lines.append(f"  {it.side}: {{{', '.join(part for part in parts if part)}}}")
    secrets = [it for it in requests if it.source.access in _ADOPTED]
    lines += [f"# pulumi config set --secret lightly-keys:{name}-{it.side}" for it in secrets]
    return "\n".join(lines)


def _merged(request: Request) -> dict[str, str]:
    """Statements for the policies of a bucket that exists, and of its key; who makes the role fills in its account."""
    store, source = request.store, request.source
    if not isinstance(store, S3Store) or store.create:
        return {}
    who = "role" if source.access == "delegated" else "user"
    arn = f"arn:{partition(store.region)}:iam::{_NO_ACCOUNT}:{who}{IAM_PATH}{request.name}"
    made = merge(request.documents[f"{request.side}-grant.json"], request.purpose, source.role_arn or arn)
    texts = {"bucket": made.bucket, "key": made.key}
    return {
        f"{request.side}-merge-{what}-policy.json": readable(text).replace(f":{_NO_ACCOUNT}:", f":{ACCOUNT}:")
        for what, text in texts.items()
        if text
    }


def _about(file: str) -> str:
    side, _, what = file.removesuffix(".json").partition("-")
    words = {
        "grant": "the rights, and nothing beyond them",
        "trust": "who may assume the role; the external ID is put in when it is applied",
        "role": "the custom role",
        "condition": "binds the role to the directory",
    }
    return f"{words[what]} ({side.upper()})"


def _comment(text: str) -> str:
    """Inside a shell comment no line may end: what follows it would be run."""
    return " ".join(text.split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'").replace("\n", " ")


_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("lightly_access", "handoff/templates"),
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # noqa: S701 - shell and Markdown: every value is quoted for its own reader
    keep_trailing_newline=True,
)
_TEMPLATES.filters |= {"sh": shlex.quote, "comment": _comment, "cell": _cell}
