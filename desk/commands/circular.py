"""`duban circular`: what the office does with a circular (通報): list, draft, word and release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cyclopts import App

from catalog.dates.spans import span as read_span
from desk.commands.options import Actor, Day, DryRun, Json, open_ledger, plans_asked
from desk.commands.output import put_json, put_line, put_table
from ledger.reports import circulars as rows
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.reports import circular as deeds

if TYPE_CHECKING:
    from ledger.session import Ledger

app = App(name="circular", help="Circulars: list, draft, word and release them.")
COLUMNS = ("span", "number", "on", "released_on", "released_by", "entries", "head")


@app.command(name="list")
def list_(*, plan: str | None = None, as_json: Json = False) -> None:
    """List the circulars, the drafts first."""
    with open_ledger() as ledger, ledger.read() as conn:
        code = plans_asked(ledger, plan)[0]
        kept = [k for released in (False, True) for k in rows.listed(conn, code, released=released)]
    found = [{column: getattr(k, column) for column in COLUMNS} for k in kept]
    if as_json:
        put_json(found)
    else:
        put_table(f"{len(found)}", COLUMNS, [[k[c] for c in COLUMNS] for k in found])


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

    A draft that is there is counted and worded anew.
    """
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = _act(ledger, plan, actor)
        _told(deeds.draft(ledger, code, read_span(span), act, on=on), dry_run, as_json)


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
        code, act = _act(ledger, plan, actor)
        deeds.edit(ledger, code, span, act, words={section: text})
        with ledger.read() as conn:
            _told(rows.one(conn, code, span), dry_run, as_json)


@app.command
def release(
    span: str,
    *,
    actor: Actor,
    plan: str | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Release the draft under the next number of the year; every agency is told."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = _act(ledger, plan, actor)
        _told(deeds.release(ledger, code, span, act), dry_run, as_json)


def _act(ledger: Ledger, plan: str | None, actor: str) -> tuple[str, Act]:
    code = plans_asked(ledger, plan)[0]
    return code, Act(actor, *today.now(ledger, code, now_utc))


def _told(kept: rows.Circular, dry_run: bool, as_json: bool) -> None:  # noqa: FBT001
    if as_json:
        put_json({c: getattr(kept, c) for c in COLUMNS} | {"dry_run": dry_run})
        return
    said = f"released as {kept.number}" if kept.number else f"a draft of {kept.on}"
    put_line(f"{kept.span}: {'would be ' if dry_run else ''}{said}, {kept.entries} entries")
