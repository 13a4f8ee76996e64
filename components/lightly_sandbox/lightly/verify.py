"""`GET /v1/datasets/{id}/datasource/verify`: one answer for all datasources of a dataset.

The call has no purpose parameter, and which datasource the real API looks at is not known. Here `canList` and
`canRead` hold when they hold for every registered datasource; `canWrite` and `canOverwrite` speak of LIGHTLY when
that is registered, else of INPUT_OUTPUT, else of INPUT. Answer: the client's `DatasourceConfigVerifyData`; `errors`
is absent when there are none.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lightly_sandbox.lightly.errors import ApiError, Code
from lightly_sandbox.lightly.findings import READING, WRITING, Findings
from lightly_sandbox.lightly.models import AnyDatasource, Purpose
from lightly_sandbox.lightly.storage import Storages
from lightly_sandbox.lightly.store import Dataset

_WRITTEN = (Purpose.LIGHTLY, Purpose.INPUT_OUTPUT, Purpose.INPUT)
_FIELDS = {"list": "canList", "read": "canRead", "write": "canWrite", "overwrite": "canOverwrite"}


def verify(dataset: Dataset, storages: Storages) -> dict[str, Any]:
    """Use every registered credential. ApiError 404 without a datasource, 400 for a type not verified here."""
    sources = dataset.datasources
    if not sources:
        raise ApiError(404, Code.DATASET_DATASOURCE_UNKNOWN, f"dataset {dataset.id} has no datasource")
    written = next(purpose for purpose in _WRITTEN if purpose in sources)
    looks = [storages.look(source, writing=purpose == written) for purpose, source in sources.items()]
    with ThreadPoolExecutor(len(looks)) as pool:
        found = list(pool.map(lambda look: look(), looks))
    return answer(found, [secret for source in sources.values() for secret in secrets_of(source)])


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
