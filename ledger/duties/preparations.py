"""Preparations: the duties due for one, and the material prepared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.duties import conditions, duties
from ledger.duties.duties import DUTIES
from ledger.store.rows import first
from ledger.tables import TABLES
from ledger.tables.preparation import Preparation

if TYPE_CHECKING:
    from datetime import date

    from ledger.duties.duties import Duty

__all__ = ["Preparation"]

PREPARATIONS = TABLES["preparations"]


def due(
    conn: sa.Connection,
    *,
    plan: str,
    kind: str,
    on: date,
    obligation: str | None,
    limit: int,
    lock: bool = False,
) -> list[Duty]:
    """Return duties of `plan` whose material of `kind` is to be prepared by `on`, by key.

    Those of one `obligation`, or of all. Costs what is due, not what exists; `lock` is that of
    `ledger.duties.duties.one`.
    """
    where = conditions.of(plan=plan, kind=kind, obligation=obligation)
    return duties.chosen(conn, where, DUTIES.c.prepare_on <= on, limit=limit, lock=lock)


def of(conn: sa.Connection, duty: str) -> Preparation | None:
    """Return the preparation for the duty, None where there is none."""
    query = sa.select(PREPARATIONS).where(PREPARATIONS.c.duty == duty)
    return first(conn, query, Preparation)
