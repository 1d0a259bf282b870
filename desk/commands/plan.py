"""`duban plan`: the catalogue, its checks, and the publication of editions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from catalog.plans import office_dates
from catalog.plans.document import plan_document
from catalog.plans.load import load_plan, plan_names
from catalog.wording import say
from desk.commands.options import Actor, Day, DryRun, Json, local_user, open_ledger
from desk.commands.output import hint, put_json, put_line, put_table
from ledger.settings import command_language
from tasks import today
from tasks.clock import now_utc, time_zone
from tasks.documents import reading
from tasks.in_force import in_force
from tasks.past.foreseeing import foresee
from tasks.plans import forecast
from tasks.plans.publish import publish as publish_plan
from tasks.plans.scheduling import schedule

if TYPE_CHECKING:
    import datetime as dt

    from catalog.plans.difference import Difference
    from catalog.plans.model import Plan
    from catalog.plans.office_dates import OfficeDate
    from ledger.session import Ledger
    from tasks.past.foreseeing import Foresight
    from tasks.plans.forecast import Cost
    from tasks.plans.publish import Published

app = App(name="plan", help="The catalogue: list, show, check and publish plans.")


app.command(
    "desk.commands.plan_draft:draft", name="draft", help="Draft a plan from an official document."
)
app.command(
    "desk.commands.plan_dates:dates",
    name="dates",
    help="Propose and decide the dates that the text leaves open.",
)
app.command(
    "desk.commands.plan_workbook:export", name="export", help="Write a plan as an Excel workbook."
)
app.command(
    "desk.commands.plan_workbook:bring", name="import", help="Read a workbook back into a plan."
)
app.command(
    "desk.commands.plan_problems:problem",
    name="problem",
    help="Bring a problem of the plan to the office, or answer one.",
)
app.command(
    "desk.commands.plan_problems:problems",
    name="problems",
    help="List the problems of the plan as a whole.",
)


@app.command(name="list")
def list_plans(*, as_json: Json = False) -> None:
    """List the plans of the catalogue."""
    plans = [load_plan(name) for name in plan_names()]
    rows = [
        {
            "plan": plan.plan,
            "title": plan.title,
            "edition": plan.edition,
            "issued_on": plan.issued_on,
            "ends_on": plan.ends_on,
            "measures": len(plan.measures),
        }
        for plan in plans
    ]
    if as_json:
        put_json(rows)
    else:
        put_table("", list(rows[0]) if rows else [], [list(row.values()) for row in rows])


@app.command
def show(plan: str, *, as_json: Json = False) -> None:
    """Show PLAN, a code of the catalogue or a file: its measures, obligations and targets."""
    document = plan_document(load_plan(plan))
    if as_json:
        put_json(document)
        return
    put_line(f"{document['title']}  {document['issued_on']} - {document['ends_on']}")
    rows = [
        (m["number"], m["lead"], o["id"], o["recurrence"], o["due_on"], o["title"], o["says"])
        for m in document["measures"]
        for o in m["obligations"]
    ]
    columns = ("measure", "lead", "obligation", "recurs", "due on", "title", "says")
    put_table("", columns, rows)


@app.command
def check(plan: str, *, source: Path | None = None, as_json: Json = False) -> int:
    """Check PLAN; with --source prove phrase by phrase that it covers the whole text.

    Ends with 4 when anything is wrong: each finding is one line, with its measure. Ends with 6 when
    only dates are still to be decided, as `duban plan dates` proposes them.
    """
    loaded = load_plan(plan)
    findings = reading.check(loaded, reading.read(source), name=str(source)) if source else []
    lines = [finding.line(command_language()) for finding in findings]
    undecided = [_undecided(proposal) for proposal in office_dates.undecided(loaded)]
    if as_json:
        result = {"findings": lines, "dates": undecided}
        put_json({"plan": loaded.plan, "source": bool(source), "ok": not lines, **result})
    else:
        for line in (*lines, *undecided):
            put_line(line)
        many = len(lines) + len(undecided)
        put_line(f"{loaded.plan}: {len(loaded.measures)} measures, {many} findings")
    return 4 if lines else 6 if undecided else 0


def _undecided(proposed: OfficeDate) -> str:
    """Return the line about a date still to be decided, with the proposal."""
    language, obligation = command_language(), proposed.obligation
    key = "plan-date-undecided" if obligation.is_undated else "plan-date-unsaid"
    reason = proposed.reason(language)
    place = {"measure": proposed.measure.number, "id": obligation.id}
    return say(language, f"error.{key}", **place, day=proposed.due_on, reason=reason)


StartOn = Annotated[
    Day | None,
    Parameter(name="--start-on", help="Day from which the ladder speaks (default: today)."),
]


@app.command
def publish(
    plan: str,
    *,
    start_on: StartOn = None,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put PLAN in force, or amend it: a higher edition moves, adds and waives duties at once.

    What was due before the start day of a first edition is past: see `duban past`.
    With --dry-run show the difference, and each agency's messages if nobody answers; nothing is
    stored.
    """
    loaded = load_plan(plan)
    with open_ledger(dry_run=dry_run) as ledger:
        at = _at(ledger, loaded.plan)
        day = start_on or at.astimezone(time_zone(loaded.zone)).date()
        costs = _costs(ledger, loaded, day) if dry_run else []
        foresight = _foresight(ledger, loaded, day)
        who = actor or local_user()
        result = publish_plan(ledger, loaded, at=at, actor=who, start_on=start_on)
        if result.new and result.difference is None:
            schedule(ledger, loaded, at)
    if as_json:
        mail = {"mail": [cost._asdict() for cost in costs]} if dry_run else {}
        put_json({**_document(result), **mail, "dry_run": dry_run})
        return
    name = f"{result.plan} edition {result.edition}"
    if not result.new:
        put_line(f"{name} is in force already; nothing to do")
        return
    if result.difference:
        _put_difference(result.difference)
    if costs:
        _put_costs(costs, loaded)
    if foresight and not dry_run:
        _hint_start(foresight)
    elif foresight:
        _put_start(foresight)
    verb = "would be" if dry_run else "is"
    counts = "".join(f", {n} {deed}" for deed, n in sorted(result.counts.items()))
    put_line(f"{name} {verb} in force: {result.agencies} agencies{counts}")


