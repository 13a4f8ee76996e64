"""`python -m lightly_sandbox.kinds.s3.emulator`: the local AWS as a child process (see `lightly_sandbox.process`).

Settings: {nonce, region}. It announces: {"port", "plain_port", "accounts": {"customer": {"account", "access_key_id",
"secret_access_key"}, "lightly": ..., "stranger": ...}}.
"""

from lightly_sandbox.process import announce, end_with_parent, read_settings


def main() -> None:
    """Serve until the parent closes our input."""
    settings = read_settings()
    # moto takes most of the time to start: it is imported when the settings are in
    from lightly_sandbox.emulators.server import Listener
    from lightly_sandbox.kinds.s3.emulator.accounts import ACCOUNTS, make_administrators
    from lightly_sandbox.kinds.s3.emulator.gateway import Gateway

    gateway = Gateway(settings["nonce"], tuple(ACCOUNTS.values()))
    administrators = make_administrators()
    secure, plain = Listener(gateway.secure), Listener(gateway.plain)
    announce(secure.server_port, plain_port=plain.server_port, accounts=administrators)
    end_with_parent().join()


if __name__ == "__main__":
    main()
