"""`duban agency`: who is registered, and where each position is reached."""

from __future__ import annotations

from cyclopts import App

from desk.output import put_json, put_line, put_table
from desk.session import Actor, DryRun, Json, instant, open_ledger, who
from ledger import contacts
from tasks.contacts import Contact, Position, reach

app = App(name="agency", help="Agencies and where their positions are reached.")


@app.command(name="list")
def list_agencies(*, as_json: Json = False) -> None:
    """List the registered agencies and the addresses of their positions."""
    with open_ledger() as ledger, ledger.read() as conn:
        agencies, reached = contacts.agencies(conn), contacts.contacts(conn)
    rows = [
        {
            "id": agency.id,
            "name": agency.name,
            "kind": agency.kind,
            "contacts": {p: by for (a, p), by in sorted(reached.items()) if a == agency.id},
        }
        for agency in agencies.values()
    ]
    if as_json:
        put_json(rows)
    else:
        put_table(
            f"{len(rows)}", ("id", "name", "kind", "contacts"), [list(r.values()) for r in rows]
        )


@app.command
def contact(
    agency: str,
    position: Position,
    address: str,
    *,
    channel: str = "mail",
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Say that POSITION (officer, head or leader) of AGENCY is reached at ADDRESS."""
    with open_ledger(dry_run=dry_run) as ledger:
        found = Contact(agency, position, channel, address)
        changed = reach(ledger, [found], at=instant(), actor=actor or who())
    if as_json:
        put_json({**found._asdict(), "changed": bool(changed), "dry_run": dry_run})
    else:
        put_line(f"{agency}/{position}: {'recorded' if changed else 'as it was'}")
