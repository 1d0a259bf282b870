"""`duban duties` and `duban duty show`: the ledger's duties, and one duty with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter, validators

from catalog.duties.quota import shortfall
from catalog.duties.silence import is_silent
from catalog.errors import NotFoundError
from catalog.wording import say
from desk.api.documents import duty_document, notice_document
from desk.commands.options import Day, Json, day_or_today, open_ledger
from desk.commands.output import put_json, put_line, put_table
from ledger.duties import assignments, life, meetings
from ledger.duties import duties as ledger_duties
from ledger.people import agencies as register
from ledger.post import contacts, notices
from ledger.proof import chain
from ledger.settings import command_language
from tasks.clock import now_utc
from tasks.in_force import in_force
from tasks.known_on import known_on
from tasks.meetings.attendance import attendance, is_ahead

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
    "planned_on",
    "planned_place",
    "held_on",
    "closed_on",
    "closed_as",
    "done_on",
    "asked_on",
    "spoken_on",
)

Silence = Annotated[
    int,
    Parameter(validator=validators.Number(gte=1, lte=9999), help="Days without a word."),
]

app = App(name="duty", help="Show one duty.")


def duties(
    *,
    on: Day | None = None,
    plan: str | None = None,
    agency: str | None = None,
    measure: str | None = None,
    light: str | None = None,
    status: str | None = None,
    silent: Silence | None = None,
    as_json: Json = False,
) -> None:
    """List the duties with their standing on a day; AGENCY (id or name) leads or performs them.

    SILENT lists the running duties of which nobody has spoken for so many days. A past day is shown
    as known then: dates, leads and counts of that day.
    """
    with open_ledger() as ledger:
        day = day_or_today(ledger, on)
        with known_on(ledger, day, now_utc) as conn:
            agencies = register.agencies_on(conn, day)
            code = agency_id(conn, agencies, agency) if agency else None
            every = ledger_duties.listed(conn, plan=plan, agency=code, measure=measure)
            documents = [
                duty_document(duty, agencies, day)
                | ({"spoken_on": duty.spoken_on} if silent else {})
                for duty in every
                if silent is None or is_silent(ledger_duties.facts(duty), day, days=silent)
            ]
    filters = {k: v for k, v in (("light", light), ("status", status)) if v is not None}
    documents = [d for d in documents if all(d[k] == v for k, v in filters.items())]
    if as_json:
        put_json(documents)
        return
    columns: tuple[str, ...] = ("light", "status", "due_on", "performer", "title", "key")
    columns += ("spoken_on",) if silent else ()
    cells = [[_cell(d, c) for c in columns] for d in documents]
    put_table(f"{day}  {len(documents)}", columns, cells)


@app.command
def show(key: str, *, on: Day | None = None, as_json: Json = False) -> None:
    """Show the duty KEY: its facts, the plan's words, its items, messages and history.

    A past day is shown as known then.
    """
    with open_ledger() as ledger:
        day = day_or_today(ledger, on)
        with known_on(ledger, day, now_utc) as conn:
            document = _document(conn, key, day)
    if as_json:
        put_json(document)
        return
    for name, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            put_table(name, list(value[0]), [list(row.values()) for row in value])
        else:
            text = "、".join(map(str, value)) if isinstance(value, list) else value
            put_line(f"{name:16}{'' if text is None else text}")


def _document(conn: Connection, key: str, day: Day) -> dict[str, Any]:
    duty = ledger_duties.one(conn, key)
    agencies, edition = register.agencies_on(conn, day), in_force(conn, duty.plan)
    return {
        **duty_document(duty, agencies, day),
        "shortfall": shortfall(duty.quota_min or 0, duty.delivered),
        "says": edition.says(duty),
        "self_supervised": edition.self_supervised(duty),
        **{name: getattr(duty, name) for name in FACTS},
        "assignment": _assignment(conn, key),
        "decisions": ledger_duties.chosen_keys(conn, assignments.decided_in(key)),
        "plannings": _rows(life.plannings(conn, key)),
        "attendance": _attendance(conn, duty, agencies, day),
        "items": _rows(ledger_duties.items(conn, key)),
        "due_dates": _rows(life.due_dates(conn, key)),
        "submissions": _rows(life.submissions(conn, key)),
        "evidence": _rows(life.evidence(conn, key)),
        "extensions": _rows(life.extensions(conn, key)),
        "problems": _rows(life.problems(conn, key)),
        "remarks": _rows(life.remarks(conn, key)),
        "notices": [notice_document(n, agencies) for n in notices.listed(conn, duty=key)],
        "history": [_entry(entry) for entry in chain.entries(conn, subject=key)],
    }


def _attendance(
    conn: Connection, duty: ledger_duties.Duty, agencies: Mapping[str, contacts.Agency], day: Day
) -> list[dict[str, Any]]:
    """Return who is invited to the planned meeting, each with their answer (None for none yet)."""
    planning = meetings.planning(conn, duty.key) if is_ahead(duty) else None
    lines = attendance(conn, duty, planning, on=day) if planning else []
    return [
        {
            "agency": agencies[line.agency].name,
            "person": line.person or None,
            "answer": line.answer or None,
            "for_earlier_day": line.is_outdated,
            "text": line.text or None,
            "answered_at": line.answered_at,
        }
        for line in lines
    ]


def _assignment(conn: Connection, key: str) -> dict[str, Any] | None:
    """Return the source of a duty beside the plan, None for another."""
    assignment = assignments.of_duty(conn, key)
    return _rows([assignment])[0] if assignment else None


def _rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.model_dump().items() if k != "duty"} for row in rows]


def _entry(entry: chain.Entry) -> dict[str, Any]:
    """Return an entry with its payload, without the rows it changed."""
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "deed": entry.deed,
        "said": {k: v for k, v in entry.payload.items() if k != "changes"},
    }


def agency_id(conn: Connection, agencies: Mapping[str, contacts.Agency], text: str) -> str:
    """Return the id of the agency whose id, name or alias is `text`; NotFoundError if none is."""
    if text in agencies:
        return text
    for agency in agencies.values():
        if agency.name == text:
            return agency.id
    for code in {duty.plan for duty in ledger_duties.listed(conn)}:
        if named := in_force(conn, code).plan.agency_ids.get(text):
            return named
    raise NotFoundError("agency-unknown", agency=text)


def _cell(duty: dict[str, Any], column: str) -> str:
    value = "" if duty[column] is None else str(duty[column])
    return say(command_language(), f"{column}.{value}") if column in {"light", "status"} else value
