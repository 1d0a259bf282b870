"""`duban past`: what was due before the ledger started, settled or taken up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from catalog.errors import UsageRefusedError
from desk.api.documents import duty_document
from desk.commands.options import Actor, Day, DryRun, Json, act_of, open_ledger, plans_in_scope
from desk.commands.output import hint, put_json, put_line, put_table
from ledger.duties import duties
from ledger.people import agencies
from ledger.settings import command_language
from tasks import today
from tasks.clock import now_utc
from tasks.past import moving, settling
from tasks.past.listing import past as past_of
from tasks.past.settling import Settlement

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger
    from tasks.all_or_nothing import Refusal

Flag = Annotated[bool, Parameter(negative="")]
DoneOn = Annotated[Day | None, Parameter(name="--done-on", help="Day it was done.")]
StartOn = Annotated[Day, Parameter(name="--on", help="Day from which the ladder speaks.")]
COLUMNS = ("due_on", "performer", "title", "key")

app = App(name="past", help="Duties due before the ledger started: list and settle them.")


@app.default
def past(plan: str, *, as_json: Json = False) -> None:
    """List the past duties of PLAN that are not settled."""
    with open_ledger() as ledger:
        (code,) = plans_in_scope(ledger, plan)
        on = today.now(ledger, code, now_utc).on
        with ledger.read() as conn:
            names = agencies.agencies_on(conn, on)
            documents = [duty_document(duty, names, on) for duty in past_of(conn, code)]
    if as_json:
        put_json(documents)
        return
    rows = [[document[name] for name in COLUMNS] for document in documents]
    put_table(f"{code}  {len(rows)}", COLUMNS, rows)


@app.command
def settle(
    *keys: str,
    actor: Actor,
    done_on: DoneOn = None,
    document: str = "",
    not_done: Flag = False,
    reason: str = "",
    take_up: Flag = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Settle the past duties KEYS as done, not done, or take them up; all or none.

    Done: --done-on and --document. Not done: --not-done and --reason. --take-up opens a duty, and
    its ladder speaks from the next rung on. Ends with 4 when one of several is refused: then none
    is settled.
    """
    if not keys or (done_on is not None) + not_done + take_up != 1:
        options = "--done-on, --not-done, --take-up"
        raise UsageRefusedError("one-of", options=options)
    outcome: settling.SettledAs = "taken-up" if take_up else "not-done" if not_done else "done"
    _check_options(outcome, document=document, reason=reason)
    rows = [Settlement(key, outcome, done_on, document, reason) for key in dict.fromkeys(keys)]
    with open_ledger(dry_run=dry_run) as ledger:
        plan = _plan_of(ledger, rows[0].key)
        _, act = act_of(ledger, actor, plan)
        refused = settling.settle(ledger, plan, act, rows)
        if len(rows) == 1 and refused:
            raise refused[0].error
        settled = [] if refused else _documents(ledger, rows, act.on)
    _put(settled, refused, dry_run=dry_run, as_json=as_json)
    return 4 if refused else 0


@app.command
def start(
    plan: str,
    *,
    on: StartOn,
    reason: str,
    actor: Actor,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Correct the start day of PLAN: later makes duties past, earlier brings back what is to come.

    What somebody has signed for, reported or filed stays as it is.
    """
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        moved = moving.move_start(ledger, code, act, start_on=on, reason=reason)
    if as_json:
        put_json({"plan": code, "start_on": on, **moved._asdict(), "dry_run": dry_run})
        return
    verb = "would start" if dry_run else "starts"
    put_line(f"{code} {verb} on {on}: {len(moved.past)} more past, {len(moved.back)} brought back")


def _check_options(outcome: settling.SettledAs, *, document: str, reason: str) -> None:
    """Refuse a text that the outcome has no place for; nothing typed is dropped unsaid."""
    if document and outcome != "done":
        other = "--take-up" if outcome == "taken-up" else "--not-done"
        raise UsageRefusedError("option-unused", option="--document", other=other)
    if reason and outcome != "not-done":
        other = "--take-up" if outcome == "taken-up" else "--done-on"
        raise UsageRefusedError("option-unused", option="--reason", other=other)


def _plan_of(ledger: Ledger, key: str) -> str:
    with ledger.read() as conn:
        return duties.one(conn, key).plan


def _documents(ledger: Ledger, rows: list[Settlement], on: dt.date) -> list[dict[str, Any]]:
    with ledger.read() as conn:
        names = agencies.agencies_on(conn, on)
        settled = duties.of(conn, [row.key for row in rows])
        return [duty_document(settled[row.key], names, on) for row in rows]


def _put(
    settled: list[dict[str, Any]], refused: list[Refusal], *, dry_run: bool, as_json: bool
) -> None:
    lang = command_language()
    if as_json:
        errors = [{"place": r.place, "error": r.error.in_language(lang)} for r in refused]
        put_json({"settled": settled, "refused": errors, "dry_run": dry_run})
        return
    for refusal in refused:
        hint(f"{refusal.place}: {refusal.error.in_language(lang)}")
    for document in settled:
        put_line(f"{document['key']}: {document['status']}")
    if dry_run:
        hint("dry run: nothing was changed")


app.command(
    "desk.commands.tracker:bring_past",
    name="import",
    help="Settle past duties by the rows of a spreadsheet, all or none.",
)
