"""`python -m lightly_sandbox.lightly`: the local Lightly as a child process (see `lightly_sandbox.process`).

Settings: `{"nonce", "token", "mask_secrets"?: bool}` and what is within reach: `"aws"?: {"endpoint", "region",
"access_key_id", "secret_access_key"}`, the credentials being those of an administrator of Lightly's own AWS account;
`"azure"?: {"endpoint", "ca_file"}`; `"gcs"?: {"endpoint"}`; `"mounts"?: {"input_mount": folder, "lightly_mount":
folder}`, those of the worker that is played here. It announces: `{"port"}`.
"""

from lightly_sandbox.emulators.server import Listener
from lightly_sandbox.lightly.app import LARGEST_BODY, App
from lightly_sandbox.lightly.storage import Storages
from lightly_sandbox.process import announce, end_with_parent, read_settings


def main() -> None:
    """Serve until the parent closes our input."""
    settings = read_settings()
    app = App(
        settings["nonce"],
        settings["token"],
        Storages.of(settings),
        mask_secrets=bool(settings.get("mask_secrets", False)),
    )
    announce(Listener(app, largest_body=LARGEST_BODY).server_port)
    end_with_parent().join()


if __name__ == "__main__":
    main()
