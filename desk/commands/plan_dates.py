"""`duban plan dates`: the days proposed where the text leaves them open, and the decision."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from catalog.errors import InvalidError, UsageRefusedError
from catalog.plans import file as plan_file
from catalog.plans import office_dates
from catalog.plans.dates_file import write_days
from catalog.plans.load import plan_names, plan_of, plan_path
from catalog.plans.office_dates import Decision
from catalog.reading.script import language_of
from desk.commands.options import Json
from desk.commands.output import hint, put_json, put_table
from desk.commands.plan_draft import write

if TYPE_CHECKING:
    from catalog.plans.model import Plan
    from catalog.plans.office_dates import OfficeDate, Rhythm

Accept = Annotated[bool, Parameter(negative="", help="Take every day proposed, with its reason.")]
Days = Annotated[
    tuple[str, ...],
    Parameter(name="--day", negative="", help="One day decided: 7.rules=2014-03-31. Repeatable."),
]
Why = Annotated[str | None, Parameter(help="Why the days of --day were chosen.")]


def dates(
    plan: str,
    *,
    accept: Accept = False,
    day: Days = (),
    reason: Why = None,
    out: Path | None = None,
    as_json: Json = False,
) -> int:
    """Propose a day, with its reason, for each obligation of PLAN whose date its text leaves open.

    --accept writes the days proposed into the plan's file, or into --out; --day writes one of your
    own. What recurs and is due at the end of its period is listed with the days that fit its kind:
    write `opens` and `due` where you agree. Ends with 6 while a date is to be decided.
    """
    path = plan_path(plan)
    source = plan_file.read(path)
    loaded = plan_of(source)
    proposed = office_dates.undecided(loaded)
    language = language_of(loaded.title + "".join(m.title for m in loaded.measures))
    decisions = office_dates.accepted(proposed, language) if accept else {}
    decisions |= dict(_decision(loaded, text, reason) for text in day)
    if decisions:
        _write(plan, path, out, decisions)
        loaded = office_dates.decide(loaded, decisions)
        proposed = office_dates.undecided(loaded)
    rhythms = tuple(office_dates.rhythms(loaded))
    if as_json:
        put_json(_document(loaded, proposed, rhythms, decisions, language))
    else:
        _put(proposed, rhythms, language)
    return 6 if proposed else 0


def _decision(plan: Plan, text: str, reason: str | None) -> tuple[str, Decision]:
    full_id, _, day = text.partition("=")
    plan.obligation(full_id)
    try:
        return full_id, Decision(date.fromisoformat(day), reason)
    except ValueError:
        raise UsageRefusedError("day-unreadable", typed=text) from None


def _write(plan: str, path: Path, out: Path | None, decisions: dict[str, Decision]) -> None:
    if out is None and plan in plan_names():
        raise UsageRefusedError("plan-dates-out", plan=plan)
    text = write_days(path.read_text(encoding="utf-8-sig"), str(path), decisions)
    written = plan_of(plan_file.parse(text.encode(), str(path)))
    for full_id, decision in decisions.items():
        if written.obligation(full_id).due_on != decision.due_on:
            raise InvalidError("plan-dates-inline", place=path, id=full_id)
    write(out or path, text)
    hint(f"{out or path}: {len(decisions)} days are written")


def _document(
    plan: Plan,
    proposed: tuple[OfficeDate, ...],
    rhythms: tuple[Rhythm, ...],
    decisions: dict[str, Decision],
    language: str,
) -> dict[str, Any]:
    return {
        "plan": plan.plan,
        "undecided": [
            {
                "obligation": p.obligation.id,
                "kind": p.obligation.kind,
                "title": p.obligation.title,
                "due_on": p.obligation.due_on,
                "proposed": p.due_on,
                "reason": p.reason(language),
            }
            for p in proposed
        ],
        "recurring": [
            {
                "obligation": r.obligation.id,
                "kind": r.obligation.kind,
                "title": r.obligation.title,
                "opens": str(r.opens),
                "due": str(r.due),
                "reason": r.reason(language),
            }
            for r in rhythms
        ],
        "decided": [{"obligation": name, **d._asdict()} for name, d in decisions.items()],
    }


def _put(proposed: tuple[OfficeDate, ...], rhythms: tuple[Rhythm, ...], language: str) -> None:
    rows: list[tuple[Any, ...]] = [
        (p.obligation.id, p.obligation.title, p.obligation.due_on, p.due_on, p.reason(language))
        for p in proposed
    ]
    columns = ("obligation", "title", "now", "proposed", "reason")
    put_table(f"{len(rows)} dates to be decided", columns, rows)
    if rhythms:
        rows = [
            (r.obligation.id, r.obligation.title, str(r.opens), str(r.due), r.reason(language))
            for r in rhythms
        ]
        columns = ("obligation", "title", "opens", "due", "reason")
        put_table(f"{len(rows)} recur and may be due on another day", columns, rows)
