"""How a message must look before its meaning is considered: strict types, no unknown fields, no nulls.

Source: lightly 1.5.26, `openapi_generated/swagger_client/models`: every model there has `extra = "forbid"` and strict
types. Its patterns are OpenAPI (ECMAScript) ones, so `$` is the very end and `.` stops at a line end; Python's
`re.match` in the client is laxer by one trailing newline, which the API's own validation is not. Optional fields are
left out and never null, but for a few that the API calls nullable (`NULLABLE`): the client drops the others before it
sends.
"""

from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from lightly_sandbox.lightly.errors import ApiError, Code

_ANY = r"[^\n\r\u2028\u2029]"

ObjectId = Annotated[str, StringConstraints(pattern=r"^[a-f0-9]{24}$")]
Name = Annotated[str, StringConstraints(min_length=3, pattern=r"^[a-zA-Z0-9][a-zA-Z0-9 _-]+$")]
Filled = Annotated[str, StringConstraints(min_length=1)]
Url = Annotated[str, StringConstraints(min_length=1, pattern=rf"^https?://{_ANY}+$")]
ExternalId = Annotated[str, StringConstraints(min_length=10, pattern=r"^[a-zA-Z0-9_+=,.@:/-]+$")]
RoleArn = Annotated[str, StringConstraints(min_length=12, pattern=rf"^arn:aws:iam::[0-9]{{12}}:role{_ANY}+$")]
KmsKeyArn = Annotated[
    str, StringConstraints(min_length=1, pattern=rf"^arn:aws:kms:[a-zA-Z0-9-]*:[0-9]{{12}}:key{_ANY}+$")
]
TaskName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_+=,.@:/-]*$")]
TagName = Annotated[str, StringConstraints(min_length=3, pattern=r"^[a-zA-Z0-9][a-zA-Z0-9 .:;=@_-]+$")]
Part = Annotated[float, Field(ge=0.0, le=1.0)]
Amount = Annotated[float, Field(ge=0.0)]
Above = Annotated[float, Field(gt=0.0)]
Count = Annotated[int, Field(ge=1)]
CountOrAll = Annotated[int, Field(ge=-1)]


class Message(BaseModel):
    """A body of the API: camelCase on the wire, frozen here, nothing unknown, nothing null."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )

    NULLABLE: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _no_nulls(self) -> Self:
        fields = type(self).model_fields
        empty = {name for name in self.model_fields_set - self.NULLABLE if getattr(self, name) is None}
        nulls = sorted(fields[name].alias or name for name in empty)
        if nulls:
            raise ValueError(f"null is not a value: leave out {', '.join(nulls)}")
        return self

    def json_value(self) -> dict[str, Any]:
        """The body as JSON values, without the fields that were left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def refuse(error: ValidationError) -> ApiError:
    """A 400 that names each field and what is wrong with it, but never its value."""
    faults = "; ".join(
        f"{'.'.join(str(step) for step in fault['loc']) or 'body'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    )
    return ApiError(400, Code.MALFORMED_REQUEST, f"request does not match the API: {faults}")
