"""Derived columns: the progress of sweeps and deliveries, compared with what it follows from.

They drive the engine and stay out of the history, because they follow from it: a sweep that looked
at a duty in vain leaves no entry.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from pydantic import ValidationError

from catalog.dates import retries
from catalog.dates.days import A_DAY
from catalog.duties.standing import Facts
from catalog.errors import NotFoundError
from catalog.ladder.progress import Progress, ProgressFacts, Trail, right, unlooked
from catalog.plans.load import plan_in
from catalog.reports.preparation import prepares_on
from ledger.holiday_notices import calendar
from ledger.tables import TABLES, instant_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from catalog.dates.workdays import Workdays
    from catalog.ladder.rungs import Ladder
    from ledger.proof.trails import PlanDays, Steps, Trails
    from ledger.store.changes import Key

    Values = Mapping[str, Any]

COLUMNS = {
    "duties": ("told_through", "look_on", "prepare_on"),
    "editions": ("expanded_through", "swept_through"),
    "letters": ("tries", "next_try_at", "claimed_until"),
}
SLACK = dt.timedelta(hours=1)  # a sweep that checks has begun before its senders' last claims
EARLIEST = dt.timedelta(hours=14)  # a day begins up to so long before that of UTC
AHEAD = 2  # years a sweep creates duties in advance
MEND = "`duban verify --mend` sets it right"


class Wrong(NamedTuple):
    """A derived column whose value does not follow from the history, and the right value."""

    table: str
    key: Key
    column: str
    value: Any
    right: Any

    @property
    def what(self) -> str:
        """The row and column, its value and the right one."""
        place = f"{self.table} {self.key} in {self.column}"
        return f"{place}: {shown(self.value)}, not {shown(self.right)}"

    def __str__(self) -> str:
        """Return the finding as `duban verify` prints it, with the remedy."""
        return f"wrong: {self.what}; {MEND}"


class Row(NamedTuple):
    """The stored values of a row's derived columns, in the order of COLUMNS, and its trail."""

    values: Sequence[Any]
    trail: Steps


@dataclass
class _Plan:
    """The editions of a plan, oldest first, and what its duties are judged by.

    `latest` is the last day a sweep can have had, `today` the last day that has begun anywhere;
    without it, or in a demonstration, days are as the history says. `unlooked` is the earliest day
    of a look that a finished sweep would have made and did not.
    """

    editions: list[sa.Row[Any]]
    ladders: Mapping[str, Ladder]
    workdays: Workdays
    days: PlanDays
    swept: dt.date | None
    latest: dt.date
    today: dt.date | None
    unlooked: dt.date | None = None

    @property
    def row(self) -> sa.Row[Any]:
        """The edition in force."""
        return next(e for e in reversed(self.editions) if e.in_force)

    @property
    def is_current(self) -> bool:
        """False while a new table of working days waits for the next sweep."""
        return bool(self.row.workdays_version == self.workdays.version)

    def come(self, day: dt.date | None) -> dt.date | None:
        """Return the day, or one that has come everywhere for one that a wrong clock was ahead.

        No sweep runs before the day through which the last one swept.
        """
        return self.today - 2 * A_DAY if day and self.today and day > self.today else day


