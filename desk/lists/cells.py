"""Cells of the ledger's list, and the list as CSV and JSON, piece by piece."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.duties.standing import standing
from catalog.reports.export_columns import COLUMNS, fitted, marks, plain
from catalog.wording import say
from desk.api.documents import duty_document
from ledger.duties import duties

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from catalog.offices.agency_names import AgencyNames
    from ledger.post.contacts import Agency
    from tasks.documents.listing import Line

    Cell = str | int | dt.date | None

PLAIN = tuple(column for column in COLUMNS if column.name != "mark")
PIECE = 200  # lines of CSV in one piece


class Frame(NamedTuple):
    """The language of a list, the day of its standings, and the agencies by id."""

    lang: str
    on: dt.date
    agencies: AgencyNames[Agency]


def cells(number: int, line: Line, frame: Frame) -> dict[str, Cell]:
    """Return the cells of the list's line `number` (from 1) by column name."""
    duty, names, lang = line.duty, frame.agencies.of(line.duty), frame.lang
    now = standing(duties.facts(duty), frame.on)
    latest = {name: fitted(text) for name, text in line.latest._asdict().items()}
    row: dict[str, Cell] = {
        "number": number,
        "title": _title(line, lang),
        "basis": say(lang, "sheet.says", measure=duty.measure, says=line.says),
        "lead": names[duty.lead].name,
        "performer": names[duty.performer].name,
        "participants": "、".join(names[each].name for each in duty.participants),
        "due_on": duty.due_on,
        **latest,
        "relayed": _relayed(line, frame, names),
        "light": f"{say(lang, f'light.{now.light}')} {say(lang, f'status.{now.status}')}",
        "extensions": duty.extensions,
        "undocumented": say(lang, "duty.undocumented") if line.undocumented else "",
        "ended_on": duty.closed_on or duty.accepted_on,
        "done_on": duty.done_on,
        "key": duty.key,
    }
    return {**row, "mark": marks(duty.key, row)}


def _relayed(line: Line, frame: Frame, names: AgencyNames[Agency]) -> str:
    """Return which of the remarks the office recorded, for which agency and from which file."""
    words = (
        say(
            frame.lang,
            "sheet.relayed",
            what=say(frame.lang, f"column.{word.kind}"),
            agency=names[word.agency].name,
            by=word.by,
            source=word.source,
        )
        for word in line.relayed
    )
    return "\n".join(words)


def _title(line: Line, lang: str) -> str:
    """Return the title of a duty, of a party's reading with its share of the year."""
    title = line.duty.title
    return say(lang, "shares.title", title=title, share=line.share) if line.share else title


def as_csv(lines: Iterable[Line], frame: Frame) -> Iterator[str]:
    """Yield the list as CSV, every cell safe to open in a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([say(frame.lang, f"column.{column.name}") for column in PLAIN])
    for number, line in enumerate(lines, 1):
        row = cells(number, line, frame)
        table.writerow([_plain(row[column.name]) for column in PLAIN])
        if number % PIECE == 0:
            yield _drain(out)
    yield _drain(out)


def as_json(lines: Iterable[Line], frame: Frame) -> Iterator[str]:
    """Yield the list as JSON: the API's duties, each with its latest report."""
    yield "["
    for number, line in enumerate(lines, 1):
        text = json.dumps(document(line, frame), ensure_ascii=False, default=str)
        yield text if number == 1 else f",\n{text}"
    yield "]\n"


def document(line: Line, frame: Frame) -> dict[str, Any]:
    """Return one line as a document: the API's duty with its latest report."""
    duty = line.duty
    return {
        **duty_document(duty, frame.agencies, frame.on),
        "says": line.says,
        **line.latest._asdict(),
        "relayed": [word._asdict() for word in line.relayed],
        "extensions": duty.extensions,
        "undocumented": line.undocumented,
        "filed_on": duty.filed_on,
        "accepted_on": duty.accepted_on,
        "closed_on": duty.closed_on,
        "done_on": duty.done_on,
    }


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return plain(cell) if isinstance(cell, str) else str(cell)


def _drain(out: io.StringIO) -> str:
    """Return the text in `out` and empty it."""
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
