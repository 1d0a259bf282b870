"""Duties beside the plan (批示件, 會議議定事項): their keys, and the words they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from catalog.wording import BESIDE_THE_PLAN, say, spell
from catalog.wording.script import language_of

if TYPE_CHECKING:
    from datetime import date

MEASURE = BESIDE_THE_PLAN
KIND: Literal["milestone"] = "milestone"  # nothing is prepared for it
PERIOD = "once"


def obligation_id(number: int | str) -> str:
    """Return the id of the `number`-th obligation beside a plan: `adhoc.3`."""
    return f"{MEASURE}.{number}"


def key(plan: str, number: int, period: str = PERIOD) -> str:
    """Return the key of the duty: it holds no date, so that a moved one is the same duty."""
    return f"{plan}/{obligation_id(number)}/-/{period}"


def measure_word(language: str, number: str) -> str:
    """Return the number of a measure for a column, or the word for duties beside the plan."""
    return say(language, "adhoc.short") if number == MEASURE else number


def words(source: str, document: str | None, dated_on: date | None) -> str:
    """Return the source in one line: its name, the number of the document, its day."""
    language = language_of(source)
    day = spell(language, dated_on) if dated_on else None
    return say(language, "adhoc.comma").join(filter(None, (source, document, day)))
