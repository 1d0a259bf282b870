"""Days of a duty in words: its opening, its preparation, its due date, its rungs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.ladder.rungs import rung_of
from catalog.wording import say, say_count

if TYPE_CHECKING:
    from catalog.ladder.rungs import Ladder, Rung

OF_THE_DUTY = {"opens", "prepares", "due"}


def event_words(language: str, ladder: Ladder, event: str) -> str:
    """Return the words for `event`: "opens", "prepares", "due" or the key of a rung of `ladder`.

    A rung is said by its fields, as plans name their rungs themselves: `late-7` is 逾期7天：督辦單.
    """
    if event in OF_THE_DUTY:
        return say(language, f"course.{event}")
    rung = rung_of(ladder, event)
    day = _day(language, rung, event.partition(":")[2])
    return say(language, "course.slip", day=day) if rung.form == "slip" else day


def _day(language: str, rung: Rung, turn: str) -> str:
    """Return the day of a rung in words; `turn` is the quarter or the days of one that repeats."""
    if rung.when in ("open", "progress"):
        return say(language, "course.issued" if rung.when == "open" else "course.progress")
    if rung.when in ("unsigned", "silent"):
        return say_count(language, f"course.{rung.when}", rung.days)
    if rung.when == "pace":
        year, _, quarter = turn.partition("-Q")
        quarter = say(language, "date.quarter", year=year, n=quarter)
        return say(language, "course.pace", quarter=quarter)
    if rung.together:  # on a shared day, so its key does not tell how late the duty is by then
        return say(language, "course.together")
    if days := int(turn or rung.days):
        return say_count(language, "course.before" if days < 0 else "course.late", abs(days))
    return say(language, "course.due")
