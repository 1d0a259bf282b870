"""Earlier words to a recipient: what reached them of a duty, and of the meeting it plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.people import users
from ledger.post import notices, tidings
from ledger.post.messages import LEFT
from ledger.proof import chain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.post.notices import Notice
    from ledger.post.tidings import Tiding
    from ledger.session import Connection

ENDS = frozenset({"waived", "closed-not-done", "relieved"})


def knows_duty(conn: Connection, notice: Notice) -> bool:
    """Tell whether the recipient of `notice` knows of the duty whose end it tells.

    They do if a letter about it left since they last heard of an end; a released slip leaves as it
    is. Whoever did something in the matter knows of it, too.
    """
    days: dict[bool, list[dt.date]] = {True: [], False: []}
    for each in _others(conn, notice):
        if each.state in LEFT or (each.form, each.state) == ("slip", "queued"):
            days[each.rung.partition(":")[0] in ENDS].append(each.on)
    if days[False] and (not days[True] or max(days[True]) <= max(days[False])):
        return True
    actors = {entry.actor for entry in chain.about(conn, [notice.duty])}
    people = users.listed(conn, agency=notice.recipient.partition("/")[0])
    return any(user.id in actors for user in people)


def known_planning(conn: Connection, notice: Notice) -> int | None:
    """Return the number of the planning that the recipient knows to stand, None if there is none.

    It is that of the last word about the duty's meetings that reached them before `notice`.
    """
    about = [
        (number_of(each), each.rung)
        for each in _others(conn, notice)
        if each.rung.startswith("meeting-") and each.state in LEFT
        if number_of(each) < number_of(notice)
    ]
    number, rung = max(about, default=(0, ""))
    return number if rung.startswith("meeting-planned:") else None


def guest_planning(conn: Connection, tiding: Tiding) -> int | None:
    """Return the same for a guest of the meeting that `tiding` is about."""
    duty, _, number = tiding.subject.rpartition("#")
    about = [
        (_number(each.subject.rpartition("#")[2]), each.kind)
        for each, state, _ in tidings.of_meeting(conn, duty, tiding.recipient)
        if state in LEFT and each.subject != tiding.subject
    ]
    earlier = [one for one in about if one[0] < _number(number)]
    last, kind = max(earlier, default=(0, ""))
    return last if kind == "meeting" else None


def number_of(notice: Notice) -> int:
    """Return the number of its event, 0 where it has none."""
    return _number(notice.rung.partition(":")[2])


def _number(label: str) -> int:
    return int(label) if label.isdecimal() else 0


def _others(conn: Connection, notice: Notice) -> Iterator[Notice]:
    """Yield the other notices of the duty to the recipient, without the same on other channels."""
    for each in notices.listed(conn, duty=notice.duty):
        if each.recipient == notice.recipient and each.rung != notice.rung:
            yield each
