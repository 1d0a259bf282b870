"""Overview figures: duties by day, agency, measure and quota, and letters by state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from catalog.duties.quota import paced
from ledger.duties.conditions import COUNTED
from ledger.duties.standing_in_sql import FINISHED_ON, PRESSING
from ledger.post import notices
from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

    from catalog.duties.standing import Standing
    from ledger.duties.conditions import Condition
    from ledger.duties.standing_in_sql import Day

DUTIES = TABLES["duties"]
NOTICES = TABLES["notices"]
MESSAGES = TABLES["messages"]
CARRIED, LETTERS = TABLES["carried"], TABLES["letters"]


class Counts(NamedTuple):
    """Figures of one plan; `late` counts duties done after their due date, or overdue."""

    duties: int
    opened: int
    closed: int
    late: int
    notices: int
    messages: dict[str, int]
    slips: int


class Cell(NamedTuple):
    """Duties of an agency due in a month: how many, how many not ended, and the worst standing.

    `worst` is the most pressing standing of those that have not ended, None where all have.
    """

    many: int
    live: int
    worst: Standing | None


class Group(NamedTuple):
    """Duties of one measure due on a day: `key` is the first, `opens_on` the earliest."""

    measure: str
    due_on: date
    many: int
    worst: Standing
    key: str
    opens_on: date


class QuotaGroup(NamedTuple):
    """Running quotas of one obligation and period with the same days and the same minimum.

    They are counted from the `first` day to the `last`. `delivered` counts the items of all,
    `worst` is the most pressing standing, `key` the first.
    """

    obligation: str
    period: str
    first: date
    last: date
    least: int
    many: int
    delivered: int
    worst: Standing
    key: str


def counts(conn: sa.Connection, plan: str, on: date) -> Counts:
    """Return the figures of `plan` at the end of day `on`: letters by state, slips in any."""
    duties, opened, closed, late = conn.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(DUTIES.c.opened_on),
            sa.func.count(DUTIES.c.closed_on),
            sa.func.count().filter(_done_on(on) > DUTIES.c.due_on),
        ).where(DUTIES.c.plan == plan, COUNTED)
    ).one()
    of_plan = MESSAGES.c.plan == plan
    slips = sa.select(*(NOTICES.c[name] for name in notices.SLIP)).join(MESSAGES, _CARRIES)
    return Counts(
        duties=duties,
        opened=opened,
        closed=closed,
        late=late,
        notices=_count(conn, sa.select(NOTICES).join(MESSAGES, _CARRIES).where(of_plan)),
        messages=_by_state(conn, plan),
        slips=_count(conn, slips.where(of_plan, NOTICES.c.form == "slip").distinct()),
    )


def due_by_day(conn: sa.Connection, *where: Condition) -> dict[date, int]:
    """Return how many of the duties that meet `where` are due on each day, by day."""
    query = sa.select(DUTIES.c.due_on, sa.func.count()).where(*where)
    rows = conn.execute(query.group_by(DUTIES.c.due_on).order_by(DUTIES.c.due_on))
    return {row[0]: row[1] for row in rows}


def done_by_day(conn: sa.Connection, on: date, *where: Condition) -> dict[date, int]:
    """Return how many duties closed by `on` were finished on each day."""
    query = sa.select(FINISHED_ON, sa.func.count()).where(DUTIES.c.closed_on <= on, *where)
    return {row[0]: row[1] for row in conn.execute(query.group_by(FINISHED_ON))}


def performing(conn: sa.Connection, *where: Condition) -> dict[str, int]:
    """Return how many of the duties that meet `where` each agency performs, most first."""
    c = DUTIES.c
    totals: dict[str, int] = {}
    # Grouped by both: an index on the performer alone would have every duty read.
    query = sa.select(c.performer, sa.func.count()).where(*where).group_by(c.lead, c.performer)
    for performer, many in conn.execute(query):
        totals[performer] = totals.get(performer, 0) + many
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def by_agency(
    conn: sa.Connection, day: Day, *where: Condition, span: tuple[date, date]
) -> dict[str, dict[date, Cell]]:
    """Return, by month, the duties that meet `where` and each agency leads or performs.

    `span` is the first and the last due date; a month is its first day. A duty that an agency
    both leads and performs counts once.
    """
    c = DUTIES.c
    agencies: dict[str, dict[date, Cell]] = {}
    for column, once in ((c.performer, sa.true()), (c.lead, c.lead != c.performer)):
        query = sa.select(column, c.due_on, sa.func.count()).where(once, *where)
        for agency, due_on, many in conn.execute(query.group_by(column, c.due_on)):
            if span[0] <= due_on <= span[1]:
                _add(agencies.setdefault(agency, {}), due_on, Cell(many, 0, None))
        query = sa.select(column, c.due_on, sa.func.count(), sa.func.min(day.alive.pressing))
        query = query.where(day.live, c.due_on.between(*span), once, *where)
        for agency, due_on, many, place in conn.execute(query.group_by(column, c.due_on)):
            _add(agencies.setdefault(agency, {}), due_on, Cell(0, many, PRESSING[place]))
    return agencies


def by_measure(conn: sa.Connection, day: Day, *where: Condition) -> list[Group]:
    """Return the duties that meet `where`, grouped by measure and due date, by due date."""
    c = DUTIES.c
    figures = (sa.func.count(), sa.func.min(day.pressing), sa.func.min(c.key))
    query = sa.select(c.measure, c.due_on, *figures, sa.func.min(c.opens_on)).where(*where)
    rows = conn.execute(query.group_by(c.measure, c.due_on))
    groups = [
        Group(measure, due_on, many, PRESSING[place], key, opens_on)
        for measure, due_on, many, place, key, opens_on in rows
    ]
    return sorted(groups, key=lambda group: (group.due_on, group.key))


def quotas(conn: sa.Connection, day: Day, *where: Condition) -> list[QuotaGroup]:
    """Return the quotas that run on the day, of the duties that meet `where`."""
    c = DUTIES.c
    covers = (c.covers_from, c.covers_until, c.extensions)
    same = (c.obligation, c.period, c.opens_on, c.due_on, *covers, c.quota_min)
    runs = (c.quota_min.is_not(None), c.opens_on <= day.on, c.due_on >= day.on)
    figures = (sa.func.count(), sa.func.sum(c.delivered), sa.func.min(day.alive.pressing))
    query = sa.select(*same, *figures, sa.func.min(c.key)).where(day.live, *runs, *where)
    rows = conn.execute(query.group_by(*same))
    return [
        QuotaGroup._make([*row[:2], *paced(*row[2:7]), *row[7:10], PRESSING[row[10]], row[11]])
        for row in rows
    ]


def undelivered(conn: sa.Connection, state: str) -> dict[str, int]:
    """Return how many messages are dead, or bounced, by recipient, most first."""
    many = sa.func.count()
    query = sa.select(MESSAGES.c.recipient, many).where(MESSAGES.c.state == state)
    rows = conn.execute(query.group_by(MESSAGES.c.recipient).order_by(many.desc()))
    return {row[0]: row[1] for row in rows}


_CARRIES = MESSAGES.c.id == NOTICES.c.message


def _add(months: dict[date, Cell], due_on: date, more: Cell) -> None:
    month = due_on.replace(day=1)
    cell = months.get(month, Cell(0, 0, None))
    worst = [each for each in (cell.worst, more.worst) if each]
    months[month] = Cell(
        cell.many + more.many,
        cell.live + more.live,
        min(worst, key=PRESSING.index, default=None),
    )


def _done_on(on: date) -> sa.ColumnElement[date]:
    """Return the day a duty was finished, or `on` where it was not."""
    return sa.func.coalesce(FINISHED_ON, sa.literal(on, sa.Date))


def _by_state(conn: sa.Connection, plan: str) -> dict[str, int]:
    """Return how many letters with a message of the plan are in each state, and other messages.

    A letter that died is dead for as long as its message is.
    """
    own = (MESSAGES.c.plan == plan,)
    many = sa.func.count(LETTERS.c.id.distinct())
    carried = sa.select(CARRIED.c.letter).where(CARRIED.c.message == MESSAGES.c.id).exists()
    letters = (
        sa.select(LETTERS.c.state, many)
        .join(CARRIED, CARRIED.c.letter == LETTERS.c.id)
        .join(MESSAGES, MESSAGES.c.id == CARRIED.c.message)
        .where(*own, sa.or_(LETTERS.c.state != "dead", MESSAGES.c.state == "dead"))
        .group_by(LETTERS.c.state)
    )
    state = MESSAGES.c.state
    others = sa.select(state, sa.func.count()).where(*own, ~carried).group_by(state)
    totals: dict[str, int] = {}
    for name, number in [*conn.execute(letters), *conn.execute(others)]:
        totals[name] = totals.get(name, 0) + number
    return dict(sorted(totals.items()))


def _count(conn: sa.Connection, query: sa.Select[Any]) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
