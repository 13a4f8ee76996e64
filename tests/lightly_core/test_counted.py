import re
from pathlib import Path

import lightly_access
import lightly_cli
import lightly_provider
import lightly_sandbox
import pytest
from lightly_core.counted import counted

_MANY = ("arguments", "as", "characters", "keys", "of", "parts", "problems", "stored")
"""What follows a number that cannot be one where it is said, or that no noun follows."""


@pytest.mark.parametrize("package", [lightly_access, lightly_cli, lightly_provider, lightly_sandbox])
def test_no_message_counts_in_the_plural_alone(package: object) -> None:
    for path in sorted(Path(str(getattr(package, "__file__"))).parent.rglob("*.py")):  # noqa: B009 - of any module
        for number, noun in re.findall(r"\{(len\([^}]*\))\} ((?:other |more )?\w+s)\b", path.read_text("utf-8")):
            assert noun in _MANY, f"{path}: {{{number}}} {noun}: counted() says 1 as well"


@pytest.mark.parametrize(
    ("number", "noun", "plural", "said"),
    [
        (0, "light", "", "0 lights"),
        (1, "light", "", "1 light"),
        (2, "try", "tries", "2 tries"),
        (1, "try", "tries", "1 try"),
    ],
)
def test_a_number_agrees_with_its_noun(number: int, noun: str, plural: str, said: str) -> None:
    assert counted(number, noun, plural) == said
