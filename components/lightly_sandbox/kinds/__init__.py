"""The local side of each kind of store: emulator, mock provider, credentials, fixtures."""
