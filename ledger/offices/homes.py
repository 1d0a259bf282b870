"""Homes that write to a ledger, so that a second one is found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from catalog.dates.days import A_DAY
from ledger.store.changes import Change
from ledger.store.identity import identity, identity_file
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOMES = TABLES["homes"]
_SEEN_ON = sa.type_coerce(HOMES.c.seen_on, sa.types.NullType())  # as it is stored
_HOMES = sa.select(HOMES.c.id, HOMES.c.mark, HOMES.c.place, _SEEN_ON).order_by(HOMES.c.id)
RECENT = timedelta(days=3)  # a home that swept since then is in use


class Home(NamedTuple):
    """A home of the ledger; `seen_on` is None where the stored value is no day."""

    id: str
    mark: str
    place: str
    seen_on: date | None


def seen(conn: sa.Connection, home: Path, on: date) -> list[Change]:
    """Return the change that notes a sweep from `home` on the day `on`.

    The mark stays that of the first sweep: a copy of the home has another.
    """
    now = identity(home)
    row = next((each for each in _homes(conn) if each.id == now.id), None)
    if row is None:
        values = {"mark": now.mark, "place": now.place, "seen_on": on}
        return [Change("homes", now.id, values, "insert")]
    return [Change("homes", now.id, {"seen_on": on})] if row.seen_on != on else []


def doubles(conn: sa.Connection, home: Path, on: date) -> Iterator[str]:
    """Yield what speaks for a second home of this ledger on the day `on`, each with its remedy.

    A sweep of a day that has not come, by a clock that was ahead, speaks for none.
    """
    now = identity(home)
    for row in _homes(conn):
        if row.id == now.id and row.mark != now.mark:
            yield (
                f"this home is a copy of {row.place}, or was moved: letters may leave twice; if the"
                f" other is out of use, remove {identity_file(home)}"
            )
        elif row.id != now.id and row.seen_on is None:
            yield f"{row.place} swept this ledger too, on no day: duban verify --mend sets it right"
        elif row.id != now.id and row.seen_on and on - RECENT <= row.seen_on <= on + A_DAY:
            yield (
                f"{row.place} swept this ledger too, last for {row.seen_on}: letters may leave"
                " twice; stop one of the two"
            )


def _homes(conn: sa.Connection) -> list[Home]:
    return [Home(row[0], row[1], row[2], _day(row[3])) for row in conn.execute(_HOMES)]


def _day(value: object) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None
