"""What Lightly's API accepts of datasets and workers, and who Lightly is. What it accepts of a store is with each kind.

Every rule is read from the models of Lightly's own client, lightly 1.5.26,
`lightly/openapi_generated/swagger_client/models/<file>.py`, named at each rule; where a cloud is stricter than Lightly
the cloud's page is named too. A checker returns None or a Fault. Patterns are matched against the whole text: Python's
`$`, which the client uses, would let a line break through at the end.
"""

import re

from lightly_core.capability import Purpose
from lightly_core.fault import Fault, did_you_mean, one_of

LIGHTLY_AWS_ACCOUNT = "916419735646"
"""The AWS account that assumes the roles: the only principal of a trust policy.
https://docs.lightly.ai/docs/aws-s3 (delegated access)"""

SESSION_SECONDS = 43200
"""The maximum session duration that Lightly demands of a role, 12 hours, which is also the most that AWS allows.
lightly-ai/lightly docs, dataset_creation_aws_bucket_delegated_access.rst"""

DATASET_TYPES = {"images": "Images", "videos": "Videos"}
"""The manifest's word for a dataset's type -> Lightly's (dataset_type.py). `Crops` are made by Lightly itself."""

KEEP, DELETE = "keep", "delete"
"""What becomes of a dataset at Lightly when its entry goes: ours, the manifest's `on_remove`."""

MOUNTS = {"INPUT": "input_mount", "LIGHTLY": "lightly_mount"}
"""Purpose -> the folder of the Lightly Worker's container, `/input_mount` and `/lightly_mount`.
https://docs.lightly.ai/docs/local-storage"""

LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")
"""This machine, the only one to which plain http is allowed: elsewhere everybody on the way reads along."""

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9 _-]+")
_OBJECT_ID = re.compile(r"[a-f0-9]{24}")


def dataset_name(value: str) -> Fault | None:
    """dataset_create_request.py: at least 3 characters, `^[a-zA-Z0-9][a-zA-Z0-9 _-]+$`.

    Lightly states no upper limit; 255 is ours, because the name becomes the value of an AWS tag (256 at most).
    """
    if _NAME.fullmatch(value) and 3 <= len(value) <= 255:
        return None
    return Fault("3 to 255 characters: letters, digits, space, _ or -, the first one a letter or digit")


def dataset_id(value: str) -> Fault | None:
    """datasource_config_base.py and others: a MongoDB ObjectId, `^[a-f0-9]{24}$`."""
    return None if _OBJECT_ID.fullmatch(value) else Fault("Lightly's id of a dataset: 24 characters of 0-9 and a-f")


def worker_id(value: str) -> Fault | None:
    """docker_worker_registry_entry_data.py: an ObjectId too."""
    return None if _OBJECT_ID.fullmatch(value) else Fault("Lightly's id of a worker: 24 characters of 0-9 and a-f")


def dataset_type(value: str) -> Fault | None:
    """dataset_type.py: Crops, Images, Videos. The manifest says images or videos."""
    if value in DATASET_TYPES:
        return None
    crops = "Lightly makes crops itself, from an images or videos dataset" if value.lower() == "crops" else None
    return Fault(one_of(DATASET_TYPES), crops or did_you_mean(value, DATASET_TYPES))


def on_remove(value: str) -> Fault | None:
    """Ours: `keep` or `delete`."""
    return None if value in (KEEP, DELETE) else Fault(one_of((KEEP, DELETE)), did_you_mean(value, (KEEP, DELETE)))


def purpose(value: str) -> Fault | None:
    """datasource_purpose.py: INPUT, LIGHTLY, INPUT_OUTPUT. The last is refused: INPUT never gets write."""
    if value in tuple(Purpose):
        return None
    if value == "INPUT_OUTPUT":
        return Fault(one_of(Purpose), "INPUT_OUTPUT is one identity that may write to the source data; register two")
    return Fault(one_of(Purpose), did_you_mean(value, Purpose))
