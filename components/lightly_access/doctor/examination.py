"""All answers as one examination: what the lack of a network hides is said once. Pure."""

from collections.abc import Iterable, Sequence

from lightly_access.doctor import clock
from lightly_access.doctor.finding import Answer, Examination, Finding, Silence, State
from lightly_access.doctor.machine import NO_PROXY, PROXY

NETWORK = "network"
_FIX = "is there a network, and does it need a proxy (HTTPS_PROXY) or a rule of a firewall for these names?"


def examination(answers: Sequence[Answer | Silence]) -> Examination:
    """In the order of the questions; the clock comes last, for it is read off their answers."""
    silent = [each for each in answers if isinstance(each, Silence)]
    heard = [each for each in answers if isinstance(each, Answer)]
    alone = bool(silent) and not any(each.reached for each in heard)
    fix = _fix(finding for answer in heard for finding in answer.findings)
    found: list[Finding] = []
    for answer in answers:
        if isinstance(answer, Answer):
            found += answer.findings
        elif not alone:
            reason = answer.reason.removesuffix(f" to {answer.where}")
            found.append(Finding(answer.name, State.UNKNOWN, f"{answer.where}: {reason}", fix))
        elif answer is silent[0]:
            found.append(_no_network(silent, fix))
    time = clock.finding([reading for answer in heard for reading in answer.clocks])
    return Examination((*found, *([time] if time else [])))


def _fix(findings: Iterable[Finding]) -> str:
    """The way out of a silence: a proxy that is set is asked first."""
    proxy = next((each.said for each in findings if each.name == PROXY and each.said != NO_PROXY), None)
    if proxy is None:
        return _FIX
    return f"does the proxy answer ({proxy}), and may it go there? NO_PROXY names what is asked without it"


def _no_network(silent: Sequence[Silence], fix: str) -> Finding:
    where = ", ".join(dict.fromkeys(each.where for each in silent))
    unasked = ", ".join(dict.fromkeys(each.name for each in silent))
    return Finding(NETWORK, State.BAD, f"no answer from {where}; not asked: {unasked}", fix)
