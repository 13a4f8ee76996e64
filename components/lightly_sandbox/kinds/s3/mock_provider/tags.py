"""Tags between Pulumi's map and AWS's lists. Keys that start with `aws:` are AWS's own and never the program's."""

from collections.abc import Iterable, Mapping
from typing import Any

from lightly_sandbox.mock_providers.resource import Facts


def as_list(tags: Mapping[str, str] | None) -> list[Any]:
    """`[{"Key": ..., "Value": ...}]`, as S3 and IAM want it."""
    return [{"Key": key, "Value": value} for key, value in sorted((tags or {}).items())]


def facts(listed: Iterable[Mapping[str, Any]]) -> Facts:
    """The two properties that tags fill: the program's and all of them (there are no default tags here)."""
    tags = {entry["Key"]: entry["Value"] for entry in listed if not entry["Key"].startswith("aws:")}
    return {"tags": tags or None, "tagsAll": tags}


def given(inputs: Mapping[str, Any]) -> Facts:
    """What tags a resource has that was made with these inputs."""
    return {"tagsAll": dict(inputs.get("tags") or {})}


def removed(state: Mapping[str, Any], inputs: Mapping[str, Any]) -> list[str]:
    return sorted((state.get("tags") or {}).keys() - (inputs.get("tags") or {}).keys())
