"""`python -m lightly_sandbox.kinds.gcs.emulator`: the local Google Cloud as a child (see `lightly_sandbox.process`).

Settings: {nonce}. Ready line: {"port", "project", "token", "stranger": {"project", "token"}}: each token is the OAuth
token of the person who administers the project; the stranger's project has nothing to do with the first.
"""

from lightly_sandbox.kinds.gcs.emulator.app import App
from lightly_sandbox.kinds.gcs.emulator.serve import bind
from lightly_sandbox.process import announce, end_with_parent, read_settings

PROJECT, STRANGER = "acme-ml", "globex-ai"
_PEOPLE = {PROJECT: "deployer@acme.example", STRANGER: "admin@globex.example"}


def main() -> None:
    """Serve until the parent closes our input."""
    settings = read_settings()
    app = App(settings["nonce"], {project: f"user:{email}" for project, email in _PEOPLE.items()})
    tokens = {project: app.world.tokens.administrator(email) for project, email in _PEOPLE.items()}
    server = bind(app)
    end_with_parent()
    stranger = {"project": STRANGER, "token": tokens[STRANGER]}
    announce(server.server_port, project=PROJECT, token=tokens[PROJECT], stranger=stranger)
    server.serve_forever()


if __name__ == "__main__":
    main()
