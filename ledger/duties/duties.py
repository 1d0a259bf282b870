"""Duties: those due for a sweep, those that meet conditions, and the facts of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import sqlalchemy as sa

from catalog.duties.standing import Facts
from catalog.errors import NotFoundError
from catalog.reports.preparation import KINDS
from ledger.store import distinct_values
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.duty import Duty, DutyBase, Item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from ledger.duties.conditions import Condition

__all__ = ["Duty", "DutyBase", "Item"]

DUTIES = TABLES["duties"]
ITEMS = TABLES["items"]
Order = Literal["due_on", "opens_on", "opened_on", "obligation", "performer"]


def due(
    conn: sa.Connection,
    *,
    plan: str,
    on: date,
    keys: tuple[str | None, str | None] = (None, None),
    obligation: str | None = None,
    unopened: bool = False,
    after: Duty | None = None,
    limit: int = 5000,
    lock: bool = False,
) -> list[Duty]:
    """Return the next duties of `plan` to be looked at by `on`, ordered by (look_on, key).

    Costs what is due, not what exists. `after` is the last duty of the previous page; `keys` limits
    the range to past the first and up to the second, `obligation` to the duties of one; `unopened`
    selects duties that no sweep has opened yet; `lock` is that of `one`.
    """
    query = _DUE
    if within := _within(keys):
        query = query.where(*within)
    if obligation is not None:
        query = query.where(DUTIES.c.obligation == obligation)
    if unopened:
        query = query.where(DUTIES.c.opened_on.is_(None))
    if after is not None:
        place = sa.tuple_(DUTIES.c.look_on, DUTIES.c.key)
        query = query.where(place > sa.tuple_(sa.literal(after.look_on), sa.literal(after.key)))
    return _duties(conn, query, lock=lock, plan=plan, on=on, limit=limit)


def to_prepare(
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
    `one`.
    """
    query = _TO_PREPARE
    if obligation is not None:
        query = query.where(DUTIES.c.obligation == obligation)
    return _duties(conn, query, lock=lock, plan=plan, kind=kind, on=on, limit=limit)


def count_due(
    conn: sa.Connection,
    *,
    plan: str,
    on: date,
    keys: tuple[str | None, str | None] = (None, None),
) -> int:
    """Return how many duties `due` would give without a limit."""
    return count(conn, DUTIES.c.plan == plan, DUTIES.c.look_on <= on, *_within(keys))


def obligations_due(conn: sa.Connection, *, plan: str, on: date) -> list[str]:
    """Return the obligations of `plan` with a duty to look at or to prepare by `on`, sorted."""
    of_plan = sa.select(DUTIES.c.obligation).where(DUTIES.c.plan == plan)
    looks = of_plan.where(DUTIES.c.look_on <= on)
    preparations = of_plan.where(DUTIES.c.kind.in_(KINDS), DUTIES.c.prepare_on <= on)
    return sorted(conn.scalars(looks.union(preparations)))


def split_due(conn: sa.Connection, parts: int, *, plan: str, on: date) -> list[str]:
    """Return the last key of each of `parts` equal parts of the duties due by `on`, in order.

    There are fewer parts where fewer duties are due. Keys are ordered as the database does, here
    and in `due`.
    """
    part = sa.func.ntile(parts).over(order_by=DUTIES.c.key).label("part")
    query = sa.select(DUTIES.c.key, part).where(DUTIES.c.plan == plan, DUTIES.c.look_on <= on)
    each = query.subquery()
    last_keys = sa.select(sa.func.max(each.c.key)).group_by(each.c.part).order_by(each.c.part)
    return list(conn.scalars(last_keys))


def of(conn: sa.Connection, keys: Iterable[str]) -> dict[str, Duty]:
    """Return the existing duties among `keys`, by key."""
    duties = _duties(conn, _OF_KEYS, keys=list(dict.fromkeys(keys)))
    return {duty.key: duty for duty in duties}


def one(conn: sa.Connection, key: str, *, lock: bool = False) -> Duty:
    """Return the duty `key`; raises NotFoundError.

    `lock` keeps others from changing its row until the transaction ends (PostgreSQL; on SQLite a
    writing transaction is alone anyway).
    """
    duties = _duties(conn, _OF_KEY, lock=lock, key=key)
    if not duties:
        raise NotFoundError("duty-unknown", key=key)
    return duties[0]


