"""Forecast of the mail if nobody answers: of a plan, and of a duty whose due date moves."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from catalog.ladder.timeline import timeline
from catalog.plans.model import Plan
from tasks.in_force import in_force
from tasks.plans.replay import replay
from tasks.post.directory import directory
from tasks.post.leaving import leaves_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.duties.duties import Duty
    from ledger.session import Connection

AFTER = dt.timedelta(days=31)  # the letters after a missed due date are counted for a month


class Cost(NamedTuple):
    """The letters to one agency in a month (2014-03), before and after a change.

    The month is empty if all months are counted together.
    """

    agency: str
    month: str
    before: int
    after: int


class Forecast(NamedTuple):
    """The letters to one agency before and after a change, in total and in its worst month.

    `over` counts the months with more messages than the plan allows.
    """

    agency: str
    before: int
    after: int
    month: str
    most: int
    over: int


def of_plan(plan: Plan, before: Plan | None = None, *, since: dt.date | None = None) -> list[Cost]:
    """Return the messages of each agency and month under `plan`, beside those under `before`.

    Both plans are replayed in memory; months before `since` are left out. A plan that amends none
    starts then.
    """
    then = _lived(plan.model_dump_json(), None if before else since)
    now = _lived(before.model_dump_json()) if before else Counter[tuple[str, str]]()
    return _costs(now, then, since=f"{since:%Y-%m}" if since else "")


def of_move(conn: Connection, duty: Duty, to: dt.date, *, on: dt.date) -> list[Cost]:
    """Return the most letters the duty can cause after day `on`, with its due date and with `to`.

    Counted up to a month after the later date. A shared digest makes them fewer.
    """
    until = max(duty.due_on, to) + AFTER
    now, then = (_letters(conn, duty, due, on=on, until=until) for due in (duty.due_on, to))
    return _costs(now, then)


def in_all(costs: Iterable[Cost]) -> list[Cost]:
    """Return the costs of each agency, all months together."""
    now, then = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for cost in costs:
        now["", cost.agency] += cost.before
        then["", cost.agency] += cost.after
    return _costs(now, then)


def forecasts(costs: Sequence[Cost], measure: int) -> list[Forecast]:
    """Return the forecast of each agency, the one with the worst month first."""
    forecast = []
    for whole in in_all(costs):
        months = [cost for cost in costs if cost.agency == whole.agency]
        worst = max(months, key=lambda cost: cost.after)
        over = sum(cost.after > measure for cost in months)
        forecast.append(
            Forecast(whole.agency, whole.before, whole.after, worst.month, worst.after, over)
        )
    return sorted(forecast, key=lambda line: (-line.most, -line.after))


@lru_cache(maxsize=8)
def _lived(document: str, start_on: dt.date | None = None) -> Counter[tuple[str, str]]:
    return replay(Plan.model_validate_json(document), start_on=start_on).load


def _letters(
    conn: Connection, duty: Duty, due_on: dt.date, *, on: dt.date, until: dt.date
) -> Counter[tuple[str, str]]:
    """Return the letters by (month, agency): one for each recipient and day."""
    rows = in_force(conn, duty.plan)
    book, has_quota = directory(conn, rows), duty.quota_min is not None
    ladder = rows.ladders[duty.ladder]
    line = timeline(ladder, rows.workdays, duty.opens_on, due_on, has_quota=has_quota)
    steps = line.between(on, until)
    inquiries = [step for step in steps if step.rung.when == "progress"]
    steps += [s for each in inquiries for s in line.silent(each.day) if s.day <= until]
    over = {"open", "unsigned"} if duty.acknowledged_on else {"open"}
    letters = {
        (leaves_on(rows.workdays, step.day), recipient)
        for step in steps
        if step.rung.when not in over
        for role in step.rung.to
        for recipient in book.recipients(duty, role)
    }
    return Counter((f"{day:%Y-%m}", recipient.partition("/")[0]) for day, recipient in letters)


def _costs(
    now: Counter[tuple[str, str]], then: Counter[tuple[str, str]], *, since: str = ""
) -> list[Cost]:
    """Return two loads side by side, by agency and month."""
    places = sorted((agency, month) for month, agency in now.keys() | then.keys())
    return [Cost(a, m, now[m, a], then[m, a]) for a, m in places if m >= since]
