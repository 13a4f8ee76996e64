"""The AWS command line as far as the bundle uses it: `aws <service> <operation> --option value ...` over boto3.

Every option becomes the parameter of the same name, as the real one does it; botocore refuses what it does not know.
"""

import json
import sys
from pathlib import Path
from typing import Any

import boto3
import jmespath  # type: ignore[import-untyped]  # it has no types


def main(words: list[str]) -> None:
    """Run one command and print what was asked for."""
    service, operation, *rest = words
    given = dict(zip(rest[::2], rest[1::2], strict=True))
    query, output = given.pop("--query", None), given.pop("--output", "json")
    parameters = {_parameter(name): _value(text) for name, text in given.items()}
    client: Any = boto3.client(service)  # type: ignore[call-overload]  # any service
    answer = getattr(client, operation.replace("-", "_"))(**parameters)
    found = jmespath.search(query, answer) if query else answer
    if output == "text":
        print("\t".join(found) if isinstance(found, list) else found)
    else:
        print(json.dumps(found, default=str))


def _parameter(option: str) -> str:
    return "".join(word.capitalize() for word in option.removeprefix("--").split("-"))


def _value(text: str) -> Any:
    if text.startswith("file://"):
        return Path(text.removeprefix("file://")).read_text()
    return int(text) if text.isdigit() else text


if __name__ == "__main__":
    main(sys.argv[1:])
