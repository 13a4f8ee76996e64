"""The rig as a plugin process: says its port on standard output, as Pulumi's engine expects of a provider plugin."""

import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[5]))

from tests.lightly_sandbox.engine.fidelity.rig.cloud import Cloud
from tests.lightly_sandbox.engine.fidelity.rig.journal import Journal
from tests.lightly_sandbox.engine.fidelity.rig.server import FOLDER_VARIABLE, serving

folder = Path(os.environ[FOLDER_VARIABLE])
with serving(Cloud(folder / "cloud.json"), Journal(folder / "journal.jsonl")) as port:
    print(port, flush=True)
    threading.Event().wait()
