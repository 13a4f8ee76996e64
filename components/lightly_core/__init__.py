"""The words that every floor shares. Imports nothing else of this project, no Pulumi and no SDK."""
