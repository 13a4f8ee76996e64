"""What the local AWS knows besides what moto stores."""

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.emulators.counts import Counts
from lightly_sandbox.kinds.s3.emulator.authenticate import Authenticator
from lightly_sandbox.kinds.s3.emulator.authorise import Authoriser
from lightly_sandbox.kinds.s3.emulator.boundaries import Boundaries
from lightly_sandbox.kinds.s3.emulator.faults import Faults
from lightly_sandbox.kinds.s3.emulator.iam_rules import IamRules
from lightly_sandbox.kinds.s3.emulator.sessions import Sessions
from lightly_sandbox.kinds.s3.emulator.sts import Sts


class LocalAws:
    """Its accounts and their time, who may do what, and which faults are asked for."""

    def __init__(self, accounts: tuple[str, ...]) -> None:
        self.accounts = accounts
        self.clock = Clock()
        self.faults = Faults(self.clock)
        self.counts = Counts()
        sessions, self.boundaries = Sessions(), Boundaries()
        self.authenticator = Authenticator(accounts, sessions, self.clock)
        self.authoriser = Authoriser(self.boundaries, self.clock)
        self.iam_rules = IamRules(accounts, self.boundaries)
        self.sts = Sts(sessions, self.clock)
