"""Standing in SQL: the rules of `catalog.duties.standing` as conditions on duties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalog.duties.quota import behind, last_look, paced
from catalog.duties.standing import DUE_SOON, ENDED, LIGHTS, PAST, REVIEW, RUNNING, Standing
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from catalog.duties.standing import Light, Status
    from ledger.duties.conditions import Condition

DUTIES = TABLES["duties"]
EXTENSIONS = TABLES["extensions"]
# As `catalog.duties.standing.Facts.finished_on`.
FINISHED_ON = sa.func.coalesce(DUTIES.c.done_on, DUTIES.c.filed_on, DUTIES.c.closed_on)

# The most pressing first: a group of duties shows the first that one of them has.
PRESSING = (
    Standing("overdue", "red"),
    Standing("returned", "red"),
    Standing("returned", "amber"),
    Standing("behind-pace", "amber"),
    Standing("due-soon", "amber"),
    Standing("under-review", "amber"),
    Standing("under-review", "green"),
    Standing("awaiting-receipt", "green"),
    Standing("on-course", "green"),
    Standing("suspended", "none"),
    Standing("not-open", "none"),
    Standing("closed-late", "amber"),
    Standing("closed-not-done", "none"),
    Standing("closed-on-time", "green"),
    Standing("waived", "none"),
    Standing("past", "none"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """Standings at the end of day `on`, built by `at`.

    `rules` are conditions in the order of catalog.duties.standing, each with its standing: the
    first that holds counts. `live` holds for duties that have not ended and are not past, in a
    form that an index serves.
    """

    on: date
    rules: tuple[tuple[Condition, Standing], ...]
    live: Condition

    def _by_standing(self, of: Callable[[Standing], Any]) -> sa.ColumnElement[Any]:
        """Return, for each duty, the value of `of` for its standing."""
        return sa.case(*((holds, of(standing)) for holds, standing in self.rules))

    @property
    def status(self) -> sa.ColumnElement[Status]:
        """The status of each duty."""
        return self._by_standing(lambda standing: standing.status)

    @property
    def light(self) -> sa.ColumnElement[Light]:
        """The light of each duty."""
        return self._by_standing(lambda standing: standing.light)

    @property
    def pressing(self) -> sa.ColumnElement[int]:
        """The place of each duty's standing in PRESSING."""
        return self._by_standing(PRESSING.index)

    @property
    def alive(self) -> Day:
        """The same day for duties that meet `live`, without the rules for all others."""
        rules = tuple(rule for rule in self.rules if rule[1].status not in ENDED | PAST)
        return replace(self, rules=rules)

    def has_status(self, *names: Status) -> Condition:
        """Return the condition for duties with one of these statuses.

        Conditions that follow from the statuses are added, so that an index narrows the search.
        """
        bounds = _bounds(self.on)
        follows = [bounds[names[0]]] if len(names) == 1 else []
        if set(names) <= RUNNING | REVIEW:
            follows.append(DUTIES.c.opens_on <= self.on)
        if (ENDED | PAST) & set(names):
            return sa.and_(*follows, self.matching(lambda standing: standing.status in names))
        first = self.alive.matching(lambda standing: standing.status in names)
        return sa.and_(self.live, *follows, first)

    def has_light(self, light: Light) -> Condition:
        """Return the condition for duties with this light."""
        if light == "red":
            first = self.alive.matching(lambda standing: standing.light == light)
            return sa.and_(self.live, DUTIES.c.due_on < self.on, first)
        return self.matching(lambda standing: standing.light == light)

    def matching(self, test: Callable[[Standing], bool]) -> Condition:
        """Return the condition for duties whose standing passes `test`.

        Neighbouring rules with the same result become one condition.
        """
        *before, (last, _) = [
            (passes, sa.or_(*(holds for holds, _ in rules)))
            for passes, rules in groupby(self.rules, lambda rule: test(rule[1]))
        ]
        tests = ((holds, sa.true() if passes else sa.false()) for passes, holds in before)
        return sa.case(*tests, else_=sa.true() if last else sa.false())


