"""`python -m lightly_sandbox.kinds.gcs.emulator`: the local Google Cloud as a child (see `lightly_sandbox.process`).

Settings: {nonce}. It announces: {"port", "project", "token", "stranger": {"project", "token"}}: each token is the OAuth
token of the person who administers the project; the stranger's project has nothing to do with the first.
"""

from lightly_sandbox.emulators.server import Listener
from lightly_sandbox.kinds.gcs.emulator.gateway import Gateway
from lightly_sandbox.process import announce, end_with_parent, read_settings

PROJECT, STRANGER = "acme-ml", "globex-ai"
_PEOPLE = {PROJECT: "deployer@acme.example", STRANGER: "admin@globex.example"}


def main() -> None:
    """Serve until the parent closes our input."""
    settings = read_settings()
    gateway = Gateway(settings["nonce"], {project: f"user:{email}" for project, email in _PEOPLE.items()})
    tokens = {project: gateway.cloud.tokens.administrator(email) for project, email in _PEOPLE.items()}
    stranger = {"project": STRANGER, "token": tokens[STRANGER]}
    announce(Listener(gateway.answer).server_port, project=PROJECT, token=tokens[PROJECT], stranger=stranger)
    end_with_parent().join()


if __name__ == "__main__":
    main()
