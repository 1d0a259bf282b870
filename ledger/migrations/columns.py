"""Columns for migrations, in the form they had when the migrations were written."""

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
    """Return instants, stored as ISO text in UTC."""
    return [sa.Column(name, sa.String(20), nullable=nullable) for name in names]


def refers(table: str, columns: list[str], keys: list[str]) -> sa.ForeignKeyConstraint:
    """Return a foreign key, checked at the end of the transaction."""
    name = f"fk_{table}_{'_'.join(columns)}"
    return sa.ForeignKeyConstraint(columns, keys, name=name, deferrable=True, initially="DEFERRED")


def whole(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    """Return whole numbers."""
    return [sa.Column(name, sa.Integer, nullable=nullable) for name in names]


def prose(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    """Return columns for text that people write."""
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """Return the unique constraint on these columns together."""
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")
