import pytest
from lightly_core.counted import counted


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
