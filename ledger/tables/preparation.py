"""Preparations: the material of a duty, made before its reminder."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Row, refers


class Preparation(Row):
    """The material of one duty: its figures of that day, as JSON."""

    duty: str = Field(primary_key=True)
    kind: str
    prepared_on: date
    data: str = Field(sa_type=sa.Text)


class PreparationTable(Preparation, table=True):
    """The table `preparations`."""

    __tablename__ = "preparations"
    __table_args__ = (refers("duties", "duty"),)
