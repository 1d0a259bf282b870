"""Charts of the cockpit: progress expected by now beside actual progress."""

from __future__ import annotations

import datetime as dt
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from catalog.duties.quota import expected
from catalog.wording import say
from desk.web.addresses import duty_path
from desk.web.lamps import Lamp, lamp
from ledger.duties import duties
from ledger.duties.standing_in_sql import PRESSING
from ledger.reports import overview
from tasks.reports.targets import target_reports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.plans.trajectory import Verdict
    from desk.web.visit import Visit
    from ledger.duties.conditions import Condition
    from ledger.reports.overview import QuotaGroup
    from ledger.session import Connection
    from tasks.reports.targets import TargetReport

STEPS = (5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
RULES = 5  # grid lines of the chart, at most
BARS = 3  # quotas shown, and targets shown
# The CSS class and the icon of a target's verdict.
VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    "behind": ("late", "late"),
    "no-reading": ("todo", "todo"),
    "on-course": ("ok", "ok"),
    "reached": ("done", "done"),
}


class Line(NamedTuple):
    """Duties planned to close and closed by the end of a month, added up; None after today."""

    month: dt.date
    planned: int
    actual: int | None


class Bar(NamedTuple):
    """The share of a quota or target that is reached, 0..1, and the share expected (`tick`).

    `actual` and `goal` are the figures; `by` is the agency that performs a quota alone, otherwise
    `agencies` share it; `lead` answers for a target.
    """

    title: str
    path: str
    measure: str
    lamp: Lamp
    share: float
    tick: float
    actual: str
    goal: str
    by: str = ""
    agencies: int = 1
    lead: str = ""


def lines(due: Mapping[dt.date, int], closed: Mapping[dt.date, int], on: dt.date) -> list[Line]:
    """Return the sums of `due` and `closed` by month, from the first day to the last."""
    if not due:
        return []
    days = [*due, *closed]
    span = _months(min(days), max(days))
    both = zip(span, accumulate(_sums(due, span)), accumulate(_sums(closed, span)), strict=True)
    return [Line(m, planned, actual if m <= on else None) for m, planned, actual in both]


def step(top: int) -> int:
    """Return the distance of the grid lines of a chart whose highest value is `top`."""
    return next((each for each in STEPS if each * RULES >= top), top)


def bars(conn: Connection, visit: Visit, plan: str, where: Sequence[Condition]) -> list[Bar]:
    """Return bars of the running quotas and the targets with readings, furthest behind first."""
    same: dict[tuple[str, str], list[QuotaGroup]] = {}
    for alike in overview.quotas(conn, visit.day, *where):
        same.setdefault((alike.obligation, alike.period), []).append(alike)
    shares = sorted(same.values(), key=lambda of: _share_done(of) - _pace(of, visit.on))[:BARS]
    by_key = duties.of(conn, [of[0].key for of in shares])
    plans = [plan] if plan else [edition.plan for edition in visit.plans]
    read = [each for code in plans for each in target_reports(conn, code) if each.place.year]
    read.sort(key=lambda each: _progress(each) - _expected(each))
    return [
        *(_quota(visit, of, by_key) for of in shares),
        *(_target(visit, each) for each in read[:BARS]),
    ]


def _quota(visit: Visit, of: list[QuotaGroup], by_key: Mapping[str, duties.Duty]) -> Bar:
    first, many = by_key[of[0].key], sum(alike.many for alike in of)
    gantt = f"/gantt?plan={first.plan}&measure={first.measure}#m{first.measure}"
    return Bar(
        title=first.title,
        path=duty_path(first.key) if many == 1 else gantt,
        measure=first.measure,
        lamp=lamp(visit.lang, min((alike.worst for alike in of), key=PRESSING.index)),
        share=_share_done(of),
        tick=_pace(of, visit.on),
        actual=str(sum(alike.delivered for alike in of)),
        goal=str(_least(of)),
        by=first.performer if many == 1 else "",
        agencies=many,
    )


def _least(of: list[QuotaGroup]) -> int:
    return sum(alike.least * alike.many for alike in of)


def _share_done(of: list[QuotaGroup]) -> float:
    return sum(alike.delivered for alike in of) / _least(of)


def _pace(of: list[QuotaGroup], on: dt.date) -> float:
    """Return the share of the minimum that should be done at the end of `on`, 0..1."""
    return sum(a.many * expected(a.least, a.first, a.last, today=on) for a in of) / _least(of)


def _target(visit: Visit, read: TargetReport) -> Bar:
    css, shape = VERDICTS[read.place.verdict]
    return Bar(
        title=read.target.indicator,
        path=f"/targets?plan={read.plan}#{read.id}",
        measure=read.measure.number,
        lamp=Lamp(css, shape, say(visit.lang, f"verdict.{read.place.verdict}")),
        share=_progress(read),
        tick=_expected(read),
        actual=_plain(read.place.actual),
        goal=f"{_plain(read.target.value)} {read.target.unit}",
        lead=read.lead,
    )


def _progress(read: TargetReport) -> float:
    return float(read.place.actual or 0) / float(read.target.value)


def _expected(read: TargetReport) -> float:
    return float(read.place.expected or 0) / float(read.target.value)


def _plain(value: object) -> str:
    """Return a figure without a fraction of zero."""
    return f"{value}".removesuffix(".00").removesuffix(".0")


def _months(first: dt.date, last: dt.date) -> list[dt.date]:
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(begin, end)]


def _sums(days: Mapping[dt.date, int], months: list[dt.date]) -> list[int]:
    """Return the sum of each month."""
    sums = dict.fromkeys(months, 0)
    for day, many in days.items():
        sums[day.replace(day=1)] += many
    return list(sums.values())
