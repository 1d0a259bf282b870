"""List of the past duties of a plan that nobody has settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.duties import conditions, duties

if TYPE_CHECKING:
    from ledger.duties.conditions import Condition
    from ledger.duties.duties import Duty
    from ledger.session import Connection


def past(conn: Connection, plan: str, *where: Condition) -> list[Duty]:
    """Return the unsettled past duties of `plan` that meet all of `where`, by due date."""
    of_plan = conditions.of(plan=plan)
    return duties.chosen(conn, conditions.UNSETTLED, of_plan, *where, order=["due_on"])


def count(conn: Connection, plan: str, *where: Condition) -> int:
    """Return how many `past` would give."""
    return duties.count(conn, conditions.UNSETTLED, conditions.of(plan=plan), *where)
