"""Lines of the history as pages show them: actor, deed, words, and the date it moved."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from catalog.offices.agency_names import AgencyNames
    from ledger.people.users import User
    from ledger.post.contacts import Agency
    from ledger.proof import chain


class JournalLine(NamedTuple):
    """One entry of the history as a page shows it.

    `to` is the agency it names, or the recipients of a reminder; `moved` is the due date before
    and after. `reporter` is the agency whose word it is where the office recorded it, and `source`
    the file or letter it came in.
    """

    entry: chain.Entry
    at: dt.datetime
    who: str
    agency: str
    text: str
    document: str
    to: str
    moved: tuple[dt.date, dt.date] | None
    reporter: str = ""
    source: str = ""


def journal_lines(
    entries: Iterable[chain.Entry], users: Iterable[User], agencies: AgencyNames[Agency]
) -> list[JournalLine]:
    """Return the entries as lines, the last first; the system's own have no person.

    Each names agencies as they were called on its day.
    """
    by_id = {user.id: user for user in users}
    lines = []
    for entry in entries:
        payload, who = entry.payload, by_id.get(entry.actor)
        at = dt.datetime.fromisoformat(entry.at)
        names = agencies.at(_day(entry, at)).by_id
        relayed = payload.get("relayed") or {"agency": "", "source": ""}
        lines.append(
            JournalLine(
                entry,
                at,
                who.name if who else "",
                names.get(who.agency, "") if who else "",
                _words(payload),
                str(payload.get("document") or ""),
                names.get(str(payload.get("to")), "") if who else _recipients(payload, names),
                _move(payload.get("changes", [])),
                names.get(relayed["agency"], relayed["agency"]),
                relayed["source"],
            )
        )
    return lines[::-1]


def _day(entry: chain.Entry, at: dt.datetime) -> dt.date:
    """Return the day of the entry in the plan's own calendar, else that of its instant."""
    on = entry.payload.get("on")
    return dt.date.fromisoformat(on) if isinstance(on, str) else at.date()


def _recipients(payload: Mapping[str, Any], agencies: Mapping[str, str]) -> str:
    """Return the agencies a reminder went to."""
    notices = [row for table, _, row in payload.get("changes", []) if table == "notices"]
    recipients = dict.fromkeys(row["recipient"].partition("/")[0] for row in notices)
    return "、".join(agencies.get(agency, agency) for agency in recipients)


def _words(payload: Mapping[str, Any]) -> str:
    """Return the text of a deed; of a reading its value and source, of a meeting day and place."""
    if payload.get("day"):
        clock = "–".join(str(payload[name]) for name in ("time", "end") if payload.get(name))
        days = "–".join(str(payload[name]) for name in ("day", "last_day") if payload.get(name))
        more = (str(payload.get(name) or "") for name in ("place", "chair", "note"))
        return " · ".join(filter(None, (days, clock, *more)))
    texts = (payload.get(name) for name in ("text", "summary", "reason", "title", "source"))
    words = next((str(text) for text in texts if text), "")
    figures = [row["value"] for table, _, row in payload.get("changes", []) if table == "readings"]
    return " · ".join([*figures, words]) if figures else words


def _move(changes: Sequence[Any]) -> tuple[dt.date, dt.date] | None:
    """Return the due date before and after an entry that moved it."""
    before = next((row["due_on"] for table, _, row in changes if table == "due_dates"), None)
    after = next((row.get("due_on") for table, _, row in changes if table == "duties"), None)
    if not before or not after:
        return None
    return dt.date.fromisoformat(before), dt.date.fromisoformat(after)
