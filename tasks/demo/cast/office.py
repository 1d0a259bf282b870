"""The coordinating office's own work in the demonstration: slips, circulars, rewards."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter
from typing import TYPE_CHECKING

from catalog.dates.days import A_DAY
from catalog.dates.spans import span, span_of
from catalog.ladder.rungs import rung_of
from ledger.duties import duties
from ledger.post import notices
from ledger.reports import circulars, localities
from tasks.act import Act
from tasks.deeds import slips
from tasks.localities.rewards import reward
from tasks.reports import circular
from tasks.reports.evaluation import evaluate
from tasks.tick import Counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.dates.spans import Span
    from ledger.session import Ledger
    from tasks.in_force import InForce
    from tasks.tick import Tick

SIGNS = {"amber": 1, "red": 15}  # working days until the office or its leader signs a slip
QUARTERLY = 15  # day of the month after a quarter, on which its circular is released
YEARLY = dt.date(2000, 3, 10)  # day on which the circular of the year before is released


def work(ledger: Ledger, edition: InForce, tick: Tick) -> Counts:
    """Do the office's work of the day; safe to repeat."""
    counts = _release_slips(ledger, edition, tick)
    by = Act(f"{edition.plan.office}/officer", tick.on, tick.at)
    for period in _periods(edition, tick.on):
        counts.update(_circulate(ledger, edition, by, period))
    if edition.plan.evaluated_by and tick.on.month < YEARLY.month + 2:
        counts.update(_reward(ledger, edition, by))
    return counts


def _release_slips(ledger: Ledger, edition: InForce, tick: Tick) -> Counts:
    """Release an amber slip the working day after it was drafted, a red one three weeks later."""
    with ledger.read() as conn:
        drafts = notices.listed(conn, state="draft", plan=tick.plan)
    by = Act(f"{edition.plan.office}/officer", tick.on, tick.at)
    slip = attrgetter(*notices.SLIP)
    register = set()
    for draft in drafts:  # one to each position and by each channel, released together
        light = rung_of(edition.plan.ladder, draft.rung).light or "red"
        is_ripe = tick.on >= edition.workdays.add(draft.on, SIGNS[light])
        if is_ripe and slip(draft) not in register:
            slips.release(ledger, draft.id, by)
            register.add(slip(draft))
    return Counts(released=len(register))


def _periods(edition: InForce, on: dt.date) -> Iterator[Span]:
    """Yield the quarter, and the year, of which the circular is released today."""
    last = on.replace(day=1) - A_DAY
    quarter = span_of(last, quarter=True)
    if last == quarter.until and on == edition.workdays.roll_forward(on.replace(day=QUARTERLY)):
        yield quarter
    if on == edition.workdays.roll_forward(YEARLY.replace(year=on.year)):
        yield span(f"{on.year - 1}")


def _circulate(ledger: Ledger, edition: InForce, by: Act, period: Span) -> Counts:
    """Release the circular of a quarter or year in which the plan was in force."""
    plan = edition.plan.plan
    if period.until < edition.plan.issued_on:
        return Counts()
    with ledger.read() as conn:
        before = circulars.find(conn, plan, period.label)
    if before is None:
        circular.draft(ledger, plan, period, by)
    if before is None or before.number is None:
        circular.release(ledger, plan, period.label, by)
        return Counts(circulars=1)
    return Counts()


def _reward(ledger: Ledger, edition: InForce, by: Act) -> Counts:
    """Note a reward for the first place of last year's evaluation, once that is closed."""
    plan, year = edition.plan, by.on.year - 1
    if not _evaluated_yesterday(ledger, edition, by.on):
        return Counts()
    with ledger.read() as conn:
        if localities.rewards(conn, plan.plan, year=year):
            return Counts()
        language = ledger.settings.lang
        evaluation = evaluate(conn, plan.plan, year, on=by.on, language=language)
    scored = [place for place in evaluation.localities if place.score]
    if not scored:
        return Counts()
    first = max(scored, key=lambda place: (float(place.score or 0), place.agency))
    text, document = "(演示)通報表揚", f"(演示)粵加貿辦〔{by.on.year}〕評{year}號"
    reward(ledger, plan.plan, year, first.agency, by, text=text, document=document)
    return Counts(rewarded=1)


def _evaluated_yesterday(ledger: Ledger, edition: InForce, on: dt.date) -> bool:
    """Tell whether the yearly evaluation was closed on the last working day."""
    key = f"{edition.plan.plan}/{edition.plan.evaluated_by}/-/{on.year - 1}"
    with ledger.read() as conn:
        duty = duties.of(conn, [key]).get(key)
    return bool(duty and duty.closed_on and edition.workdays.add(duty.closed_on, 1) == on)
