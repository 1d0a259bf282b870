"""`duban circular`: list, draft, word and release circulars (通報)."""

from __future__ import annotations

from cyclopts import App

from catalog.dates.spans import span as read_span
from desk.commands.options import (
    Actor,
    Day,
    DryRun,
    Json,
    act_of,
    open_ledger,
    plans_in_scope,
)
from desk.commands.output import put_json, put_line, put_table
from ledger.reports import circulars
from tasks.reports import circular as circular_deeds

app = App(name="circular", help="Circulars: list, draft, word and release them.")
COLUMNS = ("span", "number", "on", "released_on", "released_by", "entries", "head")


@app.command(name="list")
def list_(*, plan: str | None = None, as_json: Json = False) -> None:
    """List the circulars, the drafts first."""
    with open_ledger() as ledger, ledger.read() as conn:
        code = plans_in_scope(ledger, plan)[0]
        every = [
            c for released in (False, True) for c in circulars.listed(conn, code, released=released)
        ]
    if as_json:
        put_json([_document(circular) for circular in every])
    else:
        put_table(f"{len(every)}", COLUMNS, [[getattr(c, x) for x in COLUMNS] for c in every])


@app.command
def draft(
    span: str,
    *,
    actor: Actor,
    plan: str | None = None,
    on: Day | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Draft the circular of SPAN (2014-12, 2014-Q4) as known on its last day, or ON an earlier one.

    That of a year (2014) tells the results of the evaluation of the localities, as known today.

    An existing draft is counted and worded again.
    """
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        circular = circular_deeds.draft(ledger, code, read_span(span), act, on=on)
    _put(circular, dry_run=dry_run, as_json=as_json)


@app.command
def word(
    span: str,
    section: str,
    text: str,
    *,
    actor: Actor,
    plan: str | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put TEXT into a SECTION (opening, praise, ... asked) of a draft."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        circular_deeds.edit(ledger, code, span, act, words={section: text})
        with ledger.read() as conn:
            circular = circulars.one(conn, code, span)
    _put(circular, dry_run=dry_run, as_json=as_json)


@app.command
def release(
    span: str,
    *,
    actor: Actor,
    plan: str | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Release the draft under the next number of the year; every agency gets a message."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        circular = circular_deeds.release(ledger, code, span, act)
    _put(circular, dry_run=dry_run, as_json=as_json)


def _document(circular: circulars.Circular) -> dict[str, object]:
    return {column: getattr(circular, column) for column in COLUMNS}


def _put(circular: circulars.Circular, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        put_json(_document(circular) | {"dry_run": dry_run})
        return
    number = circular.number
    state = f"released as {number}" if number else f"a draft of {circular.on}"
    would_be = "would be " if dry_run else ""
    put_line(f"{circular.span}: {would_be}{state}, {circular.entries} entries")
