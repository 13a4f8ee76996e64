"""Tags between Pulumi's map and AWS's lists. Keys that start with `aws:` are AWS's own and never the program's.

The provider's `defaultTags` are on every resource, beside the program's own; `tagsAll` are both.
Source: https://www.pulumi.com/registry/packages/aws/api-docs/provider/#providerdefaulttags.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from lightly_sandbox.kinds.s3.mock_provider.clients import AwsClients
from lightly_sandbox.kinds.s3.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Facts

EITHER = frozenset({"tags", "tagsAll"})


def follow(session: AwsClients, inputs: Mapping[str, Any]) -> Facts:
    """What a resource with these inputs is tagged with."""
    return {"tagsAll": {**session.default_tags, **(inputs.get("tags") or {})}}


def given(work: Work, inputs: Mapping[str, Any]) -> Facts:
    """The same, of a request."""
    return follow(work.session, inputs)


def of(work: Work, inputs: Mapping[str, Any]) -> dict[str, str]:
    """What AWS is told: keys of AWS's own are left out, as by the provider, which then wants them for ever."""
    return {key: value for key, value in given(work, inputs)["tagsAll"].items() if not key.startswith("aws:")}


def as_list(tags: Mapping[str, str]) -> list[Any]:
    """`[{"Key": ..., "Value": ...}]`, as S3 and IAM want it."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def facts(work: Work, state: Mapping[str, Any], listed: Iterable[Mapping[str, Any]]) -> Facts:
    """The two properties that tags fill. A default tag is the program's own too when it was so before."""
    tags = {entry["Key"]: entry.get("Value") or "" for entry in listed if not entry["Key"].startswith("aws:")}
    defaults, declared = work.session.default_tags, state.get("tags") or {}
    own = {key: value for key, value in tags.items() if key in declared or defaults.get(key) != value}
    return {"tags": own or None, "tagsAll": tags}


def removed(work: Work, state: Mapping[str, Any], inputs: Mapping[str, Any]) -> list[str]:
    return sorted((state.get("tagsAll") or {}).keys() - of(work, inputs).keys())
