"""Numbers with their nouns, for messages."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 light`, `2 lights`; `plural` for a noun that takes more than an s."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
