"""Deploys a program with Pulumi's engine, in the rehearsal, in tests and in benchmarks."""

from lightly_sandbox.deployer.deployer import Deployer
from lightly_sandbox.deployer.outcome import Event, Outcome, State, Step
from lightly_sandbox.deployer.project import Project

__all__ = ["Deployer", "Event", "Outcome", "Project", "State", "Step"]
