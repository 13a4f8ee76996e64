"""A small local engine that speaks Pulumi's protocol: it plans and applies a Python program without the Pulumi CLI.

It is for the rehearsal and for tests. Deploying for real is Pulumi's job.
"""

from lightly_sandbox.engine.run import Event, Step
from lightly_sandbox.engine.stack import LocalStack, Result

__all__ = ["Event", "LocalStack", "Result", "Step"]
