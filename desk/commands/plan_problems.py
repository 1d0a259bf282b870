"""`duban plan problem`, `duban plan problems`: problems of the plan as a whole."""

from __future__ import annotations

from desk.commands.options import (
    Actor,
    DryRun,
    Json,
    Ordinal,
    act_of,
    open_ledger,
    plans_in_scope,
)
from desk.commands.output import put_json, put_line, put_table
from ledger.duties import life
from ledger.people import agencies
from tasks.plans import problems as plan_problems

COLUMNS = ("number", "agency", "raised_on", "text", "answered_on", "answer")


def problem(
    text: str,
    *,
    actor: Actor,
    plan: str | None = None,
    answer: Ordinal | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Bring the problem TEXT of the plan to the office; with --answer N answer problem N."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        if answer is None:
            number = plan_problems.raise_problem(ledger, code, act, text=text)
        else:
            number = answer
            plan_problems.answer_problem(ledger, code, act, number=number, text=text)
    if as_json:
        put_json({"plan": code, "number": number, "by": actor, "dry_run": dry_run})
    else:
        put_line(f"{code}: problem {number} {'raised' if answer is None else 'answered'}")


def problems(*, plan: str | None = None, as_json: Json = False) -> None:
    """List the problems of the plan as a whole, oldest first."""
    with open_ledger() as ledger, ledger.read() as conn:
        code = plans_in_scope(ledger, plan)[0]
        rows = [
            problem.model_dump()
            | {"agency_name": agencies.name_on(conn, problem.agency, problem.raised_on)}
            for problem in life.plan_problems(conn, code)
        ]
    if as_json:
        put_json(rows)
    else:
        put_table(f"{len(rows)}", COLUMNS, [[row[name] for name in COLUMNS] for row in rows])
