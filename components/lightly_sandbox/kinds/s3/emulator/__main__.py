"""`python -m lightly_sandbox.kinds.s3.emulator`: the local AWS as a child process (see `lightly_sandbox.process`).

Settings: {nonce, region, "accounts": ids by their names, beside or instead of the usual ones, "keys": the ARNs of KMS
keys that exist}. It announces: {"port", "plain_port", "accounts": {"customer": {"account", "access_key_id",
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
    from lightly_sandbox.kinds.s3.emulator.moto_backends import make_key

    accounts = {**ACCOUNTS, **settings.get("accounts", {})}
    gateway = Gateway(settings["nonce"], tuple(accounts.values()))
    administrators = make_administrators(accounts)
    for arn in settings.get("keys", ()):
        make_key(arn)
    secure, plain = Listener(gateway.secure), Listener(gateway.plain)
    announce(secure.server_port, plain_port=plain.server_port, accounts=administrators)
    end_with_parent().join()


if __name__ == "__main__":
    main()
