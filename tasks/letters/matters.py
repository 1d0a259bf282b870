"""Matters of notices: what each is about, whether it is still open, and the words with it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from catalog.dates.days import A_DAY
from catalog.duties.deeds import WORDS
from catalog.ladder.rungs import rung_of
from catalog.letters.asks import matter_of_rung
from catalog.letters.matters import EVENTS, Matter
from catalog.letters.sentences import STOPS
from catalog.wording import has, say, spell
from ledger.duties import life
from ledger.duties.meetings import planning
from ledger.post import notices
from ledger.proof import chain
from tasks.letters.earlier import ENDS, known_planning, knows_duty, number_of
from tasks.meetings.days import day_change, when

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from catalog.ladder.rungs import Ladder
    from catalog.letters.matters import Part
    from ledger.duties.duties import Duty
    from ledger.post.notices import Notice
    from ledger.session import Connection

# Events of which each is news of its own; of every other event of a duty only the last one is.
_EACH_IS_NEWS = frozenset({"copied", "problem", "problem-answered", "urged"})
# Fields of a deed's entry that a letter repeats.
REMARKS = ("asked_to", "day", "place", "reason", "document", "summary", "text")


def matter(conn: Connection, notice: Notice, duty: Duty, ladder: Ladder, part: Part) -> Matter:
    """Return the matter of `notice` for a recipient with this part in its duty."""
    name, _, label = notice.rung.partition(":")
    if name not in EVENTS:
        name = matter_of_rung(rung_of(ladder, notice.rung), part)
    is_open = _IS_OPEN.get(name)
    return Matter(
        name,
        since=_since(name, label, notice.on),
        is_current=notice.due_version == duty.due_version,
        is_open=is_open is None or is_open(conn, notice, label),
    )


def latest(notices: Sequence[Notice]) -> list[Notice]:
    """Return `notices` without those of an event that happened again to the same duty since.

    A duty filed, returned and filed again is one filing to be looked at: the second.
    """
    numbers = [number_of(notice) for notice in notices]
    last: dict[object, int] = {}
    for notice, number in zip(notices, numbers, strict=True):
        last[_event(notice)] = max(number, last.get(_event(notice), 0))
    return [n for n, number in zip(notices, numbers, strict=True) if number == last[_event(n)]]


def _event(notice: Notice) -> object:
    name, _, label = notice.rung.partition(":")
    is_own = name not in EVENTS or name in _EACH_IS_NEWS or not label.isdecimal()
    return notice.duty, notice.recipient, notice.rung if is_own else name


def remark(conn: Connection, notice: Notice, lang: str) -> str:
    """Return the words of the deed behind `notice`; empty for a rung of the ladder.

    They come from the history entry that recorded the notice; of a meeting, they are the day and
    the place for which it is planned now.
    """
    if notice.rung.startswith("meeting-planned:") and (last := planning(conn, notice.duty)):
        place = last.place and say(lang, "tiding.meeting-place", place=last.place)
        return when(lang, last) + (place or "")
    if notice.rung.partition(":")[0] not in EVENTS:
        return ""
    entry = chain.recording(conn, notice.duty, "notices", notice.id)
    names = ("number",) if notice.rung.startswith("copied:") else REMARKS
    payload = entry.payload if entry else {}
    remarks = [_labelled(name, str(payload[name]), lang) for name in names if payload.get(name)]
    whole = [remark.rstrip(STOPS) for remark in remarks[:-1]]
    return say(lang, "notice.semicolon").join([*whole, *remarks[-1:]])


def move(conn: Connection, notice: Notice, lang: str) -> str:
    """Return the sentence about a meeting that moved from the day the recipient knows, or ""."""
    if not notice.rung.startswith("meeting-planned:"):
        return ""
    days = day_change(conn, notice.duty, known_planning(conn, notice), lang)
    return say(lang, "rung.moved", former=days[0], when=days[1]) if days else ""


def _labelled(name: str, remark: str, lang: str) -> str:
    """Return the words of a field with its label, a date as the language writes it."""
    try:
        words = spell(lang, dt.date.fromisoformat(remark))
    except ValueError:
        words = remark.strip()
    key = f"notice.field.{name}"
    return say(lang, key, words=words) if has(lang, key) else words


def _since(name: str, label: str, on: dt.date) -> dt.date | None:
    """Return the first day on which a word answers the matter, None where none does."""
    match name:
        case "progress":
            return on
        case "silent":
            return dt.date.fromisoformat(label)
        case "urged":  # of the words of its own day, only those after it: see _is_unheard
            return on + A_DAY
    return None


def _is_unheard(conn: Connection, notice: Notice, _label: str) -> bool:
    urged = chain.recording(conn, notice.duty, "notices", notice.id)
    entries = chain.about(conn, [notice.duty])
    return not any(e.deed in WORDS and urged and e.seq > urged.seq for e in entries)


def _is_undecided(conn: Connection, notice: Notice, label: str) -> bool:
    request = life.open_request(conn, notice.duty)
    return request is not None and str(request.number) == label


def _is_unanswered(conn: Connection, notice: Notice, label: str) -> bool:
    problems = life.problems(conn, notice.duty)
    return any(str(each.number) == label and each.answered_on is None for each in problems)


def _is_last_planning(conn: Connection, notice: Notice, label: str) -> bool:
    last = planning(conn, notice.duty)
    number = last.number if last else chain.count(conn, notice.duty, "meeting-planned")
    return str(number) == label


def _was_announced(conn: Connection, notice: Notice, _label: str) -> bool:
    return known_planning(conn, notice) is not None


def _is_known(conn: Connection, notice: Notice, _label: str) -> bool:
    return knows_duty(conn, notice)


def _is_draft(conn: Connection, notice: Notice, _label: str) -> bool:
    slip = notices.of_slip(conn, notice.model_copy(update={"form": "slip"}))
    return any(each.state == "draft" for each in slip)


_IS_OPEN: Mapping[str, Callable[[Connection, Notice, str], bool]] = {
    **dict.fromkeys(ENDS, _is_known),
    "draft": _is_draft,
    "extension-asked": _is_undecided,
    "meeting-called-off": _was_announced,
    "meeting-planned": _is_last_planning,
    "problem": _is_unanswered,
    "urged": _is_unheard,
}
