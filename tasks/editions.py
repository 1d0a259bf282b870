"""The plan in force, read once and kept: every step of a sweep asks for it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from catalog.plan import Plan
from catalog.workdays import load_workdays
from ledger import editions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from catalog.workdays import Workdays


class InForce(NamedTuple):
    """An edition in force: its row, the plan it holds and that plan's working days."""

    row: editions.Edition
    plan: Plan
    workdays: Workdays


def in_force(conn: Connection, plan: str) -> InForce:
    """Return the edition of `plan` that is in force; NotFoundError when none is published."""
    row = editions.in_force(conn, plan)
    document = _plan(row.document)
    return InForce(row, document, load_workdays(document.workdays))


@lru_cache(maxsize=64)
def _plan(document: str) -> Plan:
    return Plan.model_validate_json(document)