def listed(
    conn: sa.Connection,
    *,
    plan: str | None = None,
    agency: str | None = None,
    measure: str | None = None,
) -> list[Duty]:
    """Return the duties of a plan or measure, or led or performed by an agency, by key."""
    query = _DUTY.order_by(DUTIES.c.key)
    if plan is not None:
        query = query.where(DUTIES.c.plan == plan)
    if agency is not None:
        query = query.where((DUTIES.c.lead == agency) | (DUTIES.c.performer == agency))
    if measure is not None:
        query = query.where(DUTIES.c.measure == measure)
    return _duties(conn, query)


def chosen(
    conn: sa.Connection,
    *where: Condition,
    order: Sequence[Order] = (),
    newest_first: bool = False,
    limit: int | None = None,
    offset: int = 0,
    lock: bool = False,
) -> list[Duty]:
    """Return the duties that meet all of `where`, in `order` and then by key.

    `newest_first` turns the order round; `lock` is that of `one`.
    """
    by = _by(order)
    query = _DUTY.where(*where).order_by(*((c.desc() for c in by) if newest_first else by))
    return _duties(conn, query.limit(limit).offset(offset or None), lock=lock)


def one_of_each(conn: sa.Connection, *where: Condition) -> list[Duty]:
    """Return, of the duties that meet all of `where`, one for each set with the same parts.

    Those of an obligation with the same ladder, lead, performer and participants differ in their
    period alone.
    """
    same = ("plan", "obligation", "ladder", "lead", "performer", "party", "participants")
    keys = sa.select(sa.func.min(DUTIES.c.key)).where(*where)
    keys = keys.group_by(*(DUTIES.c[name] for name in same))
    return _duties(conn, _DUTY.where(DUTIES.c.key.in_(keys)).order_by(DUTIES.c.key))


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
    """Return the distinct titles."""
    return list(conn.scalars(distinct_values.values(DUTIES.c.title)))


def next_look(conn: sa.Connection, plan: str) -> date | None:
    """Return the next day on which a sweep of `plan` has a duty to look at, None for none."""
    firsts = (sa.func.min(DUTIES.c.look_on), sa.func.min(DUTIES.c.prepare_on))
    days = conn.execute(sa.select(*firsts).where(DUTIES.c.plan == plan)).one()
    return min((day for day in days if day), default=None)


def keys(conn: sa.Connection, plan: str) -> set[str]:
    """Return the keys of every duty of `plan`."""
    return set(conn.scalars(sa.select(DUTIES.c.key).where(DUTIES.c.plan == plan)))


class Tally(NamedTuple):
    """How many parties of an obligation have done their duty in a period, of `all` who must."""

    done: int
    all: int


def tallies(
    conn: sa.Connection, places: Collection[tuple[str, str, str]]
) -> dict[tuple[str, str, str], Tally]:
    """Return the tally of each (plan, obligation, period) among `places`, without waived duties."""
    obligations = sorted({place[1] for place in places})
    every_tally = {
        (plan, obligation, period): Tally(closed, total)
        for plan, obligation, period, closed, total in conn.execute(
            _TALLIES, {"obligations": obligations}
        )
    }
    return {place: every_tally.get(place, Tally(0, 0)) for place in places}


def items(conn: sa.Connection, key: str, *, newest: int | None = None) -> list[Item]:
    """Return the items delivered of the quota of duty `key`, by day: all, or the last ones."""
    query = sa.select(ITEMS).where(ITEMS.c.duty == key).limit(newest)
    return rows(conn, query.order_by(ITEMS.c.held_on.desc(), ITEMS.c.id.desc()), Item)[::-1]


def reached_on(conn: sa.Connection, duty: Duty) -> date | None:
    """Return the day of the item that reached the minimum of its quota, None for none yet."""
    if not duty.quota_min or duty.delivered < duty.quota_min:
        return None
    days = sa.select(ITEMS.c.held_on).where(ITEMS.c.duty == duty.key).order_by(ITEMS.c.held_on)
    return conn.scalar(days.limit(1).offset(duty.quota_min - 1))


