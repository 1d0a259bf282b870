"""`duban slip`: the register of slips (督辦單), and the release and withdrawal of drafts."""

from __future__ import annotations

from cyclopts import App

from catalog.errors import ConflictError
from desk.api.documents import slip_document
from desk.commands.options import Actor, DryRun, Json, act_of, day_or_today, open_ledger
from desk.commands.output import hint, put_json, put_line, put_table
from ledger.people import agencies as register
from ledger.post import slips
from tasks.deeds import slips as slip_deeds

app = App(name="slip", help="The register of slips: list, show, release or withdraw them.")
COLUMNS = ("id", "number", "state", "on", "released_on", "rung", "to", "position", "key", "reason")


@app.command(name="list")
def list_(*, duty: str | None = None, state: str | None = None, as_json: Json = False) -> None:
    """List the slips, drafts included: of the duty KEY, or in a STATE (draft, queued, sent ...)."""
    with open_ledger() as ledger, ledger.read() as conn:
        agencies = register.agencies_on(conn)
        every = [slip_document(s, agencies) for s in slips.listed(conn, duty=duty, state=state)]
    if as_json:
        put_json(every)
    else:
        put_table(f"{len(every)}", COLUMNS, [[s[c] for c in COLUMNS] for s in every])


@app.command
def show(slip: str, *, as_json: Json = False) -> None:
    """Print the slip with that number or ID as it was sent; a draft as it would be."""
    with open_ledger() as ledger, ledger.read() as conn:
        on = day_or_today(ledger, None)
        first, *others = matches = slips.matching(conn, slip)
        if others:
            ids = ", ".join(entered.notice.id for entered in matches)
            raise ConflictError("slip-number-twice", number=slip, notices=ids)
        text = slip_deeds.text(conn, first, ledger.settings, on=on)
        document = slip_document(first, register.agencies_on(conn)) | text._asdict()
    if as_json:
        put_json(document)
        return
    if document["number"] is None:
        hint(f"{slip}: {document['state']}, never released")
    put_line(document["body"].rstrip())


@app.command
def release(slip: str, *, actor: Actor, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Release the drafted slip ID under the next number; the next delivery round sends it."""
    with open_ledger(dry_run=dry_run) as ledger:
        row = slip_deeds.release(ledger, slip, act_of(ledger, actor)[1])
    if as_json:
        document = {"notice": slip, "message": row.message, "number": row.number}
        put_json(document | {"state": "queued", "dry_run": dry_run})
    else:
        put_line(f"{slip}: {'would be ' if dry_run else ''}released as {row.number}")


@app.command
def withdraw(
    slip: str, *, reason: str, actor: Actor, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Withdraw the drafted slip ID: it is not sent and not drafted again."""
    with open_ledger(dry_run=dry_run) as ledger:
        slip_deeds.withdraw(ledger, slip, act_of(ledger, actor)[1], reason=reason)
    if as_json:
        put_json({"notice": slip, "state": "superseded", "reason": reason, "dry_run": dry_run})
    else:
        put_line(f"{slip}: {'would be ' if dry_run else ''}withdrawn")
