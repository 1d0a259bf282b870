"""Homes that write to the ledger: one, unless a home was copied or two share a database."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from ledger.tables.base import Row, lease


class Home(Row):
    """A home by the id of its installation, as of its last sweep.

    `mark` tells a copy of the home from the home; `place` is where it lay.
    """

    id: str = Field(primary_key=True)
    mark: str = lease()
    place: str = lease()
    seen_on: date = lease()


class HomeTable(Home, table=True):
    """The table `homes`."""

    __tablename__ = "homes"