def facts(duty: Duty) -> Facts:
    """Return the facts of a duty from which `catalog.duties.standing` tells its standing."""
    return Facts(
        opens_on=duty.opens_on,
        due_on=duty.due_on,
        acknowledged_on=duty.acknowledged_on,
        filed_on=duty.filed_on,
        closed_on=duty.closed_on,
        returned_on=duty.returned_on,
        suspended_on=duty.suspended_on,
        closed_as=duty.closed_as,
        waived_on=duty.waived_on,
        quota_min=duty.quota_min,
        quota_max=duty.quota_max,
        delivered=duty.delivered,
        covers_from=duty.covers_from,
        covers_until=duty.covers_until,
        extensions=duty.extensions,
        spoken_on=duty.spoken_on,
        asked_on=duty.asked_on,
        done_on=duty.done_on,
        past_on=duty.past_on,
    )


def _within(keys: tuple[str | None, str | None]) -> list[Condition]:
    after, through = keys
    lower = [DUTIES.c.key > after] if after is not None else []
    return lower + ([DUTIES.c.key <= through] if through is not None else [])


def _by(order: Sequence[Order]) -> list[sa.ColumnElement[Any]]:
    return [*(DUTIES.c[name] for name in order), DUTIES.c.key]


_DUTY: sa.Select[Any] = sa.select(DUTIES)
_OF_KEY = _DUTY.where(DUTIES.c.key == sa.bindparam("key"))
_OF_KEYS = _DUTY.where(DUTIES.c.key.in_(sa.bindparam("keys", expanding=True)))
_DUE = (
    _DUTY.where(DUTIES.c.plan == sa.bindparam("plan"), DUTIES.c.look_on <= sa.bindparam("on"))
    .order_by(DUTIES.c.look_on, DUTIES.c.key)
    .limit(sa.bindparam("limit"))
)
_TO_PREPARE = (
    _DUTY.where(DUTIES.c.plan == sa.bindparam("plan"), DUTIES.c.kind == sa.bindparam("kind"))
    .where(DUTIES.c.prepare_on <= sa.bindparam("on"))
    .order_by(DUTIES.c.key)
    .limit(sa.bindparam("limit"))
)
_PLACE = (DUTIES.c.plan, DUTIES.c.obligation, DUTIES.c.period)
_TALLIES = (
    sa.select(*_PLACE, sa.func.count().filter(DUTIES.c.closed_as == "done"), sa.func.count())
    .where(DUTIES.c.obligation.in_(sa.bindparam("obligations", expanding=True)))
    .where(DUTIES.c.waived_on.is_(None))
    .group_by(*_PLACE)
)


def _duties(
    conn: sa.Connection, query: sa.Select[Any], *, lock: bool = False, **values: object
) -> list[Duty]:
    if lock and conn.dialect.name == "postgresql":  # SQLite has no such lock
        query = query.with_for_update(key_share=True)
    duties = rows(conn, query, Duty, **values)
    mixed = [duty for duty in duties if duty.performer in duty.participants]
    if not mixed:
        return duties
    parties = _parties(conn, {duty.obligation for duty in mixed if duty.party is not None})
    return [
        _with_helpers_alone(duty, parties) if duty.performer in duty.participants else duty
        for duty in duties
    ]


def _parties(conn: sa.Connection, obligations: set[str]) -> dict[tuple[str, str], set[str]]:
    """Return the performers of each of `obligations` with several parties, by plan and id."""
    query = sa.select(DUTIES.c.plan, DUTIES.c.obligation, DUTIES.c.performer).distinct()
    query = query.where(DUTIES.c.obligation.in_(obligations), DUTIES.c.party.is_not(None))
    parties: dict[tuple[str, str], set[str]] = {}
    for plan, obligation, performer in conn.execute(query) if obligations else ():
        parties.setdefault((plan, obligation), set()).add(performer)
    return parties


def _with_helpers_alone(duty: Duty, parties: dict[tuple[str, str], set[str]]) -> Duty:
    """Return the duty without those among its participants who perform it, or its sisters.

    Duties were once created with all participants of their measure; `terms` leaves these out.
    """
    sisters = parties.get((duty.plan, duty.obligation), set()) if duty.party is not None else set()
    helpers = tuple(a for a in duty.participants if a not in sisters and a != duty.performer)
    return duty.model_copy(update={"participants": helpers})
