"""Basic data of the evaluation as they are: last values, gaps, and the duties that bring them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.duties import duties
from ledger.reports import localities

if TYPE_CHECKING:
    from catalog.plans.model import Plan
    from ledger.session import Connection

Values = dict[tuple[str, str], localities.IndicatorValue]


def last_values(conn: Connection, plan: str, year: int) -> Values:
    """Return the values that count for `year`, by locality and indicator."""
    every = localities.values(conn, plan, year=year)
    return {(value.agency, value.indicator): value for value in every}


def lacking(conn: Connection, plan: Plan, year: int) -> dict[str, list[str]]:
    """Return the indicators without a value for `year`, by locality; none where all are there."""
    values = last_values(conn, plan.plan, year)
    return {
        agency: missing
        for agency in plan.localities()
        if (missing := [i.id for i in plan.indicators if (agency, i.id) not in values])
    }


def data_duty(conn: Connection, plan: Plan, agency: str, year: int) -> str | None:
    """Return the key of the duty by which a locality reports its values for `year`, or None."""
    if plan.indicators_by is None:
        return None
    key = f"{plan.plan}/{plan.indicators_by}/{agency}/{year}"
    return key if key in duties.of(conn, [key]) else None
