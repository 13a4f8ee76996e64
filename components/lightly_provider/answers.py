"""Handlers' plain results as messages of Pulumi's provider protocol."""

from collections.abc import Collection, Sequence
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from lightly_core.check_failure import told
from lightly_core.pulumi_struct import to_struct
from lightly_core.pulumi_values import Properties
from lightly_core.scrub import Scrubber
from pulumi.runtime.proto import provider_pb2, status_pb2

from lightly_provider.handlers.handler import Checked, Diff, UnhealthyError


def checked_answer(checked: Checked, scrubber: Scrubber, without: Collection[str] = ()) -> Any:
    """A CheckResponse; `without` the inputs that the state must not have."""
    told_of = [told(failure.property, failure.reason, checked.inputs, scrubber) for failure in checked.failures]
    failures = [provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in told_of]
    kept = {name: value for name, value in checked.inputs.items() if name not in without}
    return provider_pb2.CheckResponse(inputs=to_struct(kept), failures=failures)


def difference(diff: Diff, old: Properties, new: Properties) -> Any:
    """A DiffResponse with its details, which the display of a run shows."""
    some = provider_pb2.DiffResponse.DIFF_SOME if diff.changes else provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=some,
        diffs=sorted(diff.changes),
        replaces=sorted(diff.replaces),
        hasDetailedDiff=bool(diff.changes),
        detailedDiff={name: _property_diff(name, diff, old, new) for name in diff.changes},
    )


def _property_diff(name: str, diff: Diff, old: Properties, new: Properties) -> Any:
    kind = "UPDATE" if (name in old) == (name in new) else "ADD" if name in new else "DELETE"
    suffix = "_REPLACE" if name in diff.replaces else ""
    return provider_pb2.PropertyDiff(
        kind=provider_pb2.PropertyDiff.Kind.Value(kind + suffix), inputDiff=name in old or name in new
    )


def init_failed(code: grpc.StatusCode, text: str, failure: UnhealthyError, reasons: Sequence[str]) -> bytes:
    """The value of the trailer `grpc-status-details-bin` that says "it is there, but it is not healthy".

    The engine then keeps the resource with these properties and reasons, and updates it at the next run.
    """
    detail = AnyMessage()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=failure.id,
            properties=to_struct(failure.properties),
            inputs=to_struct(failure.inputs),
            reasons=reasons,
        )
    )
    status: bytes = status_pb2.Status(code=code.value[0], message=text, details=[detail]).SerializeToString()
    return status
