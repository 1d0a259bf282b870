"""The scorecards of a year as somebody may see them: as announced, else as they would be today."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from desk.papers.scorecard import Scored
from ledger.reports import scorecards
from tasks.past import known_on
from tasks.reports.scorecard_figures import count_cards

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.web.visit import Visit
    from ledger.session import Connection, Ledger


def scored(
    ledger: Ledger, plan: str, year: int, *, on: dt.date, clock: Callable[[], dt.datetime]
) -> dict[str, Scored]:
    """Return the cards of `year` by agency: the announced ones with their objections.

    Those of a year that was not announced are counted as known at the end of day `on`.
    """
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return {}
    with ledger.read() as conn:
        kept = scorecards.of_year(conn, plan, year)
        if kept:
            return {
                agency: Scored(card.counted, card, scorecards.objections(conn, card.id))
                for agency, card in kept.items()
            }
    with known_on(ledger, on, clock) as conn:
        return {a: Scored(card) for a, card in count_cards(conn, plan, year, on=on).items()}


def undecided(conn: Connection, visit: Visit) -> int:
    """Return how many objections wait for the office."""
    if not visit.may("score") or not visit.plans:
        return 0
    return sum(len(scorecards.waiting(conn, held.plan)) for held in visit.plans)
