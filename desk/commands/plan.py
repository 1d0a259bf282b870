"""`duban plan`: the catalogue, its checks, and putting an edition in force."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from catalog.errors import InvalidError, NotFoundError
from catalog.plan import load_plan, plan_names
from catalog.plan_json import plan_document
from catalog.source import check as check_source
from desk.output import put_json, put_line, put_table
from desk.session import Actor, DryRun, Json, instant, open_ledger, who
from tasks.publish import publish as publish_plan

app = App(name="plan", help="The catalogue: list, show, check and publish plans.")


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
    """Check PLAN; with --source prove phrase by phrase that its text was taken up whole.

    Ends with 4 when anything is wrong: each finding is one line, with the measure it is in.
    """
    loaded = load_plan(plan)
    findings = check_source(loaded, _read(source)) if source else []
    lines = [finding.line("en") for finding in findings]
    if as_json:
        put_json({"plan": loaded.plan, "source": bool(source), "ok": not lines, "findings": lines})
    else:
        for line in lines:
            put_line(line)
        put_line(f"{loaded.plan}: {len(loaded.measures)} measures, {len(lines)} findings")
    return 4 if lines else 0


@app.command
def publish(
    plan: str, *, actor: Actor | None = None, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Put PLAN in force: from the next sweep on its duties open and its agencies are told."""
    loaded = load_plan(plan)
    with open_ledger(dry_run=dry_run) as ledger:
        done = publish_plan(ledger, loaded, at=instant(), actor=actor or who())
    if as_json:
        put_json({**done._asdict(), "dry_run": dry_run})
    elif not done.new:
        put_line(f"{done.plan} edition {done.edition} is in force already; nothing to do")
    else:
        verb = "would be" if dry_run else "is"
        put_line(f"{done.plan} edition {done.edition} {verb} in force: {done.agencies} agencies")


def _read(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFoundError("file-unknown", file=source) from None
    except (OSError, UnicodeDecodeError):
        raise InvalidError("file-unreadable", place=source) from None
