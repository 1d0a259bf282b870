"""`duban targets` and `duban reading add`: targets and their yearly readings."""

from __future__ import annotations

from typing import Any

from cyclopts import App

from catalog.errors import UsageRefusedError
from catalog.wording import say
from desk.api.documents import target_document
from desk.commands.options import (
    Actor,
    Day,
    DryRun,
    Json,
    Year,
    day_or_today,
    open_ledger,
    plans_in_scope,
)
from desk.commands.output import put_json, put_line, put_table
from ledger.people import agencies as register
from ledger.plans import editions
from ledger.settings import command_language
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.deeds.readings import report
from tasks.known_on import known_on
from tasks.reports.targets import target_reports

app = App(name="reading", help="Report the value of an indicator in a year.")
COLUMNS = ("target", "indicator", "goal", "by", "year", "actual", "expected", "verdict")


def targets(*, plan: str | None = None, on: Day | None = None, as_json: Json = False) -> None:
    """List the targets of every plan in force, or PLAN: readings, expected values, verdict.

    A past day is shown as known then.
    """
    with open_ledger() as ledger:
        codes = plans_in_scope(ledger, plan)
        day = day_or_today(ledger, on)
        with known_on(ledger, day, now_utc) as conn:
            agencies = register.agencies_on(conn, day)
            plans = [e.plan for e in editions.all_in_force(conn) if e.plan in codes]
            every = [
                target_document(t, agencies) for code in plans for t in target_reports(conn, code)
            ]
    if as_json:
        put_json(every)
    else:
        put_table(f"{len(every)}", COLUMNS, [[_cell(t, c) for c in COLUMNS] for t in every])


@app.command
def add(
    target: str,
    *,
    year: Year,
    value: str,
    source: str,
    actor: Actor,
    party: str = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Report the VALUE of TARGET (8.emerging-share, or PLAN/8.emerging-share) for a YEAR.

    Of a target with parties, each reports its own: by default the one whose officer reports, else
    PARTY, an id of the plan. Another figure for the same year corrects the one before; the last
    counts.
    """
    with open_ledger(dry_run=dry_run) as ledger:
        code, name = _target(plans_in_scope(ledger, None), target)
        act = Act(actor, *today.now(ledger, code, now_utc))
        number = report(ledger, code, name, act, year=year, value=value, source=source, party=party)
        with ledger.read() as conn:
            row = next(t for t in target_reports(conn, code) if t.id == name)
            document = target_document(row, register.agencies_on(conn, act.on))
    if as_json:
        put_json(document | {"dry_run": dry_run})
    else:
        verdict = say(command_language(), f"verdict.{document['verdict']}")
        put_line(f"{name} {year}: {'would be ' if dry_run else ''}read, number {number}; {verdict}")


def _target(plans: list[str], text: str) -> tuple[str, str]:
    """Return the plan and the target's id; `text` may omit the plan when only one is in force."""
    plan, _, target = text.rpartition("/")
    if not plan and len(plans) > 1:
        raise UsageRefusedError("target-of-which", target=target, plans=", ".join(plans))
    return plan or plans[0], target


def _cell(target: dict[str, Any], column: str) -> str:
    if column == "goal":
        return f"{target['value']}{target['unit']}"
    value = target[column]
    if column == "verdict":
        return say(command_language(), f"verdict.{value}")
    return "" if value is None else str(value)
