"""The rendered parts of policies/README.md: what Lightly is granted, per kind of store and purpose.

Every row is read from the documents that a deployment renders, or from the evaluator that reads them; a right without a
reason, or a reason without a right, is an error here. `python -m tests.readme` writes them.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lightly_access.worker_command import mount_option, mount_proof
from lightly_core.capability import Purpose
from lightly_policies import render_aws
from lightly_policies.cases_sas import Sharee
from lightly_policies.evaluator.sas import NEVER, OPERATIONS, Sas
from lightly_policies.network import Network
from lightly_policies.proof_sas import planned
from lightly_policies.render_gcs import gcs_binding
from lightly_policies.sas import PERMISSIONS

README = Path(__file__).parents[1] / "policies" / "README.md"
_TEMPLATES = README.parent / "lightly_policies" / "documents"

BUCKET, PATH, REGION, ACCOUNT = "acme-datalake", "projects/herd/", "eu-central-1", "123456789012"
NETWORK = Network(("vpc-0a1b2c3d",), ("203.0.113.0/24",))
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd"

_OTHERWISE = "the key serves S3 of its region and nothing else"
_WHY_AWS = {
    "s3:ListBucket": "Lightly finds the samples itself; bound to the path",
    "s3:GetObject": "the content, also through the URLs that Lightly signs for the browser",
    "s3:PutObject": "thumbnails, frames and predictions are written; S3 has no right of its own to overwrite",
    "s3:DeleteObject": "Lightly documents it for its own results",
    "kms:Decrypt": "objects under a customer-managed key cannot be read without it",
    "kms:Encrypt": "Lightly asks for it where it writes under a customer-managed key",
    "kms:GenerateDataKey": "every upload under a customer-managed key asks S3 for a data key",
    "sts:AssumeRole": "Lightly's account becomes the role; the external ID keeps Lightly's other customers out",
    "s3:*": "nobody gets in without TLS",
    "kms:*": "without it no IAM policy counts and nobody could manage the key",
    "kms:GenerateDataKey*": _OTHERWISE,
    "kms:ReEncrypt*": _OTHERWISE,
}
"""Each action that a document names, and what it is for: https://docs.lightly.ai/docs/aws-s3 and, of keys,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html ."""

_WHY_SAS = {
    "r": "the content of the samples",
    "l": "Lightly finds the samples itself",
    "w": "thumbnails, frames and predictions are written; `c` is not given, it would add nothing",
    "d": "Lightly documents it for its own results",
}
"""https://docs.lightly.ai/docs/azure ."""

_WHY_PARAMETER = {
    "sv": "the version of the service that reads the token, pinned",
    "sr": "`d`: one directory, where the account has a hierarchical namespace; `c`, the whole container, elsewhere",
    "sdd": "how deep the directory is",
    "spr": "never over http",
    "si": "the stored access policy that holds permissions and times: to drop it is to revoke the token",
    "sig": "the signature, with the account's key",
}
"""https://learn.microsoft.com/rest/api/storageservices/create-service-sas ."""


def s3() -> str:
    """Statements of every document for S3."""
    trust = render_aws.aws_trust("the-external-id")
    documents = [
        *((str(purpose), _grant(purpose)) for purpose in Purpose),
        ("the role (delegated access)", trust),
        ("a bucket that we make", render_aws.aws_bucket_tls(BUCKET)),
        ("a key that we make", render_aws.aws_key_policy(ACCOUNT, region=REGION)),
    ]
    rows, named = [], set()
    for whose, text in documents:
        for statement in json.loads(text)["Statement"]:
            denied = statement["Effect"] == "Deny"
            by_reason: dict[str, list[str]] = {}
            for action in _listed(statement["Action"]):
                named.add(action)
                by_reason.setdefault(_why(action, denied=denied), []).append(action)
            for why, actions in by_reason.items():
                shown = f"{'**deny** ' if denied else ''}{code(actions)}"
                rows.append([whose, statement["Sid"], shown, _object(statement), when(statement), why])
    _complete("AWS", named, _WHY_AWS)
    return table(["for", "statement", "action", "on", "only when", "why"], rows)


def s3_hardened() -> str:
    """The statements that are other ones with `hardened`."""
    rows = []
    for purpose in Purpose:
        usual = json.loads(_grant(purpose))["Statement"]
        text = render_aws.aws_grant(purpose, BUCKET, PATH, region=REGION, kms_key_arn=KEY, network=NETWORK)
        for statement in (item for item in json.loads(text)["Statement"] if item not in usual):
            actions = code(_listed(statement["Action"]))
            rows.append([str(purpose), statement["Sid"], actions, _object(statement), when(statement)])
    return table(["for", "statement", "action", "on", "only when"], rows)


