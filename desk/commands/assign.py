"""`duban assign`: a duty beside the plan (批示件, 會議議定事項)."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from catalog.dates.recurrence import Recurs
from desk.api.documents import duty_document
from desk.commands.duties import agency_id
from desk.commands.options import Actor, Day, DryRun, Json, act_of, open_ledger
from desk.commands.output import hint, put_json, put_line
from ledger.duties import duties
from ledger.people import agencies as register
from tasks.in_force import in_force
from tasks.plans import assigning

To = Annotated[str, Parameter(help="Agency that does it: its name or its id.")]
Due = Annotated[Day, Parameter(help="Day on which it is due.")]
Source = Annotated[str, Parameter(help="Document it rests on; a meeting is its own source.")]
Number = Annotated[str, Parameter(help="Number of that document.")]
Dated = Annotated[Day | None, Parameter(help="Day of that document.")]
Meeting = Annotated[str, Parameter(help="Key of the meeting that decided it.")]
# Several in one: --with A B, or --with A --with B.
With = Annotated[
    list[str] | None,
    Parameter(name="--with", consume_multiple=True, help="Agencies that take part."),
]
Recurring = Annotated[Recurs, Parameter(help="How often it recurs; DUE is the first due date.")]
Until = Annotated[
    Day | None, Parameter(help="Day until which it recurs; by default the end of the plan.")
]
Labels = Annotated[
    list[str] | None,
    Parameter(consume_multiple=True, help="Labels of evidence a filing brings: minutes, photo …"),
]


def assign(
    title: str,
    *,
    actor: Actor,
    to: To,
    due: Due,
    source: Source = "",
    document: Number = "",
    dated: Dated = None,
    meeting: Meeting = "",
    participants: With = None,
    evidence: Labels = None,
    recurrence: Recurring = "once",
    until: Until = None,
    plan: str | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Assign the duty TITLE beside the plan, as the office; one that recurs in each period."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        with ledger.read() as conn:
            agencies = register.agencies_on(conn, act.on)
            performer, *others = (
                agency_id(conn, agencies, name) for name in [to, *(participants or [])]
            )
        order = assigning.Order(
            title=title,
            to=performer,
            due_on=due,
            source=source,
            participants=tuple(others),
            evidence=tuple(evidence or ()),
            document=document,
            dated_on=dated,
            meeting=meeting,
            recurrence=recurrence,
            until=until,
        )
        key, *more = assigning.assign_all(ledger, code, act, [order])
        with ledger.read() as conn:
            duty = duties.one(conn, key)
            says = in_force(conn, code).says(duty)
            described = duty_document(duty, register.agencies_on(conn, act.on), act.on)
            days = {each.key: each.due_on for each in duties.of(conn, more).values()}
    if as_json:
        record = {"says": says, "on": act.on, "by": actor, "dry_run": dry_run, "more": more}
        put_json({**described, **record})
        return
    for each, day in {key: due, **days}.items():
        put_line(f"{each}: due {day}, by {described['performer']} ({says})")
    if dry_run:
        hint("dry run: nothing was changed")
