"""`duban export`: the ledger as workbook, CSV or JSON, and its due dates as a calendar."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from catalog.errors import UsageRefusedError
from catalog.wording import DEFAULT_LANGUAGE, languages
from desk.commands.duties import agency_id
from desk.commands.options import Json, Year, day_or_today, open_ledger
from desk.commands.output import hint, put_json, put_line, replacing
from desk.lists import cells, excel
from desk.lists.gbk import Encoder
from ledger.duties import conditions, duties
from ledger.people import agencies as register
from ledger.post import contacts
from tasks.documents.listing import lines
from tasks.letters.duty_calendar import Look, duty_calendar
from tasks.post.contacts import all_contacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk.lists.cells import Frame
    from ledger.duties.conditions import Condition
    from ledger.session import Connection
    from tasks.documents.listing import Line

app = App(name="export", help="The ledger as a file for others.")

Out = Annotated[Path, Parameter(name="--out", help="The file; an existing one is replaced.")]


def _check_language(_: type, code: str) -> None:
    if code not in languages():
        raise ValueError(f"there is {', '.join(languages())}")


Lang = Annotated[
    str, Parameter(validator=_check_language, help="The language of headings and words.")
]
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
    year: Year | None = None,
    with_contacts: Annotated[bool, Parameter(name="--contacts", negative="")] = False,
    as_json: Json = False,
) -> None:
    """Write the ledger into --out, one line for each duty, by due date.

    AGENCY (id or name) leads or performs; YEAR is that of the due date. --encoding gbk is for CSV;
    --contacts adds a sheet of contacts to a workbook.
    """
    if encoding == "gbk" and file_format != "csv":
        raise UsageRefusedError("only-for-csv")
    with open_ledger() as opened:
        day = day_or_today(opened, None)
        with opened.read() as conn:
            where = _where(conn, plan=plan, agency=agency, measure=measure, year=year)
            keys = duties.chosen_keys(conn, *where, order=["due_on"])
            frame = cells.Frame(lang, day, register.agencies_on(conn, day))
            addresses = all_contacts(conn) if with_contacts else []
        rows = lines(opened, keys)
        with replacing(out) as file:
            if file_format == "xlsx":
                excel.write(file, rows, frame, contacts=addresses)
            elif file_format == "json":
                file.writelines(piece.encode() for piece in cells.as_json(rows, frame))
            else:
                _write_csv(file, rows, frame, encoding)
    _put(out, len(keys), as_json=as_json)


@app.command(name="calendar")
def due_dates(
    *, out: Out, plan: str | None = None, agency: str | None = None, as_json: Json = False
) -> None:
    """Write due dates and meetings of unfinished duties into --out, as an iCalendar file."""
    with open_ledger() as opened, opened.read() as conn:
        where = _where(conn, plan=plan, agency=agency)
        rows = duties.chosen(
            conn, *where, conditions.UNCLOSED, conditions.COUNTED, order=["due_on"]
        )
        settings, day = opened.settings, day_or_today(opened, None)
        dates = duty_calendar(
            conn, rows, Look(settings.lang, base_url=settings.base_url or ""), on=day
        )
    with replacing(out) as file:
        file.write(dates.content)
    _put(out, len(rows), as_json=as_json)


def _where(
    conn: Connection,
    *,
    plan: str | None,
    agency: str | None,
    measure: str | None = None,
    year: Year | None = None,
) -> list[Condition]:
    where = [conditions.of(plan=plan, measure=measure)]
    if agency is not None:
        code = agency_id(conn, contacts.agencies(conn), agency)
        where.append(conditions.answered_by([code]))
    if year is not None:
        where.append(conditions.due_in_year(year))
    return where


def _write_csv(file: IO[bytes], rows: Iterable[Line], frame: Frame, encoding: str) -> None:
    pieces = cells.as_csv(rows, frame)
    if encoding == "utf-8":
        file.write(b"\xef\xbb\xbf")
        file.writelines(piece.encode() for piece in pieces)
        return
    encoder = Encoder()
    file.writelines(encoder.encode(piece) for piece in pieces)
    if encoder.lacking:
        some = "".join(sorted(encoder.lacking)[:MANY])
        hint(f"written as GB18030: GBK lacks {len(encoder.lacking)} of the characters: {some}")


def _put(out: Path, rows: int, *, as_json: bool) -> None:
    if as_json:
        put_json({"file": str(out), "rows": rows})
    else:
        put_line(f"{out}: {rows}")
