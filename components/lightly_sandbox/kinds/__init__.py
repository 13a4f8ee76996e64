"""The kinds of store in the sandbox, a folder each: emulator, mock provider, credentials, fixtures."""
