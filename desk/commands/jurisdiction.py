"""`duban jurisdiction`: the offices of one installation, each with a ledger of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from desk.commands.options import DryRun, Json
from desk.commands.output import put_json, put_line, put_table
from ledger.offices import jurisdictions
from ledger.offices.installation import load_settings
from ledger.offices.jurisdictions import Jurisdiction
from tasks.clock import now_utc
from tasks.offices.add import add as add_office
from tasks.offices.survey import offices

if TYPE_CHECKING:
    from tasks.offices.survey import Office

DatabaseFile = Annotated[
    Path | None,
    Parameter(help="The file with the address of its own database, or of its own role in ours."),
]

app = App(name="jurisdiction", help="The offices this installation serves: add one, list them.")
COLUMNS = ("id", "name", "address", "office", "plans", "last swept", "problem")


@app.command
def add(
    jurisdiction: str,
    *,
    name: str,
    address: str | None = None,
    database_url_file: DatabaseFile = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Give another office, NAME, a ledger of its own under the id JURISDICTION.

    Its desk is at --address, such as https://city.example.org; commands work in it while the
    environment variable DUBAN_JURISDICTION names it.
    """
    settings = load_settings()
    file = str(database_url_file.absolute()) if database_url_file else None
    office = Jurisdiction(jurisdiction, name, address, file)
    (jurisdictions.check_new if dry_run else add_office)(settings, office)
    if as_json:
        fields = {name: value for name, value in office._asdict().items() if name != "problem"}
        put_json({**fields, "dry_run": dry_run})
        return
    verb = "would be" if dry_run else "is"
    put_line(f"{jurisdiction} {verb} there; DUBAN_JURISDICTION={jurisdiction} works in it")


@app.command(name="list")
def list_jurisdictions(*, as_json: Json = False) -> None:
    """List the jurisdictions, the main one first, with office, plans and last sweep."""
    documents = [_document(office) for office in offices(load_settings(), now_utc())]
    if as_json:
        put_json(documents)
        return
    rows = [(row["id"] or "(main)", *list(row.values())[1:]) for row in documents]
    put_table("", COLUMNS, [[", ".join(c) if isinstance(c, tuple) else c for c in r] for r in rows])


def _document(office: Office) -> dict[str, Any]:
    one = office.jurisdiction
    return {
        "id": one.id,
        "name": one.name,
        "address": one.address,
        "office": office.office,
        "plans": office.plans,
        "swept_through": office.swept_through,
        "problem": office.problem,
    }
