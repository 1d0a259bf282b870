"""The history as pages tell it: who did what when, what was said, which date it moved."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.people import users as people
    from ledger.proof import chain


class Told(NamedTuple):
    """One entry of the history as a page tells it.

    `to` is the agency it names or was told to, `moved` the due date before and after.
    """

    entry: chain.Entry
    at: dt.datetime
    who: str
    agency: str
    text: str
    document: str
    to: str
    moved: tuple[dt.date, dt.date] | None


def tell(
    entries: Iterable[chain.Entry], users: Iterable[people.User], agencies: Mapping[str, str]
) -> list[Told]:
    """Return the entries as they are told, the last first; our own have no person."""
    known = {user.id: user for user in users}
    told = []
    for entry in entries:
        said, who = entry.payload, known.get(entry.actor)
        told.append(
            Told(
                entry,
                dt.datetime.fromisoformat(entry.at),
                who.name if who else "",
                agencies.get(who.agency, "") if who else "",
                _said(said),
                str(said.get("document") or ""),
                agencies.get(str(said.get("to")), "") if who else _reached(said, agencies),
                _moved(said.get("changes", [])),
            )
        )
    return told[::-1]


def _reached(payload: Mapping[str, Any], agencies: Mapping[str, str]) -> str:
    """Return the agencies a reminder went to."""
    told = [row for table, _, row in payload.get("changes", []) if table == "notices"]
    reached = dict.fromkeys(row["recipient"].partition("/")[0] for row in told)
    return "、".join(agencies.get(agency, agency) for agency in reached)


def _said(payload: Mapping[str, Any]) -> str:
    """Return what was said with a deed; of a figure its value, which stands in its row."""
    said = (payload.get(name) for name in ("text", "summary", "reason", "title", "source"))
    words = next((str(each) for each in said if each), "")
    figures = [row["value"] for table, _, row in payload.get("changes", []) if table == "readings"]
    return " · ".join([*figures, words]) if figures else words


def _moved(changes: Sequence[Any]) -> tuple[dt.date, dt.date] | None:
    """Return the due date an entry moved, and where to."""
    before = next((row["due_on"] for table, _, row in changes if table == "due_dates"), None)
    after = next((row.get("due_on") for table, _, row in changes if table == "duties"), None)
    if not before or not after:
        return None
    return dt.date.fromisoformat(before), dt.date.fromisoformat(after)