class Judge:
    """Comparison of derived columns with the facts and trails of a history.

    `at` is the present instant, where it is known: no sweep and no claim can be ahead of it.
    """

    def __init__(self, conn: sa.Connection, trails: Trails, at: dt.datetime | None) -> None:
        self._at = at
        self._days = trails.plans
        self._last = _day(trails.last) or dt.date.min
        self._today = (at + EARLIEST).date() if at else None
        self._last = max(self._last, self._today or dt.date.min)
        self._plans = dict(self._read(conn))

    def row(self, table: str, key: Key, facts: Values, derived: Row) -> Iterator[Wrong]:
        """Yield the wrong columns of a row; `facts` are those of the history."""
        values = dict(zip(COLUMNS[table], derived.values, strict=True))
        if table == "duties":
            yield from self._duty(key, facts, values, derived.trail)
        elif table == "letters":
            yield from self._letter(key, facts, values, derived.trail)

    def _duty(self, key: Key, facts: Values, values: Values, trail: Steps) -> Iterator[Wrong]:
        plan = self._plans.get(facts["plan"])
        ladder = plan.ladders.get(facts["ladder"]) if plan else None
        if plan is None or ladder is None or not plan.is_current:
            return
        progress = Progress(*(_day(values[name]) for name in COLUMNS["duties"]))
        basis = _facts(plan, ladder, facts, trail)
        better = right(basis, progress)
        for name, day in better._asdict().items():
            if day != getattr(progress, name) or values[name] != _text(day):
                yield Wrong("duties", key, name, values[name], day)
        if plan.row.slips_held:
            return  # the sweep left them until a person confirms
        if better.look_on == progress.look_on and unlooked(basis, progress.look_on):
            plan.unlooked = min(plan.unlooked or dt.date.max, progress.look_on or dt.date.max)

    def _letter(self, key: Key, facts: Values, values: Values, trail: Steps) -> Iterator[Wrong]:
        failed, failed_at = trail.get("failed", 0), _instant(trail.get("failed_at"))
        next_at = failed_at + retries.delay(failed - 1) if failed and failed_at else None
        claimed = _instant(values["claimed_until"]) if facts["state"] == "queued" else None
        if claimed and self._at and claimed > self._at + retries.LEASE + SLACK:
            claimed = None
        rights = {"tries": failed, "next_try_at": next_at, "claimed_until": claimed}
        for name, value in rights.items():
            stored = values[name]
            if stored != (instant_text(value) if isinstance(value, dt.datetime) else value):
                yield Wrong("letters", key, name, stored, value)

    def editions(self, only: str | None = None) -> Iterator[Wrong]:
        """Yield the wrong columns of the editions, or of one plan's, after duties were judged."""
        for code, plan in self._plans.items():
            if only not in (None, code):
                continue
            swept = self._swept_through(plan)
            rights = {"swept_through": swept, "expanded_through": _expanded_through(plan, swept)}
            for row in plan.editions:
                key = (row.plan, row.edition)
                for name, latest in rights.items():
                    value = getattr(row, name)
                    day = latest if row is plan.row else _no_later(value, latest)
                    yield from _unless(key, name, value, day)

    def homes(self, conn: sa.Connection) -> Iterator[Wrong]:
        """Yield the homes whose last sweep was on no day; none is later than the ledger's last."""
        swept = [plan.swept for plan in self._plans.values() if plan.swept]
        homes = TABLES["homes"].c
        seen_on = sa.type_coerce(homes.seen_on, sa.types.NullType())
        for key, value in conn.execute(sa.select(homes.id, seen_on).order_by(homes.id)):
            if str(value) != _text(_day(value)):
                yield Wrong("homes", key, "seen_on", value, max(swept, default=self._last))

    def _swept_through(self, plan: _Plan) -> dt.date | None:
        """Return the day; a sweep may have ended early, so the last day in the history may lack."""
        swept = plan.swept
        last, before = (plan.come(_day(day)) for day in (plan.days.last, plan.days.before))
        latest = plan.today or plan.latest
        if swept is None or swept > latest or (before and swept < before):
            return last if before or swept else swept
        return plan.unlooked - A_DAY if plan.unlooked else swept

    def _read(self, conn: sa.Connection) -> Iterator[tuple[str, _Plan]]:
        columns = TABLES["editions"].c
        raw = [sa.type_coerce(column, sa.types.NullType()).label(column.name) for column in columns]
        rows: dict[str, list[sa.Row[Any]]] = {}
        for row in conn.execute(sa.select(*raw).order_by(columns.plan, columns.edition)):
            rows.setdefault(row.plan, []).append(row)
        for plan, editions in rows.items():
            if any(row.in_force for row in editions):
                yield from self._plan(conn, plan, editions)

    def _plan(
        self, conn: sa.Connection, code: str, editions: list[sa.Row[Any]]
    ) -> Iterator[tuple[str, _Plan]]:
        """Yield the plan, unless its document or its end is none: that is a fault of its own."""
        row = next(e for e in reversed(editions) if e.in_force)
        try:
            plans = [plan_in(edition.document) for edition in editions]
            workdays = calendar(conn, plan_in(row.document).workdays)
        except (ValidationError, NotFoundError):
            return
        if not all(_day(edition.ends_on) for edition in editions):
            return
        swept = _day(row.swept_through)
        latest = self._last if self._at else max(self._last, swept or dt.date.min)
        ladders = {plan.ladder.digest: plan.ladder for plan in plans}
        today = None if row.is_demo else self._today
        yield code, _Plan(editions, ladders, workdays, self._days[code], swept, latest, today)


