"""`python -m lightly_sandbox.kinds.azure.emulator`: the local Azure as a child process (see `lightly_sandbox.process`).

Settings: {nonce, "azurite": the folder that it is installed in, "subscription": where the deployer's login leads, else
any, "subscriptions": others of his}. It announces: {"port": plain http, "tls_port": data
over TLS, "ca_file", "ca_bundle": it and the roots that the user trusts, "subscription", "tenant", "token": the
deployer's bearer token, "identity": {"IDENTITY_ENDPOINT", "IDENTITY_HEADER"}, two variables with which
azure-identity's DefaultAzureCredential gets that token}.
"""

import os
import shutil
import tempfile
from pathlib import Path

from lightly_sandbox.process import announce, end_with_parent, read_settings


def main() -> None:
    """Serve until the parent closes our input."""
    settings = read_settings()
    from lightly_sandbox.emulators.server import Listener
    from lightly_sandbox.kinds.azure.emulator import certificate, identity
    from lightly_sandbox.kinds.azure.emulator.gateway import LARGEST_BODY, Gateway

    gateway = Gateway(
        settings["nonce"], Path(settings["azurite"]), settings.get("subscription"), settings.get("subscriptions", ())
    )
    folder = Path(tempfile.mkdtemp(prefix="local-azure-"))
    ca_file, context = certificate.make(folder)
    secure, plain = (
        Listener(app, context, largest_body=LARGEST_BODY)
        for app, context in ((gateway.secure, context), (gateway.plain, None))
    )
    gateway.data_endpoint = f"https://127.0.0.1:{secure.server_port}"
    announce(
        plain.server_port,
        tls_port=secure.server_port,
        ca_file=str(ca_file),
        ca_bundle=str(certificate.bundle(ca_file, os.environ)),
        subscription=gateway.subscription,
        tenant=gateway.tenant,
        token=gateway.principals.deployer.token,
        identity={
            "IDENTITY_ENDPOINT": f"http://127.0.0.1:{plain.server_port}{identity.PATH}",
            "IDENTITY_HEADER": gateway.identity.header,
        },
    )

    def stop() -> None:
        gateway.stop()
        shutil.rmtree(folder, ignore_errors=True)

    end_with_parent(stop).join()


if __name__ == "__main__":
    main()
