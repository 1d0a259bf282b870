"""Duties beside the plan (批示件, 會議議定事項): their keys, measure and obligation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.plans.contents import Measure, Obligation
from catalog.wording import BESIDE_THE_PLAN, DEFAULT_LANGUAGE, say, spell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.duties.evidence_rules import Label
    from catalog.plans.contents import Kind

MEASURE = BESIDE_THE_PLAN
KIND: Kind = "milestone"  # something to be done by a day; nothing is prepared for it
PERIOD = "once"


def obligation_id(number: int) -> str:
    """Return the id of the `number`-th obligation beside a plan: `adhoc.3`."""
    return f"{MEASURE}.{number}"


def key(plan: str, number: int) -> str:
    """Return the key of the duty: it holds no date, so that a moved one is the same duty."""
    return f"{plan}/{obligation_id(number)}/-/{PERIOD}"


def measure(lead: str, participants: Sequence[str]) -> Measure:
    """Return what stands in place of the measure: the plan has none for such a duty."""
    title = say(DEFAULT_LANGUAGE, "adhoc.title")
    return Measure.model_construct(
        number=MEASURE,
        chapter=title,
        section=title,
        title=title,
        lead=lead,
        participants=tuple(participants),
    )


def measure_word(language: str, number: str) -> str:
    """Return the number of a measure for a column, or the word for duties beside the plan."""
    return say(language, "adhoc.short") if number == MEASURE else number


def words(source: str, document: str | None, dated_on: date | None) -> str:
    """Return the source in one line: its name, the number of the document, its day."""
    day = spell(DEFAULT_LANGUAGE, dated_on) if dated_on else None
    return say(DEFAULT_LANGUAGE, "adhoc.comma").join(filter(None, (source, document, day)))


def obligation(
    full_id: str, title: str, *, says: str, due_on: date, evidence: tuple[Label, ...] | None
) -> Obligation:
    """Return what stands in place of the obligation; `says` are the words of its source."""
    return Obligation.model_construct(
        id=full_id,
        kind=KIND,
        title=title,
        says=says,
        basis="office",
        due_on=due_on,
        evidence=evidence,
    )
