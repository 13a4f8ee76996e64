"""What was asked of a registered credential, and which of it was refused, in the words of whoever refused."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Question = Literal["list", "read", "write", "overwrite"]
READING: tuple[Question, ...] = ("list", "read")
WRITING: tuple[Question, ...] = ("write", "overwrite")
Words = Callable[[Exception], str | None]
"""What the cloud said in an error; None for an error that is no answer of a cloud."""


class FindingError(Exception):
    """A question was answered with no; the text says why."""


@dataclass(slots=True)
class Findings:
    """What was refused, and with which words; a question without words was answered with yes."""

    refused: dict[Question, str]

    def say(self, questions: tuple[Question, ...], why: str) -> None:
        """All of these are no, for one reason."""
        for question in questions:
            self.refused.setdefault(question, why)

    @contextlib.contextmanager
    def asking(self, *questions: Question, of: str, words: Words) -> Iterator[None]:
        """Whatever the cloud refuses inside is the answer to these questions about `of`."""
        try:
            yield
        except Exception as error:
            said = str(error) if isinstance(error, FindingError) else words(error)
            if said is None:
                raise
            self.say(questions, f"{said} ({of})")