def _foresight(ledger: Ledger, plan: Plan, start_on: dt.date) -> Foresight | None:
    """Return what the start day of a first edition brings, None for an amendment."""
    if plan.plan in today.plans(ledger):
        return None
    with ledger.read() as conn:
        return foresee(conn, plan, start_on)


def _hint_start(foresight: Foresight) -> None:
    """Print on stderr what the start day brings, and whom letters will not reach."""
    if foresight.past:
        hint(f"{len(foresight.past)} duties were due before {foresight.start_on}: see duban past")
    if foresight.unreached:
        first = ", ".join(foresight.unreached[:3])
        hint(f"{len(foresight.unreached)} positions have no address yet: {first} …")


def _put_start(foresight: Foresight) -> None:
    counts = {
        "past": len(foresight.past),
        "open that day": len(foresight.opening),
        "open later": len(foresight.ahead),
        "letters that day": len(foresight.letters),
        "slips that day": foresight.slips,
        "positions without an address": len(foresight.unreached),
    }
    put_table(f"start on {foresight.start_on}", ("what", "how many"), list(counts.items()))


def _costs(ledger: Ledger, plan: Plan, start_on: dt.date) -> list[Cost]:
    """Return each agency's messages by month, for `plan` and the edition in force.

    Of a first edition from its start day, of an amendment from today.
    """
    if plan.plan not in today.plans(ledger):
        return forecast.of_plan(plan, since=start_on)
    with ledger.read() as conn:
        before = in_force(conn, plan.plan).plan
    since = today.now(ledger, plan.plan, now_utc).on
    return forecast.of_plan(plan, before, since=since) if before != plan else []


def _at(ledger: Ledger, plan: str) -> dt.datetime:
    """Return the present instant; in a demonstration, one of its own day."""
    return today.now(ledger, plan, now_utc).at if plan in today.plans(ledger) else now_utc()


def _document(result: Published) -> dict[str, Any]:
    document, difference = result._asdict(), result.difference
    if difference is not None:
        document["difference"] = {
            "added": list(difference.added),
            "removed": list(difference.removed),
            "altered": [alteration._asdict() for alteration in difference.of()],
            "ladder": difference.ladder,
        }
    return document


def _put_difference(difference: Difference) -> None:
    rows: list[tuple[Any, ...]]
    rows = [("added", key, "", duty.due_on) for key, duty in difference.added.items()]
    rows += [("removed", key, duty.due_on, "") for key, duty in difference.removed.items()]
    rows += [(a.term, a.key, a.before, a.after) for a in difference.of()]
    put_table(f"{len(rows)} differences", ("what", "duty", "before", "after"), rows)
    if difference.ladder:
        put_line("the ladder is another")


def _put_costs(costs: list[Cost], plan: Plan) -> None:
    names = {agency.id: agency.name for agency in plan.agencies}
    rows = [
        (names.get(f.agency, f.agency), f.before, f.after, f"{f.month}: {f.most}", f.over)
        for f in forecast.forecasts(costs, plan.burden)
    ]
    columns = ("agency", "before", "after", "worst month", f"months above {plan.burden}")
    put_table("messages if nobody answers", columns, rows)
