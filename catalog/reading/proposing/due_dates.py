"""Fields of a plan that state a date, and the question where several dates are possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.reading.span import Ask, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.reading.grammar.matching import Phrase
    from catalog.reading.grammar.rule import Timing
    from catalog.reading.proposing.passage import Term


def date_fields(timing: Timing, term: Term) -> dict[str, Any]:
    """Return the fields of an obligation that state a reading."""
    opens_on, until = timing.opens_on, timing.until
    fields: dict[str, Any]
    if timing.recurs == "once":
        fields = {
            "due_on": timing.due_on,
            "opens_on": opens_on if opens_on and opens_on > term.issued_on else None,
        }
    else:
        fields = {
            "recurrence": timing.recurs,
            "since": opens_on if opens_on and opens_on >= term.starts_on else None,
            "until": until if until and until < term.ends_on else None,
            "anchor": timing.due_on,
        }
    return {key: value for key, value in fields.items() if value is not None}


def date_questions(
    dates: Sequence[Phrase], offers: list[dict[str, Any]], term: Term
) -> tuple[Ask, ...]:
    """Return the question for dates that have several readings, or none.

    Days outside the term are offered only where there are no others.
    """
    if len(offers) == 1 and all(len(phrase.readings) <= 1 for phrase in dates):
        return ()
    offers = [offer for n, offer in enumerate(offers) if offer not in offers[:n]]
    doubtful = next((p.mark for p in dates if len(p.readings) != 1), dates[0].mark)
    days = [offer.get("due_on") or offer.get("by") or term.ends_on for offer in offers]
    within = [
        offer
        for offer, day in zip(offers, days, strict=True)
        if term.issued_on <= day <= term.ends_on
    ]
    span = Span(doubtful.start, doubtful.end)
    return (Ask("date-doubtful", "", span, tuple(within or offers)),)
