"""How plans stand in figures: duties counted by day, by agency and by quota, and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ledger.duties.standing_in_sql import PRESSING
from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

    from catalog.duties.standing import Standing
    from ledger.duties.conditions import Condition
    from ledger.duties.standing_in_sql import Day

DUTIES = TABLES["duties"]
NOTICES = TABLES["notices"]
MESSAGES = TABLES["messages"]


class Counts(NamedTuple):
    """The figures of one plan; `late` counts the duties done after their due date, or not yet."""

    duties: int
    opened: int
    closed: int
    late: int
    notices: int
    messages: dict[str, int]
    slips: int


class Cell(NamedTuple):
    """What of an agency is due in a month: how many duties, how many not ended, the worst.

    `worst` is the most pressing standing of those that have not ended, None when all have.
    """

    many: int
    live: int
    worst: Standing | None


class Group(NamedTuple):
    """What of one measure is due on a day: `key` is the first of its duties, `opens_on` of any."""

    measure: str
    due_on: date
    many: int
    worst: Standing
    key: str
    opens_on: date


class Alike(NamedTuple):
    """Running quotas of one obligation and period with the same days and the same minimum.

    `done` counts the items of all, `worst` is the most pressing standing, `key` of the first.
    """

    obligation: str
    period: str
    opens_on: date
    due_on: date
    least: int
    many: int
    done: int
    worst: Standing
    key: str


def counts(conn: sa.Connection, plan: str, on: date) -> Counts:
    """Return the figures of `plan` at the end of day `on`; messages by state, slips of any."""
    duties, opened, closed, late = conn.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(DUTIES.c.opened_on),
            sa.func.count(DUTIES.c.closed_on),
            sa.func.count().filter(_done_on(on) > DUTIES.c.due_on),
        ).where(DUTIES.c.plan == plan)
    ).one()
    of_plan = MESSAGES.c.plan == plan
    return Counts(
        duties=duties,
        opened=opened,
        closed=closed,
        late=late,
        notices=_count(conn, sa.select(NOTICES).join(MESSAGES, _CARRIES).where(of_plan)),
        messages=_by_state(conn, plan),
        slips=_count(conn, sa.select(MESSAGES).where(of_plan, MESSAGES.c.form == "slip")),
    )


def due_by_day(conn: sa.Connection, *where: Condition) -> dict[date, int]:
    """Return how many duties `where` holds for are due on each day, by day."""
    query = sa.select(DUTIES.c.due_on, sa.func.count()).where(*where)
    rows = conn.execute(query.group_by(DUTIES.c.due_on).order_by(DUTIES.c.due_on))
    return {row[0]: row[1] for row in rows}


def done_by_day(conn: sa.Connection, on: date, *where: Condition) -> dict[date, int]:
    """Return how many of those closed by `on` were done on each day: reported, else closed."""
    c = DUTIES.c
    query = sa.select(c.closed_on, c.filed_on, sa.func.count()).where(c.closed_on <= on, *where)
    done: dict[date, int] = {}
    for closed_on, filed_on, many in conn.execute(query.group_by(c.closed_on, c.filed_on)):
        done[filed_on or closed_on] = done.get(filed_on or closed_on, 0) + many
    return done


def performing(conn: sa.Connection, *where: Condition) -> dict[str, int]:
    """Return how many duties `where` holds for each agency performs, most first."""
    c = DUTIES.c
    found: dict[str, int] = {}
    # By both: an index on the performer alone would have every duty read.
    query = sa.select(c.performer, sa.func.count()).where(*where).group_by(c.lead, c.performer)
    for performer, many in conn.execute(query):
        found[performer] = found.get(performer, 0) + many
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def by_agency(
    conn: sa.Connection, day: Day, *where: Condition, span: tuple[date, date]
) -> dict[str, dict[date, Cell]]:
    """Return what each agency leads or performs of the duties `where` holds for, by month.

    `span` is the first and the last day they are due; a month is its first day. A duty that an
    agency both leads and performs counts once.
    """
    c = DUTIES.c
    found: dict[str, dict[date, Cell]] = {}
    for column, once in ((c.performer, sa.true()), (c.lead, c.lead != c.performer)):
        held = sa.select(column, c.due_on, sa.func.count()).where(once, *where)
        for agency, due_on, many in conn.execute(held.group_by(column, c.due_on)):
            if span[0] <= due_on <= span[1]:
                _add(found.setdefault(agency, {}), due_on, Cell(many, 0, None))
        held = sa.select(column, c.due_on, sa.func.count(), sa.func.min(day.alive.pressing))
        held = held.where(day.live, c.due_on.between(*span), once, *where)
        for agency, due_on, many, place in conn.execute(held.group_by(column, c.due_on)):
            _add(found.setdefault(agency, {}), due_on, Cell(0, many, PRESSING[place]))
    return found


def by_measure(conn: sa.Connection, day: Day, *where: Condition) -> list[Group]:
    """Return the duties `where` holds for, grouped by measure and due date, by due date."""
    c = DUTIES.c
    figures = (sa.func.count(), sa.func.min(day.pressing), sa.func.min(c.key))
    query = sa.select(c.measure, c.due_on, *figures, sa.func.min(c.opens_on)).where(*where)
    rows = conn.execute(query.group_by(c.measure, c.due_on))
    found = [
        Group(measure, due_on, many, PRESSING[place], key, opens_on)
        for measure, due_on, many, place, key, opens_on in rows
    ]
    return sorted(found, key=lambda group: (group.due_on, group.key))


def quotas(conn: sa.Connection, day: Day, *where: Condition) -> list[Alike]:
    """Return the quotas that run on the day, of the duties `where` holds for."""
    c = DUTIES.c
    alike = (c.obligation, c.period, c.opens_on, c.due_on, c.quota_min)
    runs = (c.quota_min.is_not(None), c.opens_on <= day.on, c.due_on >= day.on)
    figures = (sa.func.count(), sa.func.sum(c.delivered), sa.func.min(day.alive.pressing))
    query = sa.select(*alike, *figures, sa.func.min(c.key)).where(day.live, *runs, *where)
    rows = conn.execute(query.group_by(*alike))
    return [Alike._make([*row[:7], PRESSING[row[7]], row[8]]) for row in rows]


def undelivered(conn: sa.Connection) -> dict[str, int]:
    """Return how many messages ended undelivered, by the position they were for, most first."""
    many = sa.func.count()
    query = sa.select(MESSAGES.c.recipient, many).where(MESSAGES.c.state == "dead")
    rows = conn.execute(query.group_by(MESSAGES.c.recipient).order_by(many.desc()))
    return {row[0]: row[1] for row in rows}


_CARRIES = MESSAGES.c.id == NOTICES.c.message


def _add(months: dict[date, Cell], due_on: date, more: Cell) -> None:
    month = due_on.replace(day=1)
    held = months.get(month, Cell(0, 0, None))
    worst = [each for each in (held.worst, more.worst) if each]
    months[month] = Cell(
        held.many + more.many,
        held.live + more.live,
        min(worst, key=PRESSING.index, default=None),
    )


def _done_on(on: date) -> sa.ColumnElement[date]:
    """Return the day a duty was reported or closed, and for one that is neither the day `on`."""
    return sa.func.coalesce(DUTIES.c.filed_on, DUTIES.c.closed_on, sa.literal(on, sa.Date))


def _by_state(conn: sa.Connection, plan: str) -> dict[str, int]:
    state = MESSAGES.c.state
    query = sa.select(state, sa.func.count()).where(MESSAGES.c.plan == plan)
    return {row[0]: row[1] for row in conn.execute(query.group_by(state).order_by(state))}


def _count(conn: sa.Connection, query: sa.Select[Any]) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
