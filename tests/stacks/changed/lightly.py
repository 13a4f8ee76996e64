"""What a colleague may do at Lightly."""

from tests.stacks.changed.change import Change
from tests.stacks.changed.deployment import Deployment

_THUMBS = ".lightly/thumbnails/[filename]_thumb.[extension]"
_ROLE = "arn:aws:iam::123456789012:role/other"


def _id(deployment: Deployment, dataset: str) -> str:
    return str(deployment.made("lightly:index:Dataset", f"{dataset}-dataset")["id"])


def _overwrite(deployment: Deployment) -> None:
    body = {
        "type": "S3DelegatedAccess",
        "purpose": "INPUT",
        "fullPath": "s3://acme-datalake/elsewhere/",
        "s3Region": "eu-central-1",
        "s3ARN": _ROLE,
        "s3ExternalId": "x" * 20,
        "thumbSuffix": _THUMBS,
    }
    deployment.ask_lightly("PUT", f"/v1/datasets/{_id(deployment, 'cows')}/datasource", body)


CHANGES = (
    Change(
        "Lightly", "a datasource is registered anew", "cows", "light: somebody registered another one", "--refresh",
        "puts it back", _overwrite,
    ),
    Change(
        "Lightly", "a dataset is deleted", "bees", "light: nothing is registered at Lightly", "--refresh",
        "makes it again", lambda d: d.ask_lightly("DELETE", f"/v1/datasets/{_id(d, 'bees')}"),
    ),
)  # fmt: skip