def at(conn: sa.Connection, on: date) -> Day:
    """Return the standings at the end of day `on`."""
    c, live = DUTIES.c, _live(conn, on)
    filed, closed = _by(c.filed_on, on), _by(c.closed_on, on)
    back = c.returned_on >= c.filed_on
    returned = _by(c.returned_on, on) & (c.filed_on.is_(None) | (c.filed_on > on) | back)
    rules: list[tuple[Condition, Status]] = [
        (_by(c.waived_on, on), "waived"),
        (closed & (c.closed_as == "not-done"), "closed-not-done"),
        (closed & (c.due_on >= FINISHED_ON), "closed-on-time"),
        (closed, "closed-late"),
        (c.past_on.is_not(None), "past"),
        (_by(c.suspended_on, on), "suspended"),
        (c.opens_on > on, "not-open"),
        (filed & ~returned, "under-review"),
        (returned, "returned"),
        (c.due_on < on, "overdue"),
        (_behind(conn, on, live), "behind-pace"),
        (c.due_on <= on + DUE_SOON, "due-soon"),
        (c.acknowledged_on.is_(None) | (c.acknowledged_on > on), "awaiting-receipt"),
        (sa.true(), "on-course"),
    ]
    lights: dict[Status, tuple[Condition, Light]] = {
        "under-review": (c.filed_on > c.due_on, "amber"),
        "returned": (c.due_on < on, "red"),
    }
    standings: list[tuple[Condition, Standing]] = []
    for holds, status in rules:
        if status in lights:
            besides, light = lights[status]
            standings.append((holds & besides, Standing(status, light)))
        standings.append((holds, Standing(status, LIGHTS[status])))
    return Day(on, tuple(standings), live)


def extension_requested() -> Condition:
    """Return the condition for duties with an undecided request for an extension."""
    requests = sa.select(EXTENSIONS.c.duty).where(EXTENSIONS.c.outcome.is_(None))
    return DUTIES.c.key.in_(requests)


def _by(day: sa.ColumnElement[date], on: date) -> Condition:
    return day.is_not(None) & (day <= on)


def _bounds(on: date) -> Mapping[Status, Condition]:
    """Return, for each status, a condition that follows from it and that an index serves."""
    c, soon = DUTIES.c, on + DUE_SOON
    return {
        "waived": c.waived_on.is_not(None),
        "closed-not-done": c.closed_on.is_not(None),
        "closed-on-time": c.closed_on.is_not(None),
        "closed-late": c.closed_on.is_not(None),
        "past": c.past_on.is_not(None),
        "suspended": c.suspended_on <= on,
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
    """Return the condition for duties neither closed nor waived by `on`, and not past.

    Where nothing ended after `on`, the usual case, it is that of the index `ix_duties_live`.
    """
    c = DUTIES.c
    ends = (c.closed_on, c.waived_on)
    if any(conn.scalar(sa.select(sa.exists().where(end > on))) for end in ends):
        return sa.and_(*(end.is_(None) | (end > on) for end in ends), c.past_on.is_(None))
    return sa.and_(*(end.is_(None) for end in ends), c.past_on.is_(None))


def _behind(conn: sa.Connection, on: date, live: Condition) -> Condition:
    """Return the condition for duties behind the pace of their quota.

    Pace is computed in Python, once for all duties with the same days and figures. Days of a
    period that are not recorded are those of opening and due date.
    """
    c = DUTIES.c
    covers = (
        sa.func.coalesce(c.covers_from, c.opens_on),
        sa.func.coalesce(c.covers_until, c.due_on),
    )
    same = (c.quota_min, c.delivered, c.opens_on, c.due_on, *covers, c.extensions)
    query = sa.select(*same).distinct()
    query = query.where(live, c.quota_min.is_not(None), c.opens_on <= on, c.due_on >= on)
    lagging = [
        tuple(row)
        for row in conn.execute(query)
        if (look_on := last_look(row.opens_on, row.due_on, on))
        and behind(row.quota_min, row.delivered, *paced(*row[2:]), today=look_on)
    ]
    return c.quota_min.is_not(None) & sa.tuple_(*same).in_(lagging) if lagging else sa.false()
