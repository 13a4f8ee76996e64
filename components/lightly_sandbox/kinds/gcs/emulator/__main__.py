"""`python -m lightly_sandbox.kinds.gcs.emulator`: the local Google Cloud as a child (see `lightly_sandbox.process`).

Settings: {nonce, "projects": those of the deployer, else one}. It announces: {"port", "project", "token", "stranger":
{"project", "token"}}: each token is the OAuth token of the person who administers the project (`project` is the first
of the deployer's); the stranger's project has nothing to do with the others.
"""

from lightly_sandbox.emulators.server import Listener
from lightly_sandbox.kinds.gcs.emulator.gateway import Gateway
from lightly_sandbox.process import announce, end_with_parent, read_settings

PROJECT, STRANGER = "acme-ml", "globex-ai"
_DEPLOYER, _OTHER = "deployer@acme.example", "admin@globex.example"


def main() -> None:
    """Serve until the parent closes our input."""
    settings = read_settings()
    mine = settings.get("projects") or [PROJECT]
    theirs = STRANGER if STRANGER not in mine else f"{STRANGER}-2"
    people = {**dict.fromkeys(mine, f"user:{_DEPLOYER}"), theirs: f"user:{_OTHER}"}
    gateway = Gateway(settings["nonce"], people)
    token = gateway.cloud.tokens.administrator
    stranger = {"project": theirs, "token": token(_OTHER)}
    announce(Listener(gateway.answer).server_port, project=mine[0], token=token(_DEPLOYER), stranger=stranger)
    end_with_parent().join()


if __name__ == "__main__":
    main()
