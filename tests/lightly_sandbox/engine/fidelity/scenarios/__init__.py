"""The scenarios: one file each, a Pulumi program and the steps it is taken through."""
