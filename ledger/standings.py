"""How duties stand on a day, as a question to the database: catalog.standing in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import sqlalchemy as sa

from catalog.quota import behind, looks
from catalog.roles import ENDED, REVIEW, RUNNING
from catalog.standing import DUE_SOON, LIGHTS, Status
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from catalog.standing import Light

    Condition = sa.ColumnElement[bool]

DUTIES = TABLES["duties"]
EXTENSIONS = TABLES["extensions"]


@dataclass(frozen=True, slots=True)
class Day:
    """The duties at the end of day `on`; made by `at`.

    `rules` are the statuses in the order of catalog.standing, each with its condition: the first
    that holds is the status. `live` holds for what has not ended, in a form an index answers.
    """

    on: date
    rules: tuple[tuple[Status, Condition], ...]
    live: Condition

    def told(self, of: Callable[[Status, Light], Any]) -> sa.ColumnElement[Any]:
        """Return, for each duty, what `of` gives for its status and light."""
        lights = _lights(self.on)

        def value(status: Status) -> Any:
            usual = of(status, LIGHTS[status])
            if status not in lights:
                return usual
            holds, light = lights[status]
            return sa.case((holds, of(status, light)), else_=usual)

        return sa.case(*((holds, value(status)) for status, holds in self.rules))

    @property
    def status(self) -> sa.ColumnElement[Status]:
        """The status of each duty."""
        return self.told(lambda status, _: status)

    @property
    def light(self) -> sa.ColumnElement[Light]:
        """The light of each duty."""
        return self.told(lambda _, light: light)

    def stands(self, *names: Status) -> Condition:
        """Return the condition for duties of one of these statuses.

        What follows from the statuses is said beside them: by it the database finds the duties
        without reckoning the status of every one.
        """
        bounds = _bounds(self.on)
        follows = [bounds[names[0]]] if len(names) == 1 and names[0] in bounds else []
        if not ENDED & set(names):
            follows.append(self.live)
            if set(names) <= RUNNING | REVIEW:
                follows.append(DUTIES.c.opens_on <= self.on)
        return sa.and_(*follows, self.status.in_(sorted(names)))

    def lit(self, light: Light) -> Condition:
        """Return the condition for duties of this light."""
        red = [self.live, DUTIES.c.due_on < self.on] if light == "red" else []
        return sa.and_(*red, self.light == light)


def at(conn: sa.Connection, on: date) -> Day:
    """Return how duties stand at the end of day `on`."""
    c = DUTIES.c
    live, filed, closed = _live(conn, on), _by(c.filed_on, on), _by(c.closed_on, on)
    back = c.returned_on >= c.filed_on
    returned = _by(c.returned_on, on) & (c.filed_on.is_(None) | (c.filed_on > on) | back)
    rules: Mapping[Status, Condition] = {
        "waived": _by(c.waived_on, on),
        "closed-not-done": closed & (c.closed_as == "not-done"),
        "closed-on-time": closed & (sa.func.coalesce(c.filed_on, c.closed_on) <= c.due_on),
        "closed-late": closed,
        "suspended": _by(c.suspended_on, on),
        "not-open": c.opens_on > on,
        "under-review": filed & ~returned,
        "returned": returned,
        "overdue": c.due_on < on,
        "behind-pace": _behind(conn, on, live),
        "due-soon": c.due_on <= on + DUE_SOON,
        "awaiting-receipt": c.acknowledged_on.is_(None) | (c.acknowledged_on > on),
        "on-course": sa.true(),
    }
    assert len(rules) == len(get_args(Status))
    return Day(on, tuple(rules.items()), live)


def asked() -> Condition:
    """Return the condition for duties of which another date is asked and not decided."""
    waiting = sa.select(EXTENSIONS.c.duty).where(EXTENSIONS.c.outcome.is_(None))
    return DUTIES.c.key.in_(waiting)


def _by(day: sa.ColumnElement[date], on: date) -> Condition:
    return day.is_not(None) & (day <= on)


def _lights(on: date) -> Mapping[Status, tuple[Condition, Light]]:
    """Return the statuses whose light may be another than their own, and when it is."""
    c = DUTIES.c
    return {"returned": (c.due_on < on, "red"), "under-review": (c.filed_on > c.due_on, "amber")}


def _bounds(on: date) -> Mapping[Status, Condition]:
    """Return what follows from a status and is found by an index."""
    c, soon = DUTIES.c, on + DUE_SOON
    return {
        "waived": c.waived_on.is_not(None),
        "closed-not-done": c.closed_on.is_not(None),
        "closed-on-time": c.closed_on.is_not(None),
        "closed-late": c.closed_on.is_not(None),
        "not-open": c.opens_on > on,
        "under-review": c.filed_on <= on,
        "returned": c.returned_on <= on,
        "overdue": c.due_on < on,
        "behind-pace": c.due_on >= on,
        "due-soon": c.due_on.between(on, soon),
        "awaiting-receipt": c.due_on > soon,
        "on-course": c.due_on > soon,
    }


def _live(conn: sa.Connection, on: date) -> Condition:
    """Return what holds for all that is neither closed nor waived by `on`.

    Mostly nothing has happened after `on`: then it is that of an index, `ix_duties_live`.
    """
    c = DUTIES.c
    ends = (c.closed_on, c.waived_on)
    if any(conn.scalar(sa.select(sa.exists().where(end > on))) for end in ends):
        return sa.and_(*(end.is_(None) | (end > on) for end in ends))
    return sa.and_(*(end.is_(None) for end in ends))


def _behind(conn: sa.Connection, on: date, live: Condition) -> Condition:
    """Ask for what lags behind the pace of its quota.

    Pace is reckoned in Python, once for all duties with the same days and the same figures.
    """
    c = DUTIES.c
    same = (c.quota_min, c.delivered, c.opens_on, c.due_on)
    alike = sa.select(*same).distinct()
    alike = alike.where(live, c.quota_min.is_not(None), c.opens_on <= on, c.due_on >= on)
    found = [
        (least, delivered, opens_on, due_on)
        for least, delivered, opens_on, due_on in conn.execute(alike)
        if (past := [q.due_on for q in looks(opens_on, due_on) if q.due_on <= on])
        and behind(least, delivered, opens_on, due_on, today=past[-1])
    ]
    return c.quota_min.is_not(None) & sa.tuple_(*same).in_(found) if found else sa.false()
