"""`lightly:index:ExternalId`: the password between Lightly and a role's trust policy.

Lightly lets the customer choose it and asks to treat it "like a passphrase"
(https://docs.lightly.ai/docs/aws-s3, delegated access), so it is 256 random bits, one a role, and only in the state,
as a secret. It changes only by replacement: when `keepers` change.
"""

import hashlib
import secrets
from collections.abc import Mapping

from lightly_api.errors import RequestRefusedError
from lightly_core.pulumi_values import UNKNOWN, Properties, SecretValue, Unknown, Value, plain
from lightly_core.resource_types import EXTERNAL_ID

from lightly_provider.handlers.handler import Call, Checked, Diff, Found, Made
from lightly_provider.handlers.inputs import Inputs, changed

_BYTES = 32


class ExternalIdHandler:
    """Makes external IDs; never calls Lightly."""

    def check(self, news: Mapping[str, Value]) -> Checked:
        inputs = Inputs(news, EXTERNAL_ID.inputs)
        for key, value in (inputs.table("keepers", needed=False) or {}).items():
            if not isinstance(plain(value), str | Unknown):
                inputs.fault(f"keepers.{key}", "expected text")
        return inputs.checked()

    def diff(self, inputs: Properties, state: Properties, news: Properties) -> Diff:
        names = changed(inputs, news)
        return Diff(names, names & EXTERNAL_ID.replacing)

    def planned(self, news: Properties, state: Properties | None) -> Properties:
        return {**news, "value": state["value"] if state and "value" in state else SecretValue(UNKNOWN)}

    def create(self, call: Call, news: Properties) -> Made:
        value = secrets.token_urlsafe(_BYTES)
        # The id is no secret; 256 random bits cannot be found from a part of their hash.
        return Made(hashlib.sha256(value.encode()).hexdigest()[:16], {**news, "value": SecretValue(value)})

    def update(self, call: Call, resource_id: str, state: Properties, news: Properties) -> Properties:
        return self.planned(news, state)

    def read(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> Found | None:
        if "value" not in state:
            raise RequestRefusedError(
                f"external ID {resource_id}: cannot be imported, because its value is only in the state that made it",
                "leave it out of the import: a new one is made, and the roles and datasources follow",
            )
        return Found(resource_id, inputs, state)

    def delete(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> None:
        """Nothing exists outside the state."""
