"""`GET /v1/datasets/{id}/datasource/verify`: one answer for all datasources of a dataset.

The call has no purpose parameter, and which datasource the real API looks at is not known. Here `canList` and
`canRead` hold when they hold for every registered datasource; `canWrite` and `canOverwrite` speak of LIGHTLY when
that is registered, else of INPUT_OUTPUT, else of INPUT. Answer: the client's `DatasourceConfigVerifyData`; `errors`
is absent when there are none.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lightly_sandbox.kinds.azure.lightly import look_azure
from lightly_sandbox.kinds.gcs.lightly import look_gcs
from lightly_sandbox.kinds.local.lightly import look_local
from lightly_sandbox.kinds.s3 import lightly as s3_lightly
from lightly_sandbox.lightly.errors import ApiError, Code
from lightly_sandbox.lightly.findings import READING, WRITING, Findings
from lightly_sandbox.lightly.models import S3, AnyDatasource, Azure, Gcs, Local, Obs, Purpose, S3DelegatedAccess
from lightly_sandbox.lightly.probe import look
from lightly_sandbox.lightly.reach import Reach
from lightly_sandbox.lightly.store import Dataset

_WRITTEN = (Purpose.LIGHTLY, Purpose.INPUT_OUTPUT, Purpose.INPUT)
_FIELDS = {"list": "canList", "read": "canRead", "write": "canWrite", "overwrite": "canOverwrite"}


def verify(dataset: Dataset, reach: Reach) -> dict[str, Any]:
    """Use every registered credential. ApiError 404 without a datasource, 400 for a type not verified here."""
    sources = dataset.datasources
    if not sources:
        raise ApiError(404, Code.DATASET_DATASOURCE_UNKNOWN, f"dataset {dataset.id} has no datasource")
    written = next(purpose for purpose in _WRITTEN if purpose in sources)
    looks = [_look(source, reach, writing=purpose == written) for purpose, source in sources.items()]
    with ThreadPoolExecutor(len(looks)) as pool:
        found = list(pool.map(lambda look: look(), looks))
    return answer(found, [secret for source in sources.values() for secret in secrets_of(source)])


def _look(source: AnyDatasource, reach: Reach, *, writing: bool) -> Callable[[], Findings]:
    """How one datasource is looked at. Raises ApiError 400 when it is out of reach."""
    match source:
        case S3() | S3DelegatedAccess() | Obs() if cloud := reach.aws:
            return lambda: look(
                s3_lightly.S3Place.of(source),
                lambda: s3_lightly.entered(source, cloud),
                s3_lightly.words,
                writing=writing,
            )
        case Azure() if azure := reach.azure:
            return lambda: look_azure(source, azure, writing=writing)
        case Gcs() if google := reach.gcs:
            return lambda: look_gcs(source, google, writing=writing)
        case Local():
            return lambda: look_local(source, reach.mounts, writing=writing)
    raise ApiError(
        400,
        Code.DATASET_DATASOURCE_ACTION_NOT_IMPLEMENTED,
        f"this local Lightly cannot verify a datasource of type {source.type}",
    )


def answer(found: list[Findings], secrets: list[str]) -> dict[str, Any]:
    """Findings of all datasources -> `DatasourceConfigVerifyData`, with no secret in its texts."""
    errors: dict[str, str] = {}
    for question in READING + WRITING:
        said = [findings.refused[question] for findings in found if question in findings.refused]
        if said:
            text = "\n".join(said)
            for secret in secrets:
                text = text.replace(secret, "<secret>")
            errors[_FIELDS[question]] = text
    flags: dict[str, Any] = {field: field not in errors for field in _FIELDS.values()}
    return flags | ({"errors": errors} if errors else {})


def secrets_of(source: AnyDatasource) -> list[str]:
    """The values of a datasource that must not be shown."""
    values = source.json_value()
    return [values[name] for name in source.SECRETS if values.get(name)]
