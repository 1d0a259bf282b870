"""The scorecards (考核) of a year, counted from the ledger as known on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.duties.outcome import outcome
from catalog.reports.scorecard import CardFigures, CardLine
from ledger.duties import conditions, duties
from ledger.people import agencies
from ledger.proof import chain
from ledger.reports import granted_and_released, holders
from tasks.in_force import in_force

if TYPE_CHECKING:
    import datetime as dt

    from catalog.duties.outcome import Outcome
    from catalog.plans.score_formula import Formula
    from catalog.role_names import AgencyRole
    from ledger.duties.duties import Duty
    from ledger.reports.holders import Parts
    from ledger.session import Connection

UNSCORED = ("open-group", "office")  # no single agency, and the office that keeps the score


def count_cards(
    conn: Connection, plan: str, year: int, *, on: dt.date, covered: bool = False
) -> dict[str, CardFigures]:
    """Return the scorecard of every agency with a part in a duty due in `year`, by agency.

    With `covered` it is of the duties that cover the year, which may be due in the next one.
    Whoever only takes part has the duty on its card and no points for it, as others perform it.
    A duty counts for the agency that had the part on its due date, or on the day it was closed if
    that came first. Its last due date counts, so a granted extension costs nobody points.
    The past counts once it is settled.
    """
    edition = in_force(conn, plan).plan
    register = agencies.agencies_on(conn, on)
    due = [
        duty
        for duty in duties.chosen(
            conn, conditions.of(plan=plan), conditions.COUNTED, order=["due_on"]
        )
        if (duty.covers_until or duty.due_on if covered else duty.due_on).year == year
    ]
    parts = holders.counted_parts(conn, due)
    granted = granted_and_released.extension_days(conn, plan)
    lines: dict[str, list[CardLine]] = {}
    parties = _parties(due, parts)
    for duty in due:
        others = parties.get(duty.obligation, set())
        for agency, role in _roles(parts[duty.key], others).items():
            extensions = len(granted.get(duty.key, ()))
            performer = register.of(duty)[parts[duty.key].performer].name
            line = _line(duty, role, performer, edition.scorecard, on=on, extensions=extensions)
            lines.setdefault(agency, []).append(line)
    end = chain.head(conn)
    return {
        agency: CardFigures(
            plan=plan,
            title=edition.title,
            office=register[edition.office].name,
            year=year,
            agency=agency,
            name=register[agency].name,
            on=on,
            entries=end.entries,
            head=end.head,
            formula=edition.scorecard,
            lines=tuple(lines[agency]),
        )
        for agency in sorted(lines)
        if register[agency].kind not in UNSCORED
    }


def _parties(due: list[Duty], parts: dict[str, Parts]) -> dict[str, set[str]]:
    """Return the performers of each obligation with several parties, by its id."""
    parties: dict[str, set[str]] = {}
    for duty in due:
        if duty.party is not None:
            parties.setdefault(duty.obligation, set()).add(parts[duty.key].performer)
    return parties


def _roles(parts: Parts, others: set[str]) -> dict[str, AgencyRole]:
    """Return the one role in which each agency is scored: the closest to the work.

    The `others` fulfil the same obligation for themselves and do not answer for one another.
    """
    helpers = [agency for agency in parts.participants if agency not in others]
    roles: dict[str, AgencyRole] = dict.fromkeys(helpers, "participant")
    return {**roles, parts.lead: "lead", parts.performer: "performer"}


def _line(
    duty: Duty, role: AgencyRole, performer: str, formula: Formula, *, on: dt.date, extensions: int
) -> CardLine:
    result = outcome(duties.facts(duty), on)
    return CardLine(
        key=duty.key,
        title=duty.title,
        measure=duty.measure,
        performer=performer,
        role=role,
        due_on=duty.due_on,
        outcome=result,
        days=_days(duty, result, on),
        extensions=extensions,
        points=None if role == "participant" else formula.points(result),
    )


def _days(duty: Duty, result: Outcome, on: dt.date) -> int:
    """Return the days from the due date until it was done, or until now if it is overdue."""
    if result == "late" and duty.finished_on is not None:
        return (duty.finished_on - duty.due_on).days
    return (on - duty.due_on).days if result == "overdue" else 0
