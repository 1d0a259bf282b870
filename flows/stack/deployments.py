"""Deployments of one ledger: its sweeps, its delivery, and the obligations that recur."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from prefect.schedules import Cron, RRule

from catalog.dates.days import A_DAY
from flows import alarm
from flows.deliver import deliver
from flows.demo_day import next_day
from flows.run import course, runs, sheets
from flows.sweep import COURSES, sweep
from tasks import today
from tasks.clock import now_utc
from tasks.in_force import in_force
from tasks.reports.ahead import ahead
from tasks.sweep_time import COURSE_AT, SWEEP_AT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prefect import Flow
    from prefect.schedules import Schedule

    from catalog.plans.contents import Obligation
    from ledger.session import Connection, Ledger
    from tasks.in_force import InForce
    from tasks.reports.ahead import Ahead

YEAR = dt.timedelta(days=365)  # of which the days ahead are scheduled
ALARMS = 8  # at once: none waits for a mail server that takes another's time
COURSE = "course"  # the tag of every deployment of an obligation


class Deployment(NamedTuple):
    """A flow of ours with a name, parameters, tags and schedules; so many runs `at_once`."""

    flow: Flow[..., Any]
    name: str
    parameters: dict[str, str]
    tags: list[str]
    schedules: list[Schedule]
    description: str = ""
    at_once: int = 1

    @property
    def full_name(self) -> str:
        """The names of its flow and of itself, as Prefect writes them."""
        return f"{self.flow.name}/{self.name}"

    @property
    def content(self) -> tuple[Any, ...]:
        """Everything that Prefect is told of it; a schedule itself also holds its making."""
        rules = [(each.cron, each.rrule, each.timezone) for each in self.schedules]
        return (self.parameters, self.tags, self.description, rules)


class State(NamedTuple):
    """Plan, edition and day from which the schedules of its obligations follow."""

    plan: str
    edition: int
    on: dt.date


def daily_sweep(plan: str, zone: str, jurisdiction: str = "") -> Deployment:
    """Return the deployment that sweeps `plan` every day at SWEEP_AT in its zone."""
    daily = Cron(f"{SWEEP_AT.minute} {SWEEP_AT.hour} * * *", timezone=zone, slug="daily")
    return _deployment(sweep, plan, jurisdiction, {"plan": plan}, daily)


def delivery(jurisdiction: str = "") -> Deployment:
    """Return the deployment that delivers every five minutes."""
    often = Cron("*/5 * * * *", slug="every-5-minutes")
    return _deployment(deliver, "every-5-minutes", jurisdiction, {}, often)


def demo_clock(jurisdiction: str = "") -> Deployment:
    """Return the deployment that moves a demonstration on when a person asks for it."""
    return _deployment(next_day, "demo", jurisdiction, {})


def operator_alarm() -> Deployment:
    """Return the installation's one deployment that automations start to tell a person."""
    return _deployment(alarm.alarm, alarm.DEPLOYMENT, "", {})._replace(at_once=ALARMS)


def _deployment(
    flow: Flow[..., Any],
    name: str,
    jurisdiction: str,
    parameters: dict[str, str],
    *schedules: Schedule,
) -> Deployment:
    """Return the deployment of a flow in one jurisdiction."""
    return Deployment(
        flow,
        runs.named(jurisdiction, name),
        parameters | ({"jurisdiction": jurisdiction} if jurisdiction else {}),
        runs.tags_of(jurisdiction, **parameters),
        list(schedules),
    )


def of_ledger(ledger: Ledger) -> Iterator[Deployment]:
    """Yield the deployments that every ledger has, and the sweeps of its plans in force."""
    jurisdiction = ledger.settings.jurisdiction
    yield delivery(jurisdiction)
    if today.demo_day(ledger) is not None:
        yield demo_clock(jurisdiction)
    for plan in today.plans(ledger):
        with ledger.read() as conn:
            zone = in_force(conn, plan).plan.zone
        yield daily_sweep(plan, zone, jurisdiction)


def states(ledger: Ledger) -> list[State]:
    """Return the state of each plan in force."""
    with ledger.read() as conn:
        rows = {plan: in_force(conn, plan).row for plan in today.plans(ledger)}
    return [
        State(plan, row.edition, today.now(ledger, plan, now_utc).on) for plan, row in rows.items()
    ]


def of_obligations(ledger: Ledger, state: State) -> Iterator[Deployment]:
    """Yield a deployment for each obligation of a plan that recurs by the words of its text.

    Its schedule is the days ahead of its duties, today's among them, for a YEAR, at COURSE_AT.
    There are none where DUBAN_COURSES is 0.
    """
    if not ledger.settings.courses:
        return
    with ledger.read() as conn:
        edition, events = in_force(conn, state.plan), _events(conn, state)
        for measure in edition.plan.measures:
            for obligation in measure.obligations:
                if obligation.basis == "plan" and obligation.recurrence != "once":
                    yield _of_obligation(ledger, conn, edition, obligation, events[obligation.id])


def _of_obligation(
    ledger: Ledger,
    conn: Connection,
    edition: InForce,
    obligation: Obligation,
    events: Sequence[Ahead],
) -> Deployment:
    """Return the deployment of an obligation; Prefect says no more of its schedule than a year."""
    settings, plan = ledger.settings, edition.plan.plan
    words = sheets.words(conn, plan, obligation.id, settings.lang)
    schedule = sheets.schedule(conn, plan, events, settings.lang)
    of_course = course.tags_of(conn, plan, obligation.id)
    deployment = _deployment(
        COURSES[obligation.kind], f"{plan}.{obligation.id}", settings.jurisdiction, {"plan": plan}
    )
    return deployment._replace(
        parameters=deployment.parameters | {"obligation": obligation.id},
        tags=[*sorted(of_course, reverse=True), COURSE, *deployment.tags],  # measures stand first
        schedules=_on_days({event.day for event in events}, edition.plan.zone),
        description=f"{words}\n\n{schedule}" if events else words,
    )


def _events(conn: Connection, state: State) -> Mapping[str, list[Ahead]]:
    """Return what is ahead of each obligation on the day of `state` and in a YEAR after it."""
    events = defaultdict(list)
    for event in ahead(conn, state.plan, on=state.on - A_DAY, until=state.on + YEAR):
        events[event.duty.obligation].append(event)
    return events


def _on_days(days: set[dt.date], zone: str) -> list[Schedule]:
    """Return one schedule of these days at COURSE_AT, none where there are no days."""
    if not days:
        return []
    instants = [f"{dt.datetime.combine(day, COURSE_AT):%Y%m%dT%H%M%S}" for day in sorted(days)]
    rule = f"DTSTART:{instants[0]}\nRDATE:{','.join(instants)}"
    return [RRule(rule, timezone=zone, slug="ahead")]
