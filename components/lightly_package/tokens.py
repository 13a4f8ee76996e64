"""The components by their types, and how their properties are called on the wire."""

import re

PACKAGE = "lightly-access"

TOKENS = (
    "lightly-access:aws:S3Bucket",
    "lightly-access:aws:S3DelegatedAccess",
    "lightly-access:aws:S3UserAccess",
    "lightly-access:azure:AzureContainer",
    "lightly-access:azure:AzureSasAccess",
    "lightly-access:gcp:GcsBucket",
    "lightly-access:gcp:GcsServiceAccountAccess",
    "lightly-access:obs:ObsAccess",
    "lightly-access:local:LocalAccess",
    "lightly-access:index:AdoptedAccess",
    "lightly-access:index:LightlyDataset",
)
"""Of every component that `lightly_access` has; the last word is its public name."""


def class_name(token: str) -> str:
    """The component's public name in `lightly_access`."""
    return token.rpartition(":")[2]


def module_of(token: str) -> str:
    """The module of the package that it stands in."""
    return token.split(":")[1]


def wire_name(python_name: str) -> str:
    """The property's name in every language but Python: `kms_key` is `kmsKey` there."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), python_name)
