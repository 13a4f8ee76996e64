"""Questions, asked side by side, each with a deadline."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lightly_access.doctor.finding import Answer, Finding, NotReachedError, Silence, State


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to find out. `where` is the server that `ask` needs an answer of, empty for what this machine knows.

    `ask` may raise NotReachedError. It changes nothing, and what it raises else is nobody's message.
    """

    name: str
    ask: Callable[[], Answer]
    where: str = ""


def ask_all(
    questions: Sequence[Question], seconds: float, clock: Callable[[], float] = time.monotonic
) -> list[Answer | Silence]:
    """The answers in the order of the questions, after so many seconds at the latest.

    A thread that hangs is left behind, and ends with the process.
    """
    found: list[Answer | Silence | None] = [None] * len(questions)

    def ask(index: int, question: Question) -> None:
        found[index] = _asked(question)

    threads = [
        threading.Thread(target=ask, args=each, name=f"ask-{each[1].name}", daemon=True)
        for each in enumerate(questions)
    ]
    for thread in threads:
        thread.start()
    end = clock() + seconds
    for thread in threads:
        thread.join(max(0.0, end - clock()))
    return [answer or _late(question, seconds) for answer, question in zip(found, questions, strict=True)]


def _asked(question: Question) -> Answer | Silence:
    try:
        return question.ask()
    except NotReachedError as silent:
        return Silence(question.name, silent.where, silent.reason)
    except ImportError as error:
        said = f"could not be asked: {error.name} is not installed"
        return Answer(
            (Finding(question.name, State.UNKNOWN, said, "`pulumi install` makes the project's environment"),)
        )
    except Exception as error:  # one broken question must not hide what the others found
        said = f"could not be asked: {type(error).__name__}"  # its text may hold what was sent
        return Answer((Finding(question.name, State.UNKNOWN, said, "this was not foreseen: report it"),))


def _late(question: Question, seconds: float) -> Answer | Silence:
    reason = f"no answer within {seconds:g} s"
    if question.where:
        return Silence(question.name, question.where, reason)
    return Answer((Finding(question.name, State.UNKNOWN, reason, "--seconds gives it more time"),))
