"""What goes wrong in a method of the provider, as a gRPC status that can be shown: one sentence, without any secret."""

import functools
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
from lightly_api.errors import ProviderError, StoppedError
from lightly_core.counted import counted
from lightly_core.pulumi_struct import UnsupportedValueError
from lightly_core.scrub import Scrubber

from lightly_provider.answers import init_failed
from lightly_provider.blame import UnfitPropertiesError
from lightly_provider.handlers.handler import UnhealthyError
from lightly_provider.learned import learn

Method = Callable[[Any, Any, grpc.ServicerContext], Any]
"""Of a servicer that has a `scrubber`."""


def cleanly(method: Method) -> Method:
    """Turns every exception of a method into a gRPC status that can be shown."""

    @functools.wraps(method)
    def guarded(self: Any, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request, context)
        except UnhealthyError as failure:
            _say_unhealthy(context, failure, self.scrubber)
        except StoppedError as failure:
            abort(context, grpc.StatusCode.CANCELLED, str(failure), self.scrubber)
        except ProviderError as failure:
            abort(context, grpc.StatusCode.FAILED_PRECONDITION, str(failure), self.scrubber)
        except (UnsupportedValueError, UnfitPropertiesError) as failure:
            abort(context, grpc.StatusCode.INVALID_ARGUMENT, str(failure), self.scrubber)
        except Exception as failure:  # its text may hold anything: only where and what kind is said
            last = traceback.extract_tb(failure.__traceback__)[-1]
            where = f"{type(failure).__name__} at {Path(last.filename).name}:{last.lineno}"
            text = f"the lightly provider failed in {method.__name__}: {where}\nhint: this is a defect of it, report it"
            abort(context, grpc.StatusCode.INTERNAL, text, self.scrubber)

    return guarded


def abort(context: grpc.ServicerContext, code: grpc.StatusCode, text: str, scrubber: Scrubber) -> None:
    """End the call with this status. Raises what gRPC ends calls with."""
    context.abort(code, scrubber.scrub(text))


def _say_unhealthy(context: grpc.ServicerContext, failure: UnhealthyError, scrubber: Scrubber) -> None:
    learn(scrubber, {**failure.properties, **failure.inputs})
    reasons = scrubber.scrub_all(failure.reasons)
    are = "is" if len(reasons) == 1 else "are"
    code, text = grpc.StatusCode.FAILED_PRECONDITION, f"{counted(len(reasons), 'light')} {are} not as expected"
    context.set_trailing_metadata((("grpc-status-details-bin", init_failed(code, text, failure, reasons)),))
    context.abort(code, text)
