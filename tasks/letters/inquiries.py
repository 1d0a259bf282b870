"""Inquiries for progress in letters, each with the last word on the work of its duty."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from catalog.ladder.rungs import rung_of
from catalog.letters.inquiry import Inquiry
from ledger.duties import words
from ledger.post import notices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.ladder.rungs import Ladder
    from catalog.letters.inquiry import Word
    from ledger.duties.duties import Duty
    from ledger.post.notices import Notice
    from ledger.session import Connection


class _Asking(NamedTuple):
    """A notice about progress, and the silence it tells of."""

    notice: Notice
    duty: Duty
    workdays: int
    asked_on: dt.date | None


def inquiries(
    conn: Connection,
    carried: Sequence[Notice],
    duties: Mapping[str, Duty],
    ladders: Mapping[str, Ladder],
) -> dict[str, Inquiry]:
    """Return the inquiries that `carried` notices ask, by notice; `ladders` are by their digests.

    A rung that was passed over asks too, so that a graver one swallows no inquiry. None is asked
    on the due date or after it.
    """
    pairs = [(notice, duties[notice.duty]) for notice in carried]
    candidates = [_asking(n, duty, ladders[duty.ladder]) for n, duty in pairs if n.on < duty.due_on]
    asking = [each for each in candidates if each]
    if not asking:
        return {}
    last = words.last(conn, {each.duty.key for each in asking})
    earlier = _unanswered(conn, asking, ladders, last)
    return {
        each.notice.id: Inquiry(
            asked_on=each.asked_on or earlier.get(each.duty.key),
            workdays=each.workdays,
            word=last.get(each.duty.key),
        )
        for each in asking
    }


def _asking(notice: Notice, duty: Duty, ladder: Ladder) -> _Asking | None:
    """Return what a notice says of progress, by its gravest rung; None if nothing."""
    names = {rung.name for rung in ladder.rungs}
    keys = [key for key in (*notice.coalesced, notice.rung) if key.partition(":")[0] in names]
    rungs = [(key, rung_of(ladder, key)) for key in keys]
    if not any(rung.when in {"progress", "silent"} for _, rung in rungs):
        return None
    workdays, asked_on = 0, None
    for key, rung in rungs:
        if rung.when == "silent":
            workdays, asked_on = rung.days, dt.date.fromisoformat(key.partition(":")[2])
    return _Asking(notice, duty, workdays, asked_on)


def _unanswered(
    conn: Connection,
    notes: Sequence[_Asking],
    ladders: Mapping[str, Ladder],
    last: Mapping[str, Word],
) -> dict[str, dt.date]:
    """Return the day of the last earlier inquiry to each performer, unless there was a word."""
    duties = {each.duty.key: each.duty for each in notes}
    before = min(each.notice.on for each in notes)
    days: dict[str, dt.date] = {}
    for notice in notices.of_duties(conn, duties, before=before):
        duty, word = duties[notice.duty], last.get(notice.duty)
        if _agency(notice) != duty.performer or (word and word.on >= notice.on):
            continue
        if asking := _asking(notice, duty, ladders[duty.ladder]):
            days[notice.duty] = asking.asked_on or notice.on
    return days


def _agency(notice: Notice) -> str:
    return notice.recipient.partition("/")[0]
