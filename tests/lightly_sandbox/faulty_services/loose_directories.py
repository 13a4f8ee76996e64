"""A local Azure that lets a token for a directory into the whole container."""

from lightly_sandbox.kinds.azure.emulator import sas
from lightly_sandbox.kinds.azure.emulator.__main__ import main

sas.verify_directory = lambda *_: None  # that is the fault
main()
