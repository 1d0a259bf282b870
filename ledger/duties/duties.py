"""Which duties there are, which must be looked at, and the facts of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from catalog.duties.standing import Facts
from catalog.errors import NotFoundError
from ledger.store import distinct_values
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.duty import Duty, DutyBase, Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ledger.duties.conditions import Condition

__all__ = ["Duty", "DutyBase", "Item"]

DUTIES = TABLES["duties"]
ITEMS = TABLES["items"]
Order = Literal["due_on", "opened_on", "obligation", "performer"]


def due(
    conn: sa.Connection,
    *,
    plan: str,
    on: date,
    keys: tuple[str | None, str | None] = (None, None),
    unopened: bool = False,
    after: Duty | None = None,
    limit: int = 5000,
    lock: bool = False,
) -> list[Duty]:
    """Return the next duties of `plan` to be looked at by `on`, ordered by (look_on, key).

    Costs what is due, not what exists; `after` is the last one of the chunk before. `keys` asks
    only for those past the first and up to the second, `unopened` for those that no sweep has
    opened yet; `lock` as `one` does.
    """
    query = _HELD.where(DUTIES.c.plan == plan, DUTIES.c.look_on <= on, *_within(keys))
    if unopened:
        query = query.where(DUTIES.c.opened_on.is_(None))
    if after is not None:
        place = sa.tuple_(DUTIES.c.look_on, DUTIES.c.key)
        query = query.where(place > sa.tuple_(sa.literal(after.look_on), sa.literal(after.key)))
    query = query.order_by(DUTIES.c.look_on, DUTIES.c.key).limit(limit)
    return _held(conn, query.with_for_update(key_share=True) if lock else query)


def count_due(
    conn: sa.Connection,
    *,
    plan: str,
    on: date,
    keys: tuple[str | None, str | None] = (None, None),
) -> int:
    """Return how many duties `due` would give without a limit."""
    return count(conn, DUTIES.c.plan == plan, DUTIES.c.look_on <= on, *_within(keys))


def split_due(conn: sa.Connection, parts: int, *, plan: str, on: date) -> list[str]:
    """Return the last key of each of `parts` equal parts of what is due by `on`, in order.

    Fewer where fewer are due. The order is the database's own, as the ranges of `due` are.
    """
    part = sa.func.ntile(parts).over(order_by=DUTIES.c.key).label("part")
    waits = sa.select(DUTIES.c.key, part).where(DUTIES.c.plan == plan, DUTIES.c.look_on <= on)
    cut = waits.subquery()
    lasts = sa.select(sa.func.max(cut.c.key)).group_by(cut.c.part).order_by(cut.c.part)
    return list(conn.scalars(lasts))


def of(conn: sa.Connection, keys: Iterable[str]) -> dict[str, Duty]:
    """Return those duties of `keys` that there are, by key."""
    query = list(dict.fromkeys(keys))
    return {duty.key: duty for duty in _held(conn, _HELD.where(DUTIES.c.key.in_(query)))}


def one(conn: sa.Connection, key: str, *, lock: bool = False) -> Duty:
    """Return the duty `key`; raises NotFoundError.

    With `lock` nobody else changes its row before this transaction ends (PostgreSQL; a transaction
    on SQLite is alone anyway).
    """
    query = _HELD.where(DUTIES.c.key == key)
    found = _held(conn, query.with_for_update(key_share=True) if lock else query)
    if not found:
        raise NotFoundError("duty-unknown", key=key)
    return found[0]


def listed(
    conn: sa.Connection,
    *,
    plan: str | None = None,
    agency: str | None = None,
    measure: str | None = None,
) -> list[Duty]:
    """Return the duties by key: of a plan, of a measure, led or performed by an agency."""
    query = _HELD.order_by(DUTIES.c.key)
    if plan is not None:
        query = query.where(DUTIES.c.plan == plan)
    if agency is not None:
        query = query.where((DUTIES.c.lead == agency) | (DUTIES.c.performer == agency))
    if measure is not None:
        query = query.where(DUTIES.c.measure == measure)
    return _held(conn, query)


def chosen(
    conn: sa.Connection,
    *where: Condition,
    order: Sequence[Order] = (),
    limit: int | None = None,
    offset: int = 0,
    lock: bool = False,
) -> list[Duty]:
    """Return the duties for which all of `where` holds, in `order` and then by key.

    `lock` as `one` does.
    """
    query = _HELD.where(*where).order_by(*_by(order))
    query = query.limit(limit).offset(offset or None)
    return _held(conn, query.with_for_update(key_share=True) if lock else query)


def chosen_keys(
    conn: sa.Connection,
    *where: Condition,
    order: Sequence[Order] = (),
) -> list[str]:
    """Return the keys of the duties that `chosen` would give."""
    query = sa.select(DUTIES.c.key).where(*where).order_by(*_by(order))
    return list(conn.scalars(query))


def count(conn: sa.Connection, *where: Condition) -> int:
    """Return how many duties `chosen` would give without a limit."""
    return conn.execute(sa.select(sa.func.count()).select_from(DUTIES).where(*where)).scalar_one()


def titles(conn: sa.Connection) -> list[str]:
    """Return the different titles there are."""
    return list(conn.scalars(distinct_values.values(DUTIES.c.title)))


def next_look(conn: sa.Connection, plan: str) -> date | None:
    """Return the earliest day on which a sweep of `plan` has a duty to see to, None when none."""
    firsts = (sa.func.min(DUTIES.c.look_on), sa.func.min(DUTIES.c.prepare_on))
    found = conn.execute(sa.select(*firsts).where(DUTIES.c.plan == plan)).one()
    return min((day for day in found if day), default=None)


def keys(conn: sa.Connection, plan: str) -> set[str]:
    """Return the keys of every duty of `plan` that has been made."""
    return set(conn.scalars(sa.select(DUTIES.c.key).where(DUTIES.c.plan == plan)))


def items(conn: sa.Connection, key: str) -> list[Item]:
    """Return what was delivered of the quota of duty `key`, by day."""
    query = sa.select(ITEMS).where(ITEMS.c.duty == key).order_by(ITEMS.c.held_on, ITEMS.c.id)
    return rows(conn, query, Item)


def facts(held: Duty) -> Facts:
    """Return what `catalog.duties.standing` needs to know of a duty."""
    return Facts(
        opens_on=held.opens_on,
        due_on=held.due_on,
        acknowledged_on=held.acknowledged_on,
        filed_on=held.filed_on,
        closed_on=held.closed_on,
        returned_on=held.returned_on,
        suspended_on=held.suspended_on,
        closed_as=held.closed_as,
        waived_on=held.waived_on,
        quota_min=held.quota_min,
        quota_max=held.quota_max,
        delivered=held.delivered,
    )


def _within(keys: tuple[str | None, str | None]) -> list[Condition]:
    after, through = keys
    found = [DUTIES.c.key > after] if after is not None else []
    return found + ([DUTIES.c.key <= through] if through is not None else [])


def _by(order: Sequence[Order]) -> list[sa.ColumnElement[Any]]:
    return [*(DUTIES.c[name] for name in order), DUTIES.c.key]


_HELD: sa.Select[Any] = sa.select(DUTIES)


def _held(conn: sa.Connection, query: sa.Select[Any]) -> list[Duty]:
    return rows(conn, query, Duty)
