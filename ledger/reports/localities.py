"""Figures of localities: decided shares, values of indicators by year, and rewards."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.reports import IndicatorValue, Reward, Share

__all__ = ["IndicatorValue", "Reward", "Share"]

SHARES = TABLES["shares"]
VALUES = TABLES["indicator_values"]
REWARDS = TABLES["rewards"]


def shares(conn: sa.Connection, plan: str) -> list[Share]:
    """Return the shares decided since publication, each party's last one last."""
    c = SHARES.c
    query = sa.select(SHARES).where(c.plan == plan)
    return rows(conn, query.order_by(c.target, c.year, c.party, c.number), Share)


def values(conn: sa.Connection, plan: str, *, year: int) -> list[IndicatorValue]:
    """Return the values of the indicators for `year`, corrections after what they correct."""
    c = VALUES.c
    query = sa.select(VALUES).where(c.plan == plan, c.year == year)
    return rows(conn, query.order_by(c.agency, c.indicator, c.number), IndicatorValue)


def rewards(conn: sa.Connection, plan: str, *, year: int) -> list[Reward]:
    """Return the rewards for the evaluation of `year`, in the order of their recording."""
    c = REWARDS.c
    query = sa.select(REWARDS).where(c.plan == plan, c.year == year)
    return rows(conn, query.order_by(c.number), Reward)
