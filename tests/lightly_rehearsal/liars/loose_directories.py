"""A local Azure that lets a token for a directory into the whole container."""

from lightly_rehearsal.clouds.azure import sas
from lightly_rehearsal.clouds.azure.__main__ import main

sas.verify_directory = lambda *_: None  # that is the lie
raise SystemExit(main())
