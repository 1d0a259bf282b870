"""Lists attached to letters: due dates as a calendar file, and duties as a workbook."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter

from catalog.letters.kinds import kind, place
from catalog.letters.layout import address, is_cut
from catalog.letters.sentences import sentences
from catalog.letters.speech import Speech
from catalog.workbook.excel_sheets import GRID, OPTIONS, EscapingSheet
from tasks.letters.duty_calendar import duty_calendar
from tasks.letters.letter_format import Attachment

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from catalog.letters.line import DutyLine
    from ledger.session import Connection
    from tasks.letters.content import Content
    from tasks.letters.duty_calendar import Look

NAME = "duties.xlsx"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Column(NamedTuple):
    """A column: the key of its heading, and its width in characters."""

    heading: str
    width: int


_COLUMNS = (
    _Column("number", 6),
    _Column("what", 24),
    _Column("title", 48),
    _Column("period", 12),
    _Column("due", 13),
    _Column("performer", 20),
    _Column("lead", 20),
    _Column("measure", 8),
    _Column("says", 32),
    _Column("sentence", 48),
    _Column("url", 40),
)


def lists(
    conn: Connection,
    content: Content,
    lines: Sequence[DutyLine],
    look: Look,
    *,
    issued: Collection[str],
    on: dt.date,
) -> tuple[Attachment, ...]:
    """Return the lists of a letter: the dates of the duties `issued`, or all where many are cut."""
    is_full = is_cut(lines, on)
    duties = [content.duties[line.key] for line in lines if is_full or line.key in issued]
    calendar = (duty_calendar(conn, duties, look, on=on),) if duties else ()
    if not is_full:
        return calendar
    return (_workbook(lines, Speech(look.lang, on), base_url=look.base_url), *calendar)


def _workbook(lines: Sequence[DutyLine], speech: Speech, *, base_url: str) -> Attachment:
    """Return a workbook with a row for each duty; the same lines give the same bytes."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {**OPTIONS, "in_memory": True})
    book.set_properties({"created": dt.datetime.combine(speech.on, dt.time())})
    head = book.add_format({**GRID, "bold": True, "bg_color": "#EEF1F4", "text_wrap": True})
    text = book.add_format({**GRID, "text_wrap": True})
    day = book.add_format({**GRID, "num_format": "yyyy-mm-dd", "align": "left"})
    sheet = book.add_worksheet(speech.say("letter-list.sheet"), EscapingSheet)
    for at, column in enumerate(_COLUMNS):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, speech.say(f"letter-list.{column.heading}"), head)
    ordered = sorted(lines, key=lambda line: place(line, speech.on))
    for number, line in enumerate(ordered, 1):
        for at, cell in enumerate(_cells(number, line, speech, base_url)):
            if isinstance(cell, int):
                sheet.write_number(number, at, cell, text)
            elif isinstance(cell, dt.date):
                sheet.write_datetime(number, at, dt.datetime.combine(cell, dt.time()), day)
            else:
                sheet.write_string(number, at, cell, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(ordered), len(_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return Attachment(name=NAME, content_type=TYPE, content=file.getvalue())


def _cells(
    number: int, line: DutyLine, speech: Speech, base_url: str
) -> tuple[int | str | dt.date, ...]:
    return (
        number,
        speech.say(f"ask.{kind(line, speech.on)}"),
        line.title,
        line.period if line.period not in {"-", "once"} else "",
        line.due_on,
        line.performer,
        line.lead,
        line.measure,
        "…".join(line.says),
        " ".join(sentences(line, speech)),
        address(line, base_url),
    )
