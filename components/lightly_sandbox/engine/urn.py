"""URNs and provider references: the names by which Pulumi knows resources.

Source: `sdk/go/common/resource/urn/urn.go` and `sdk/go/common/providers/reference.go` of pulumi/pulumi.
"""

import re

PREFIX = "urn:pulumi:"
STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_PREFIX = "pulumi:providers:"


class MalformedUrn(ValueError):
    """A text that should be a URN and is not."""

    def __init__(self, text: str) -> None:
        super().__init__(f"got {text!r}, expected urn:pulumi:<stack>::<project>::<types>::<name>")


def make(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """The URN of a resource; `parent` is its parent's URN or ''. The stack itself never shows in a child's types."""
    parent_types = types(parent) if parent else ""
    qualified = type_ if parent_types in ("", STACK_TYPE) else f"{parent_types}${type_}"
    return f"{PREFIX}{stack}::{project}::{qualified}::{name}"


def make_inherited(stack: str, project: str, parent_types: str, type_: str, name: str) -> str:
    """The URN of a child whose parent had these qualified types."""
    qualified = type_ if parent_types in ("", STACK_TYPE) else f"{parent_types}${type_}"
    return f"{PREFIX}{stack}::{project}::{qualified}::{name}"


def _parts(urn: str) -> list[str]:
    parts = urn.removeprefix(PREFIX).split("::", 3)
    if not urn.startswith(PREFIX) or len(parts) != 4:
        raise MalformedUrn(urn)
    return parts


def types(urn: str) -> str:
    """Its qualified type: the types of its parents and its own, joined with `$`."""
    return _parts(urn)[2]


def type_of(urn: str) -> str:
    """Its own type token."""
    return types(urn).rsplit("$", 1)[-1]


def name_of(urn: str) -> str:
    """Its name, the last part."""
    return _parts(urn)[3]


def package_of(type_: str) -> str:
    """The package of a type token (`aws:s3/bucket:Bucket` -> `aws`)."""
    return type_.split(":", 1)[0]


def is_provider(type_: str) -> bool:
    """Whether resources of this type are providers."""
    return type_.startswith(PROVIDER_PREFIX)


def provider_package(type_: str) -> str:
    """The package that a provider type serves (`pulumi:providers:aws` -> `aws`)."""
    return type_.removeprefix(PROVIDER_PREFIX)


def reference(urn: str, id_: str) -> str:
    """How a resource names its provider: `<urn>::<id>`."""
    return f"{urn}::{id_}"


def parse_reference(text: str) -> tuple[str, str]:
    """(urn, id) of a provider reference."""
    urn, separator, id_ = text.rpartition("::")
    if not separator:
        raise MalformedUrn(text)
    _parts(urn)
    return urn, id_


def default_provider_name(version: str, download_url: str) -> str:
    """The name of a package's default provider (`ProviderRequest.DefaultName` in pkg/resource/deploy/providers)."""
    name = "default"
    if version:
        name += "_" + re.sub(r"[.+-]", "_", version)
    if download_url:
        name += "_" + re.sub(r"[^A-Za-z0-9_.]", "_", download_url)
    return name


def is_default_provider(urn: str) -> bool:
    """Whether this is a provider that the engine made because the program named none."""
    name = name_of(urn)
    return is_provider(type_of(urn)) and (name == "default" or name.startswith("default_"))
