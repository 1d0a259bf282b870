"""Reading of incoming mail: each is sorted, recorded where it belongs, and then let go."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import InvalidError, NotFoundError
from ledger.store.failpoint import failpoint
from tasks.deeds.meeting_answers import record_answer
from tasks.incoming.notifications import Notification
from tasks.incoming.recording import record
from tasks.incoming.sorting import Answer, Automatic, Unknown, sort
from tasks.tick import Counts
from tasks.time_limit import Deadline

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from ledger.post.letters import Letter
    from ledger.session import Ledger
    from tasks.incoming.source import Source

MOST_NAMED = 3
ROUND = 120.0  # seconds after which a round begins no further mail

# The first three are recorded; `known` was before; `delivered` and `automatic` need nobody. The
# last two are left for people: a report about no letter of ours, and any other mail.
OUTCOMES = ("bounced", "delayed", "answered", "known", "delivered", "automatic", "foreign", "left")
LEFT = OUTCOMES[-2:]


class Outcome(NamedTuple):
    """What became of a mail: a word of OUTCOMES, and the letters that it is about.

    `reason` says why one is left that looks like a report, or could not be read.
    """

    word: str
    reason: str = ""
    letters: tuple[Letter, ...] = ()


def read(
    source: Source,
    ledgers: Iterable[Ledger],
    clock: Callable[[Ledger], dt.datetime],
    *,
    left: Callable[[str], None],
) -> Counts:
    """Take each mail that has arrived in `source`; return how many had each outcome.

    `ledgers` are the offices that share the mailbox. A mail is let go once its outcome is
    recorded: after a crash between the two it is read again, and recorded once. `left` is told why
    a report, or a mail that cannot be read, is left for people.
    """
    ledgers, counts, end = list(ledgers), Counts(), Deadline(ROUND)
    with source:
        for content, finish in source.arrivals():
            outcome = take(content, ledgers, clock)
            failpoint("taken")
            if outcome.reason:
                left(outcome.reason)
            finish(outcome.word not in LEFT)
            counts[outcome.word] += 1
            if end.is_over:
                break
    return counts


def take(
    content: bytes, ledgers: Iterable[Ledger], clock: Callable[[Ledger], dt.datetime]
) -> Outcome:
    """Record one mail in the ledger that it is about; return what became of it."""
    match sort(content):
        case Notification() as report:
            return _report(report, ledgers, clock)
        case Answer(calendar):
            return _answer(calendar, ledgers, clock)
        case Automatic():
            return Outcome("automatic")
        case Unknown(reason):
            return Outcome("left", reason)


def _report(
    report: Notification, ledgers: Iterable[Ledger], clock: Callable[[Ledger], dt.datetime]
) -> Outcome:
    if not report.fates:
        return Outcome("delivered")
    for ledger in ledgers:
        recorded = record(ledger, report, at=clock(ledger))
        if recorded:
            return Outcome(recorded.word, letters=recorded.letters)
    addresses = ", ".join(fate.address for fate in report.fates[:MOST_NAMED])
    return Outcome("foreign", f"a report about {addresses}, of no letter that was sent there")


def _answer(
    calendar: bytes, ledgers: Iterable[Ledger], clock: Callable[[Ledger], dt.datetime]
) -> Outcome:
    reason = ""
    for ledger in ledgers:
        try:
            record_answer(ledger, calendar, at=clock(ledger))
        except (InvalidError, NotFoundError) as error:
            reason = reason or str(error)
        else:
            return Outcome("answered")
    return Outcome("left", reason)
