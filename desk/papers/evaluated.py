"""The evaluation of a year as somebody asks for it: counted as known on a day, and worded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reports.evaluation_words import first_words
from desk.papers.evaluation import Evaluated
from tasks.past import known_on
from tasks.reports.evaluation import evaluate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from ledger.session import Ledger


def evaluated(
    ledger: Ledger, plan: str, year: int, *, on: dt.date, clock: Callable[[], dt.datetime]
) -> Evaluated:
    """Return the evaluation of `year` as known at the end of day `on`, in the letters' language."""
    language = ledger.settings.lang
    with known_on(ledger, on, clock) as conn:
        told = evaluate(conn, plan, year, on=on, language=language)
    return Evaluated(told, first_words(told, language), language)
