"""`duban export`: the ledger as a workbook, CSV or JSON, and its due dates as a calendar."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from catalog.errors import UsageRefusedError
from catalog.wording import DEFAULT_LANGUAGE, languages
from desk.commands.duties import agency_asked
from desk.commands.options import Json, day_asked, open_ledger
from desk.commands.output import hint, put_json, put_line, replacing
from desk.lists import cells, excel
from desk.lists.calendar_events import calendar
from desk.lists.gbk import Encoder
from ledger.duties import conditions, duties
from ledger.post import contacts
from tasks.clock import now_utc
from tasks.documents.listing import lines
from tasks.post.contacts import all_contacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk.lists.cells import Frame
    from ledger.duties.conditions import Condition
    from ledger.session import Connection
    from tasks.documents.listing import Line

app = App(name="export", help="The ledger as a file for others.")

Out = Annotated[Path, Parameter(name="--out", help="The file; one that is there is replaced.")]


def _known(_: type, code: str) -> None:
    if code not in languages():
        raise ValueError(f"there is {', '.join(languages())}")


Lang = Annotated[str, Parameter(validator=_known, help="The language of headings and words.")]
MANY = 20  # characters named in a hint


@app.command
def ledger(
    *,
    out: Out,
    file_format: Annotated[Literal["xlsx", "csv", "json"], Parameter(name="--format")] = "xlsx",
    encoding: Literal["utf-8", "gbk"] = "utf-8",
    lang: Lang = DEFAULT_LANGUAGE,
    plan: str | None = None,
    agency: str | None = None,
    measure: str | None = None,
    year: int | None = None,
    with_contacts: Annotated[bool, Parameter(name="--contacts", negative="")] = False,
    as_json: Json = False,
) -> None:
    """Write the ledger into --out, one line a duty in the columns an office keeps, by due date.

    AGENCY (id or name) leads or performs; YEAR is that of the due date. --encoding gbk is for CSV;
    --contacts adds to a workbook the sheet of who is reached where.
    """
    if encoding == "gbk" and file_format != "csv":
        raise UsageRefusedError("only-for-csv")
    with open_ledger() as opened:
        day = day_asked(opened, None)
        with opened.read() as conn:
            where = _where(conn, plan=plan, agency=agency, measure=measure, year=year)
            keys = duties.chosen_keys(conn, *where, order=["due_on"])
            frame = cells.Frame(lang, day, contacts.agencies(conn))
            reached = all_contacts(conn) if with_contacts else []
        found = lines(opened, keys)
        with replacing(out) as file:
            if file_format == "xlsx":
                excel.write(file, found, frame, contacts=reached)
            elif file_format == "json":
                file.writelines(piece.encode() for piece in cells.as_json(found, frame))
            else:
                _write_csv(file, found, frame, encoding)
    _told(out, len(keys), as_json=as_json)


@app.command(name="calendar")
def due_dates(
    *, out: Out, plan: str | None = None, agency: str | None = None, as_json: Json = False
) -> None:
    """Write the due dates of what is not finished into --out, as an iCalendar file."""
    with open_ledger() as opened:
        with opened.read() as conn:
            where = _where(conn, plan=plan, agency=agency)
            found = duties.chosen(conn, *where, conditions.UNCLOSED, order=["due_on"])
        made = calendar(found, stamp=now_utc(), base_url=opened.settings.base_url)
    with replacing(out) as file:
        file.write(made.content)
    _told(out, len(found), as_json=as_json)


def _where(
    conn: Connection,
    *,
    plan: str | None,
    agency: str | None,
    measure: str | None = None,
    year: int | None = None,
) -> list[Condition]:
    wanted = [conditions.of(plan=plan, measure=measure)]
    if agency is not None:
        known = agency_asked(conn, contacts.agencies(conn), agency)
        wanted.append(conditions.answered_by([known]))
    if year is not None:
        wanted.append(conditions.due_in_year(year))
    return wanted


def _write_csv(file: IO[bytes], found: Iterable[Line], frame: Frame, encoding: str) -> None:
    pieces = cells.as_csv(found, frame)
    if encoding == "utf-8":
        file.write(b"\xef\xbb\xbf")
        file.writelines(piece.encode() for piece in pieces)
        return
    encoder = Encoder()
    file.writelines(encoder.encode(piece) for piece in pieces)
    if encoder.lacking:
        shown = "".join(sorted(encoder.lacking)[:MANY])
        hint(f"written as GB18030: GBK lacks {len(encoder.lacking)} of the characters: {shown}")


def _told(out: Path, rows: int, *, as_json: bool) -> None:
    if as_json:
        put_json({"file": str(out), "rows": rows})
    else:
        put_line(f"{out}: {rows}")
