"""`GET /v1/datasets/{id}/datasource/verify`: one answer for all datasources of a dataset.

The call has no purpose parameter, and which datasource the real API looks at is not known. Here `canList` and
`canRead` hold when they hold for every registered datasource; `canWrite` and `canOverwrite` speak of LIGHTLY when
that is registered, else of INPUT_OUTPUT, else of INPUT. Answer: the client's `DatasourceConfigVerifyData`; `errors`
is absent when there are none.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lightly_rehearsal.lightly.aws import Aws, Bucket
from lightly_rehearsal.lightly.errors import ApiError, Code
from lightly_rehearsal.lightly.local import look_local
from lightly_rehearsal.lightly.models import S3, AnyDatasource, Local, Obs, Purpose, S3DelegatedAccess
from lightly_rehearsal.lightly.probe import READING, WRITING, Findings, look
from lightly_rehearsal.lightly.store import Dataset

_WRITTEN = (Purpose.LIGHTLY, Purpose.INPUT_OUTPUT, Purpose.INPUT)
_FIELDS = {"list": "canList", "read": "canRead", "write": "canWrite", "overwrite": "canOverwrite"}


def verify(dataset: Dataset, aws: Aws, mounts: Mapping[str, str]) -> dict[str, Any]:
    """Use every registered credential. ApiError 404 without a datasource, 400 for a type not verified here."""
    if not dataset.datasources:
        raise ApiError(404, Code.DATASET_DATASOURCE_UNKNOWN, f"dataset {dataset.id} has no datasource")
    sources = {purpose: _supported(source) for purpose, source in dataset.datasources.items()}
    written = next(purpose for purpose in _WRITTEN if purpose in sources)
    with ThreadPoolExecutor(len(sources)) as pool:
        found = list(pool.map(lambda it: _look(it[1], aws, mounts, writing=it[0] == written), sources.items()))
    return answer(found, [secret for source in sources.values() for secret in secrets_of(source)])


def _look(source: Bucket | Local, aws: Aws, mounts: Mapping[str, str], *, writing: bool) -> Findings:
    if isinstance(source, Local):
        return look_local(source, mounts, writing=writing)
    return look(source, aws, writing=writing)


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


def _supported(source: AnyDatasource) -> Bucket | Local:
    if isinstance(source, S3 | S3DelegatedAccess | Obs | Local):
        return source
    raise ApiError(
        400,
        Code.DATASET_DATASOURCE_ACTION_NOT_IMPLEMENTED,
        f"this local Lightly cannot verify a datasource of type {source.type}",
    )
