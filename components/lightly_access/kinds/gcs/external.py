"""The key of a service account of Google Cloud that somebody else made."""

import json
from typing import TYPE_CHECKING, cast

import pulumi

from lightly_access.kinds.external import AdoptedAccessArgs, ExternalCredential, Inputs, accepted_reach
from lightly_access.kinds.gcs import key_file

if TYPE_CHECKING:
    from lightly_access.kinds.gcs.components import GcsBucket


def _component() -> type:
    from lightly_access.kinds.gcs.components import GcsBucket  # late: with it comes the SDK

    return GcsBucket


def _account(args: AdoptedAccessArgs, handed_over: pulumi.Output[str]) -> tuple[Inputs, Inputs]:
    file = handed_over.apply(key_file.text_of)
    store = cast("GcsBucket", args["store"])
    path = f"gs://{store.bucket}/{args['path']}"
    return (
        {"kind": "gcs", "path": path, "project_id": store.project, "credentials": file},
        {"credentials": file, **accepted_reach(args)},
    )


def _email(args: AdoptedAccessArgs, file: str) -> str:
    try:
        parts = json.loads(key_file.text_of(file))
    except (ValueError, RecursionError):
        parts = None
    email = parts.get("client_email") if isinstance(parts, dict) else None
    return email if isinstance(email, str) and email else "given-service-account"


KEY = ExternalCredential("service account key", ("secret",), _component, _account, _email)
