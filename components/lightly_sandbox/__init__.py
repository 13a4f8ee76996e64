"""The same program with no accounts: local clouds, a local Lightly and a local engine. The product never imports it."""
