"""What a revocation ended, when, and how that was shown. It claims what somebody saw, and nothing else.

As JSON (`as_json`):

    {
      "ok": true,                      every credential was seen to be refused, and none to work; where none is known:
                                       the state shows that an earlier run revoked it, and has nothing of it left
      "project": "farm", "stack": "prod", "dataset": "tractors", "dataset_id": "5f3c...",
      "at": "2026-11-28T23:46:00Z",    when it was written, UTC
      "ended_by": "pulumi up",         or "the clouds alone", where Pulumi's run failed; "an earlier run", where the
                                       state shows it; null: nobody is known to have ended it
      "lightly": {"list": false, ...}, what Lightly says that it can do with what is registered; null: it was not asked
      "stays": ["..."],                what is still there, in sentences
      "looked_at": ["..."],            where credentials were looked for
      "not_looked_at": ["..."],        where not
      "unasked": ["..."],              what nobody could look at although it was to be; it is not ok then
      "credentials": [{
        "purpose": "LIGHTLY", "kind": "s3", "access": "user", "credential": "access key", "id": "AKIA...",
        "path": "s3://...", "created": "2026-11-01T08:00:00Z" or null,
        "ours": true,                  false: somebody else made it, and it is theirs to end
        "source": "state",             who knew of it: state, history (of the stack), cloud
        "state": "ended",              or "works", or "not shown"
        "done": "...",                 what was done to it beside the run; null for nothing
        "shown": [{"how": "tried", "works": false, "said": "...", "at": "2026-11-28T23:46:00Z"}]
      }]
    }

`how` is `tried` (it was used) or `cloud` (its cloud was asked). What Lightly says is about the dataset as a whole, so
no single credential is shown to have ended by it; a `true` in it means that something still works.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lightly_core.capability import Capability

from lightly_access.kinds.ending import Issued, Seen

BY_PULUMI, BY_CLOUDS, BEFORE = "pulumi up", "the clouds alone", "an earlier run"


@dataclass(frozen=True, slots=True)
class Ended:
    """A credential and what was seen of it; `done` is what was done to it beside the run."""

    issued: Issued
    source: str
    seen: tuple[tuple[Seen, datetime], ...]
    done: str | None = None

    @property
    def works(self) -> bool:
        """Whether somebody saw it work."""
        return any(seen.works for seen, _ in self.seen)

    @property
    def ended(self) -> bool:
        """Whether somebody saw that it is refused or gone, and nobody that it works."""
        return not self.works and any(seen.works is False for seen, _ in self.seen)

    @property
    def state(self) -> str:
        """In a word."""
        return "works" if self.works else "ended" if self.ended else "not shown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Of one dataset."""

    project: str
    stack: str
    dataset: str
    dataset_id: str
    at: datetime
    by: str | None
    credentials: tuple[Ended, ...]
    stays: tuple[str, ...] = ()
    lightly: Mapping[Capability, bool | None] | None = None
    """What Lightly can do with what is registered; None where it was not asked."""
    revoked: bool = False
    """Whether the state shows that a run revoked it, and has nothing of its access left."""
    looked_at: tuple[str, ...] = ()
    not_looked_at: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    """What nobody could look at although it was to be, and why."""

    @property
    def ok(self) -> bool:
        """Whether everything was shown to have ended. Of nothing that is known, only the state can show that."""
        shown = all(each.ended for each in self.credentials) if self.credentials else self.revoked
        return shown and not self.unasked and not any((self.lightly or {}).values())


def as_json(receipt: Receipt) -> dict[str, Any]:
    """The document above."""
    return {
        "ok": receipt.ok,
        "project": receipt.project,
        "stack": receipt.stack,
        "dataset": receipt.dataset,
        "dataset_id": receipt.dataset_id or None,
        "at": _time(receipt.at),
        "ended_by": receipt.by,
        "lightly": None if receipt.lightly is None else {str(name): can for name, can in receipt.lightly.items()},
        "stays": list(receipt.stays),
        "looked_at": list(receipt.looked_at),
        "not_looked_at": list(receipt.not_looked_at),
        "unasked": list(receipt.unasked),
        "credentials": [
            {
                "purpose": each.issued.purpose,
                "kind": each.issued.kind,
                "access": each.issued.access,
                "credential": each.issued.word,
                "id": each.issued.identity,
                "path": each.issued.path or None,
                "created": each.issued.created,
                "ours": each.issued.ours,
                "source": each.source,
                "state": each.state,
                "done": each.done,
                "shown": [
                    {"how": seen.how, "works": seen.works, "said": seen.said, "at": _time(at)} for seen, at in each.seen
                ],
            }
            for each in receipt.credentials
        ],
    }


def lines(receipt: Receipt) -> Iterator[str]:
    """The same for people."""
    where = f"{receipt.project}/{receipt.stack}"
    said = "has ended" if receipt.ok else "has not been shown to have ended"
    if receipt.ok and not receipt.credentials:
        said = "was revoked, as the stack's state shows, and nothing of it is left there"
    by = f", by {receipt.by}" if receipt.by else ""
    yield f"Lightly's access to {receipt.dataset} ({where}) {said}, {_time(receipt.at)}{by}"
    for each in receipt.credentials:
        whose = "" if each.issued.ours else ", which somebody else made and must end"
        yield f"  {each.issued.purpose} {each.issued}{whose}: {each.state}"
        if each.done:
            yield f"    {each.done}"
        for seen, at in each.seen:
            yield f"    {_time(at)} {_HOW[seen.how]}: {seen.said}"
        if not each.seen:
            yield "    nobody could be asked"
    if not receipt.credentials:
        yield "  no credential of it is known: nothing was there to try, and no cloud was asked"
    for sentence in receipt.unasked:
        first, *more = sentence.splitlines()
        yield f"  not asked: {first}"
        yield from (f"    {line}" for line in more)
    for sentence in receipt.looked_at:
        yield f"  looked at: {sentence}"
    for sentence in receipt.not_looked_at:
        yield f"  not looked at: {sentence}"
    if receipt.lightly is not None:
        can = [str(name) for name, yes in receipt.lightly.items() if yes]
        said = f"it still can {', '.join(can)}" if can else "it can do nothing of it"
        yield f"  Lightly was asked to use what is registered: {said}"
    for sentence in receipt.stays:
        yield f"  stays: {sentence}"


_HOW = {"tried": "it was used", "cloud": "its cloud was asked"}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
