"""How the columns of a migration are written: as they were when it was made, and will stay."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def text(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    """Return text columns of any length."""
    return [sa.Column(name, sa.String, nullable=nullable) for name in names]


def day(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    """Return calendar dates."""
    return [sa.Column(name, sa.Date, nullable=nullable) for name in names]


def instant(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    """Return instants, kept as ISO text in UTC."""
    return [sa.Column(name, sa.String(20), nullable=nullable) for name in names]


def refers(table: str, columns: list[str], keys: list[str]) -> sa.ForeignKeyConstraint:
    """Return a reference that is looked at when the transaction ends."""
    name = f"fk_{table}_{'_'.join(columns)}"
    return sa.ForeignKeyConstraint(columns, keys, name=name, deferrable=True, initially="DEFERRED")


def whole(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    """Return whole numbers."""
    return [sa.Column(name, sa.Integer, nullable=nullable) for name in names]


def prose(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    """Return columns for what people write."""
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """Return the referee that lets these columns together be given only once."""
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")
