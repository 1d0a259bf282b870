"""`duban duties` and `duban duty show`: the ledger, and one duty with all that happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cyclopts import App

from catalog.duties.quota import shortfall
from catalog.errors import NotFoundError
from catalog.wording import say
from desk.api.documents import duty_document, notice_document
from desk.commands.options import Day, Json, day_asked, open_ledger
from desk.commands.output import put_json, put_line, put_table
from ledger.duties import duties as rows
from ledger.duties import life
from ledger.post import contacts, notices
from ledger.proof import chain
from ledger.settings import command_language
from tasks.clock import now_utc
from tasks.in_force import in_force
from tasks.past import known_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.session import Connection
    from ledger.store.rows import Row

FACTS = (
    "opened_on",
    "acknowledged_on",
    "refused_on",
    "filed_on",
    "returned_on",
    "accepted_on",
    "suspended_on",
    "waived_on",
    "closed_on",
    "closed_as",
)

app = App(name="duty", help="Look at one duty.")


def duties(
    *,
    on: Day | None = None,
    plan: str | None = None,
    agency: str | None = None,
    measure: str | None = None,
    light: str | None = None,
    status: str | None = None,
    as_json: Json = False,
) -> None:
    """List the duties with their standing on a day; AGENCY (id or name) leads or performs them.

    A past day is told as it was known then: dates, leads and counts of that day.
    """
    with open_ledger() as ledger:
        day = day_asked(ledger, on)
        with known_on(ledger, day, now_utc) as conn:
            agencies = contacts.agencies(conn)
            known = agency_asked(conn, agencies, agency) if agency else None
            held = rows.listed(conn, plan=plan, agency=known, measure=measure)
            found = [duty_document(duty, agencies, day) for duty in held]
    wanted = {"light": light, "status": status}
    found = [d for d in found if all(d[k] == v for k, v in wanted.items() if v is not None)]
    if as_json:
        put_json(found)
        return
    columns = ("light", "status", "due_on", "performer", "title", "key")
    put_table(f"{day}  {len(found)}", columns, [[_cell(d, c) for c in columns] for d in found])


@app.command
def show(key: str, *, on: Day | None = None, as_json: Json = False) -> None:
    """Show the duty KEY: its facts, the plan's words, what was delivered, told and done.

    With a past day, as it was known then.
    """
    with open_ledger() as ledger:
        day = day_asked(ledger, on)
        with known_on(ledger, day, now_utc) as conn:
            document = _whole(conn, key, day)
    if as_json:
        put_json(document)
        return
    for name, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            put_table(name, list(value[0]), [list(row.values()) for row in value])
        else:
            shown = "、".join(map(str, value)) if isinstance(value, list) else value
            put_line(f"{name:16}{'' if shown is None else shown}")


def _whole(conn: Connection, key: str, day: Day) -> dict[str, Any]:
    duty = rows.one(conn, key)
    agencies, held = contacts.agencies(conn), in_force(conn, duty.plan)
    return {
        **duty_document(duty, agencies, day),
        "shortfall": shortfall(duty.quota_min or 0, duty.delivered),
        "says": held.says(duty),
        "self_supervised": held.self_supervised(duty),
        **{name: getattr(duty, name) for name in FACTS},
        "items": _rows(rows.items(conn, key)),
        "due_dates": _rows(life.due_dates(conn, key)),
        "submissions": _rows(life.submissions(conn, key)),
        "evidence": _rows(life.evidence(conn, key)),
        "extensions": _rows(life.extensions(conn, key)),
        "problems": _rows(life.problems(conn, key)),
        "remarks": _rows(life.remarks(conn, key)),
        "notices": [notice_document(n, agencies) for n in notices.listed(conn, duty=key)],
        "history": [_entry(entry) for entry in chain.entries(conn, subject=key)],
    }


def _rows(found: Sequence[Row]) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.model_dump().items() if k != "duty"} for row in found]


def _entry(entry: chain.Entry) -> dict[str, Any]:
    """Return who did what when, and what was said with it; the rows it changed are left out."""
    said = {k: v for k, v in entry.payload.items() if k != "changes"}
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "deed": entry.deed,
        "said": said,
    }


def agency_asked(conn: Connection, agencies: Mapping[str, contacts.Agency], asked: str) -> str:
    """Return the id of the agency asked for by id, name or alias; NotFoundError otherwise."""
    if asked in agencies:
        return asked
    named = next((known.id for known in agencies.values() if known.name == asked), None)
    if named is not None:
        return named
    for code in {duty.plan for duty in rows.listed(conn)}:
        for agency in in_force(conn, code).plan.agencies:
            if asked in {agency.name, *agency.aliases}:
                return agency.id
    raise NotFoundError("agency-unknown", agency=asked)


def _cell(duty: dict[str, Any], column: str) -> str:
    value = str(duty[column])
    return say(command_language(), f"{column}.{value}") if column in {"light", "status"} else value