def _facts(plan: _Plan, ladder: Ladder, facts: Values, trail: Steps) -> ProgressFacts:
    opens_on, due_on = _date(facts["opens_on"]), _date(facts["due_on"])
    planned_on = _day(facts["planned_on"])
    prepares = prepares_on(
        facts["kind"], ladder, plan.workdays, opens_on, due_on, planned_on=planned_on
    )
    again = _day(plan.days.recalendared)
    changes = [_day(trail.get(name)) for name in ("changed_on", "last_on")]
    changed_on, last_on = (max(filter(None, (day, again)), default=None) for day in changes)
    return ProgressFacts(
        ladder=ladder,
        workdays=plan.workdays,
        facts=Facts(
            opens_on=opens_on,
            due_on=due_on,
            acknowledged_on=_day(facts["acknowledged_on"]),
            filed_on=_day(facts["filed_on"]),
            returned_on=_day(facts["returned_on"]),
            suspended_on=_day(facts["suspended_on"]),
            closed_on=_day(facts["closed_on"]),
            waived_on=_day(facts["waived_on"]),
            quota_min=facts["quota_min"],
            delivered=facts["delivered"],
            covers_from=_day(facts["covers_from"]),
            covers_until=_day(facts["covers_until"]),
            extensions=facts["extensions"],
            spoken_on=_day(facts["spoken_on"]),
            asked_on=_day(facts["asked_on"]),
            done_on=_day(facts["done_on"]),
            past_on=_day(facts["past_on"]),
        ),
        trail=Trail(_day(trail.get("told_on")), changed_on, last_on, trail.get("waived", False)),
        opened=facts["opened_on"] is not None,
        filed=facts["filings"] > 0,
        prepares_on=None if trail.get("prepared") else prepares,
        swept=plan.swept,
        latest=plan.latest,
    )


def _expanded_through(plan: _Plan, swept: dt.date | None) -> dt.date | None:
    """Return the day; an amendment may have moved the end of the plan since the last sweep."""
    day, ends = _day(plan.row.expanded_through), [_date(str(e.ends_on)) for e in plan.editions]
    if swept is None and day is None:
        return None
    least = min(*ends, _horizon(swept)) if swept else dt.date.min
    most = min(max(ends), _horizon(plan.latest))
    return day if day is not None and least <= day <= most else min(ends[-1], _horizon(plan.latest))


def _horizon(on: dt.date) -> dt.date:
    return dt.date(min(on.year + AHEAD, dt.MAXYEAR), 12, 31)


def _no_later(value: Any, day: dt.date | None) -> dt.date | None:
    """Return the day of a retired edition, at most that of the edition in force."""
    retired = _day(value)
    return day if retired and (day is None or retired > day) else retired


def _unless(key: Key, column: str, value: Any, day: dt.date | None) -> Iterator[Wrong]:
    if _text(_day(value)) != _text(day) or (value is not None and _day(value) is None):
        yield Wrong("editions", key, column, value, day)


def shown(value: Any) -> str:
    """Return a value as a finding shows it."""
    if value is None:
        return "empty"
    return instant_text(value) if isinstance(value, dt.datetime) else str(value)


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(value: Any) -> dt.date | None:
    """Return the date of a stored value, None for one that is no date."""
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return _date(value)
    except (ValueError, TypeError):
        return None


def _instant(value: Any) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(value) if value else None
    except (ValueError, TypeError):
        return None


@lru_cache(maxsize=4096)  # thousands of duties share a few hundred days
def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
