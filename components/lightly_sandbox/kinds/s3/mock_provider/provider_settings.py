"""Settings of the provider that are more than a text. The SDK sends numbers and objects as JSON text.

Source: https://www.pulumi.com/registry/packages/aws/api-docs/provider/.
"""

import json
import re


def default_tags(setting: object) -> tuple[tuple[str, str], ...]:
    """The tags of every resource, as pairs. Raises ValueError for anything but `{"tags": {...}}`."""
    try:
        value = json.loads(setting) if isinstance(setting, str) else setting
    except ValueError:
        value = None
    tags: object = None
    if isinstance(value, dict) and not set(value) - {"tags"}:
        tags = {} if value.get("tags") is None else value["tags"]
    if not isinstance(tags, dict) or not all(isinstance(tag, str) for tag in tags.values()):
        raise ValueError("got something else than an object with `tags`, a map of texts, for `aws:defaultTags`")
    return tuple(sorted(tags.items()))


def max_retries(setting: object) -> int:
    """How often a call is tried again. Raises ValueError for anything but a whole number."""
    text = f"{setting:g}" if isinstance(setting, float) else str(setting)
    if isinstance(setting, bool) or not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise ValueError("got something else than a whole number for `aws:maxRetries`")
    return int(text)
