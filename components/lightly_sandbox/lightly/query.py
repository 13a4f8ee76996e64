"""The query of each call: which parameters it has and what they may be.

Source: lightly 1.5.26, `openapi_generated/swagger_client/api/{datasets,datasources,docker,versioning}_api.py`. The
client writes booleans as Python does (`True`, `False`). A parameter that a call does not have is refused.
"""

import re
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from lightly_sandbox.lightly.models import Purpose, RunState
from lightly_sandbox.lightly.wire import refuse


def _flag(text: Any) -> Any:
    match text:
        case "true" | "True":
            return True
        case "false" | "False":
            return False
    raise ValueError("must be true or false")


def _number(text: Any) -> Any:
    if isinstance(text, str) and re.fullmatch(r"[0-9]{1,15}", text):
        return int(text)
    raise ValueError("must be a whole number")


Flag = Annotated[bool, BeforeValidator(_flag)]
Number = Annotated[int, BeforeValidator(_number)]


class Query(BaseModel):
    """No parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, hide_input_in_errors=True)


class Listing(Query):
    """`GET /v1/datasets`: a page of the user's datasets. There is one user here, and nobody shares."""

    shared: Flag = False
    exclude_playground: Flag = False
    get_assets_of_team: Flag = False
    get_assets_of_team_inclusive_self: Flag = False
    page_size: Annotated[Number, Field(ge=1)] = 5000
    page_offset: Number = 0

    @property
    def only_of_others(self) -> bool:
        """Whether the user's own datasets are left out."""
        return self.shared or (self.get_assets_of_team and not self.get_assets_of_team_inclusive_self)


class ByName(Listing):
    """`GET /v1/datasets/query/name/{datasetName}`: by prefix, unless `exact`."""

    exact: Flag = False


class Removal(Query):
    """`DELETE /v1/datasets/{datasetId}`. What `force` changes at the real API is not documented; here nothing."""

    force: Flag = False


class ByPurpose(Query):
    """`GET /v1/datasets/{datasetId}/datasource`."""

    purpose: Purpose | None = None


class OfTeam(Query):
    """`GET /v1/docker/worker`."""

    get_assets_of_team: Flag = False
    get_assets_of_team_inclusive_self: Flag = False


class ForUser(Query):
    """`POST /v1/docker/worker`."""

    for_user_id: str | None = None


class Scheduling(Query):
    """`POST /v1/datasets/{datasetId}/docker/worker/schedule`. No configuration is tried against the data here."""

    disable_config_validation: Flag = False


class ByState(Query):
    """`GET /v1/datasets/{datasetId}/docker/worker/schedule`."""

    state: RunState | None = None
    states: tuple[RunState, ...] = ()


class Version(Query):
    """`GET /v1/versions/pip/latest`."""

    current_version: str | None = None


_Q = TypeVar("_Q", bound=Query)


def parse(model: type[_Q], parameters: dict[str, list[str]]) -> _Q:
    """The query of a call. Raises ApiError 400 naming each bad parameter."""
    try:
        return model.model_validate(
            {name: values if name == "states" else values[-1] for name, values in parameters.items()}
        )
    except ValidationError as error:
        raise refuse(error) from None