def _grant(purpose: Purpose) -> str:
    return render_aws.aws_grant(purpose, BUCKET, PATH, region=REGION, kms_key_arn=KEY)


def _why(action: str, *, denied: bool) -> str:
    """Keys: what LIGHTLY is allowed through S3 is denied to all otherwise."""
    if denied and action.startswith("kms:"):
        return _OTHERWISE
    return _WHY_AWS[action]


def _object(statement: dict[str, Any]) -> str:
    who = statement.get("Principal")
    by = "" if who is None else f"by {code('*' if who == '*' else who['AWS'])}"
    return " ".join(part for part in (code(statement.get("Resource", [])), by) if part)


def when(statement: dict[str, Any]) -> str:
    """The conditions of a statement."""
    blocks = statement.get("Condition", {})
    return "; ".join(
        f"{operator} `{key}` {code(values, ' or ')}"
        for operator, conditions in blocks.items()
        for key, values in conditions.items()
    )


def azure() -> str:
    """Letters of the stored access policy, and what each lets the holder of the token do."""
    rows = [
        [str(purpose), code(letter), ", ".join(_operations(letter)), _WHY_SAS[letter]]
        for purpose in Purpose
        for letter in PERMISSIONS[purpose]
    ]
    _complete("SAS", {letter for letters in PERMISSIONS.values() for letter in letters}, _WHY_SAS)
    return table(["purpose", "permission", "operations", "why"], rows)


def _operations(letter: str) -> list[str]:
    return [operation for operation, letters in OPERATIONS.items() if letter in letters]


def azure_token() -> str:
    """The parameters of the token, and what no letter gives."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    shown: dict[str, list[str]] = {}
    for hierarchical in (True, False):
        sharee = Sharee("INPUT", "acmephotos", "datalake", PATH, hierarchical, now)
        token, _ = planned(sharee, "the-policy-s-id", now, now + timedelta(days=90))
        for name, value in Sas.parse(token).fields.items():
            values = shown.setdefault(name, [])
            if value not in values and name != "sig":
                values.append(value)
    _complete("SAS parameters", set(shown), _WHY_PARAMETER)
    rows = [[code(name), code(values, " or "), _WHY_PARAMETER[name]] for name, values in shown.items()]
    return f"{table(['parameter', 'value', 'why'], rows)}\nNo SAS permits: {', '.join(NEVER)}.\n"


def gcs() -> str:
    """The permissions of the custom roles, with the reasons that stand in their templates."""
    rows = []
    for purpose in Purpose:
        text = (_TEMPLATES / "gcs" / f"role_{purpose.lower()}.json.j2").read_text()
        found = re.findall(r'"(storage\.[\w.]+)"\{# (.+?) #\}', text)
        granted = json.loads(re.sub(r"\{#.*?#\}", "", text))["includedPermissions"]
        _complete(f"{purpose} role", set(granted), dict(found))
        rows += [[str(purpose), code(permission), why] for permission, why in found]
    return table(["purpose", "permission", "why"], rows)


def gcs_condition() -> str:
    """The condition of the binding, one clause a line."""
    role, member = "projects/acme-ml/roles/lightly", "serviceAccount:lightly@acme-ml.iam.gserviceaccount.com"
    binding = json.loads(gcs_binding("acme-frames", PATH, role=role, member=member))
    return "```\n" + " ||\n".join(binding["condition"]["expression"].split(" || ")) + "\n```\n"


def local() -> str:
    """The mount options of the worker."""
    rows = []
    for purpose in Purpose:
        option = mount_option(purpose, "/srv/herd")
        able = [capability for capability, can in mount_proof(option).items() if can]
        rows.append([str(purpose), code(f"-v {option}"), ", ".join(able)])
    return table(["purpose", "docker's option", "the worker can"], rows)


PARTS: dict[str, Callable[[], str]] = {
    "s3": s3,
    "s3-hardened": s3_hardened,
    "azure": azure,
    "azure-token": azure_token,
    "gcs": gcs,
    "gcs-condition": gcs_condition,
    "local": local,
}
"""Name of a rendered part -> what renders it."""


class UnexplainedError(ValueError):
    """A right without a reason, or a reason without a right."""


def _complete(what: str, named: set[str], reasons: dict[str, str]) -> None:
    if wrong := named ^ reasons.keys():
        raise UnexplainedError(f"{what}: rights and reasons differ in {', '.join(sorted(wrong))}")


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def code(value: Any, joint: str = ", ") -> str:
    """One or several values as code."""
    return joint.join(f"`{entry}`" for entry in _listed(value))


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""

    def line(cells: list[str]) -> Iterator[str]:
        yield from (cell.replace("|", "\\|") for cell in cells)

    return "\n".join(f"| {' | '.join(line(cells))} |" for cells in [head, ["---"] * len(head), *rows]) + "\n"
