"""`duban tracker read` and `duban past import`: a spreadsheet of the office, read and taken."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter

from catalog.errors import InvalidError, NotFoundError, UsageRefusedError
from catalog.trackers.grid import letters
from catalog.trackers.lines import read as read_lines
from catalog.wording import say
from desk.commands import plan_draft
from desk.commands.duties import agency_id
from desk.commands.options import Actor, DryRun, Json, act_of, instant, open_ledger
from desk.commands.output import hint, put_json, put_line, put_table
from desk.trackers import sentences
from ledger.people import agencies as register
from ledger.settings import command_language
from ledger.trackers.uploads import TrackerUpload
from tasks.act import Act
from tasks.agencies.names import registered
from tasks.spreadsheets.grids import LARGEST, grids
from tasks.trackers.uses import taking, uploads
from tasks.trackers.uses.preview import preview
from tasks.trackers.uses.row import own

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from ledger.session import Connection, Ledger
    from tasks.all_or_nothing import Refusal
    from tasks.trackers.uses.preview import Preview
    from tasks.trackers.uses.row import Ask, Row
    from tasks.trackers.uses.uploads import Tracker

UseOption = Literal["plan", "past", "duties", "progress"]
By = Annotated[str, Parameter(name="--as", help="Who takes it; without --use nobody does.")]
Of = Annotated[str, Parameter(name="--of", help="Progress: the agency whose word it is.")]
Source = Annotated[str, Parameter(help="Duties: the document or instruction they rest on.")]
Answers = Annotated[
    Path | None, Parameter(help="JSON object of answers, by the ids that --json prints.")
]

app = App(name="tracker", help="Read a spreadsheet of the office, and take it for one use.")


@app.command
def read(
    file: Path,
    *,
    use: UseOption | None = None,
    actor: By = "",
    plan: str | None = None,
    of: Of = "",
    source: Source = "",
    answers: Answers = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Read the spreadsheet FILE; with --use take all its rows, or none.

    Without --use it prints the columns as they were guessed and each line with what is unclear.
    Ends with 4 while something is asked or refused: then nothing is taken. `--use plan` prints
    the draft of a plan, as `duban plan draft` does.
    """
    if use == "plan":
        return plan_draft.draft(file, as_json=as_json)
    if use is None:
        return _read_only(file, as_json=as_json)
    if not actor:
        raise UsageRefusedError("tracker-without-user")
    more = {"*#source": source} if source else {}
    if answers is not None:
        more |= _answers(answers)
    return _take(file, use, actor, plan, of=of, more=more, dry_run=dry_run, as_json=as_json)


def bring_past(
    plan: str,
    file: Path,
    *,
    actor: Actor,
    answers: Answers = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Settle the past duties of PLAN by the rows of the spreadsheet FILE, all or none.

    With --dry-run it shows what each row becomes. Ends with 4 while a row is asked about or
    refused, each named by its sheet and row: then none is settled.
    """
    more = _answers(answers) if answers else {}
    return _take(file, "past", actor, plan, more=more, dry_run=dry_run, as_json=as_json)


def _take(
    file: Path,
    use: UseOption,
    actor: str,
    plan: str | None,
    *,
    more: Mapping[str, str],
    of: str = "",
    dry_run: bool,
    as_json: bool,
) -> int:
    content = _content(file)
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        with ledger.read() as conn:
            named = _reporter(conn, of, act.on) if of else {}
            upload = _upload(file, content, act, plan=code, use=use)
            sheets = grids(io.BytesIO(content), name=file.name)
            tracker = uploads.of_file(conn, sheets, upload, {**more, **named})
            view = preview(conn, tracker, act)
            names = {a.id: a.name for a in register.agencies_on(conn, act.on).values()}
        refusals = _refusals(ledger, upload, view, act)
    lang = command_language()
    document = _document(tracker, view, refusals, names, lang)
    if as_json:
        put_json({**document, "dry_run": dry_run})
    else:
        _put(document, dry_run=dry_run)
    return 4 if document["refused"] or document["asked"] else 0


def _refusals(ledger: Ledger, upload: TrackerUpload, view: Preview, act: Act) -> list[Refusal]:
    """Return the refusals of the rows; without any, and when nothing is asked, they are taken."""
    if not view.counts["ready"]:
        return []
    if view.counts["asked"]:
        return taking.rehearse(ledger, upload, view, act)
    return taking.take(ledger, upload, view, act, is_kept=False)


def _reporter(conn: Connection, of: str, on: dt.date) -> dict[str, str]:
    return {"*#reporter": agency_id(conn, register.agencies_on(conn, on), of)}


def _upload(file: Path, content: bytes, act: Act, *, plan: str, use: UseOption) -> TrackerUpload:
    """Return the row that a page would keep of the file; a command takes it at once."""
    digest = hashlib.sha256(content).hexdigest()
    return TrackerUpload(
        id=digest[:16],
        user=act.user,
        plan=plan,
        use=use,
        name=file.name,
        sha256=digest,
        sheets="",
        mapping="{}",
        answers="{}",
        receipt="",
        begun_at=act.at,
    )


def _document(
    tracker: Tracker,
    view: Preview,
    refusals: Sequence[Refusal],
    names: Mapping[str, str],
    lang: str,
) -> dict[str, Any]:
    count = view.counts["ready"] if not refusals and not view.counts["asked"] else 0
    return {
        "use": tracker.upload.use,
        "file": tracker.upload.name,
        "sha256": tracker.upload.sha256,
        **_mapping(tracker),
        "rows": [_row(row, names, lang) for row in view.rows],
        "skipped": [each._asdict() for each in view.skipped],
        "asked": view.counts["asked"],
        "left_out": view.counts["left"],
        "taken": count,
        "refused": [{"place": r.place, "error": r.error.in_language(lang)} for r in refusals],
    }


def _mapping(tracker: Tracker) -> dict[str, Any]:
    mapping = tracker.mapping
    columns = {letters(n): role for n, role in sorted(mapping.columns.items())}
    unread = {letters(n): head for n, head in sorted(mapping.unread.items())}
    return {
        "sheet": mapping.sheet,
        "heads": mapping.head_row + 1,
        "columns": columns,
        "not_taken": unread,
    }


def _row(row: Row, names: Mapping[str, str], lang: str) -> dict[str, Any]:
    return {
        "place": row.line.place,
        "title": row.line.title,
        "key": row.duty.key if row.duty else None,
        "state": row.state,
        "becomes": sentences.becomes(lang, row, names),
        "asks": [_ask(ask, lang) for ask in row.asks],
        "notes": sentences.notes(lang, row.notes),
        "left_out": say(lang, f"tracker-left.{row.omission}") if row.omission else None,
        "leave_out": own(row.line, "leave"),
    }


def _ask(ask: Ask, lang: str) -> dict[str, Any]:
    return {
        "id": ask.id,
        "question": say(lang, ask.key),
        "cell": ask.place,
        "text": ask.text,
        "readings": list(ask.readings),
    }


def _put(document: Mapping[str, Any], *, dry_run: bool) -> None:
    columns = ("place", "state", "what", "title", "key")
    put_table(document["file"], columns, [_line(row) for row in document["rows"]])
    if document["refused"]:
        refusals = [tuple(each.values()) for each in document["refused"]]
        put_table("", ("place", "refused"), refusals)
    counts = "{taken} taken, {asked} asked, {left_out} left out".format_map(document)
    put_line(counts)
    if dry_run:
        hint("dry run: nothing was changed")


def _line(row: Mapping[str, Any]) -> tuple[str, ...]:
    asks = [f"{ask['question']} {ask['text']}".strip() for ask in row["asks"]]
    texts = asks or [row["left_out"]] if row["left_out"] or asks else row["becomes"]
    what = "; ".join([*texts, *row["notes"]])
    return row["place"], row["state"], what, row["title"], row["key"] or ""


def _read_only(file: Path, *, as_json: bool) -> int:
    """Print how the first table of a file is read; nothing is taken."""
    content, lang = _content(file), command_language()
    with open_ledger() as ledger, ledger.read() as conn:
        sheets = grids(io.BytesIO(content), name=file.name)
        upload = _upload(file, content, _nobody(ledger), plan="", use="past")
        tracker = uploads.of_file(conn, sheets, upload, {})
        reading = read_lines(tracker.grid, tracker.mapping, registered(conn))
    lines = [
        {
            **{k: v for k, v in line._asdict().items() if k not in {"doubts", "remarks"}},
            "doubts": [_doubt(each, "tracker-doubt", lang) for each in line.doubts],
            "remarks": [_doubt(each, "tracker-remark", lang) for each in line.remarks],
        }
        for line in reading.lines
    ]
    document = {**_mapping(tracker), "year": reading.year, "lines": lines}
    document["skipped"] = [each._asdict() for each in reading.skipped]
    if as_json:
        put_json(document)
        return 0
    columns = document["columns"].items()
    put_table(f"{tracker.grid.sheet}, heads in row {document['heads']}", ("column", "is"), columns)
    cells = ("place", "title", "lead", "due_on", "done_on", "status")
    rows = [
        [*(line[name] for name in cells), "; ".join(each["says"] for each in line["doubts"])]
        for line in lines
    ]
    put_table("", (*cells, "asked"), rows)
    return 0


def _doubt(each: Any, room: str, lang: str) -> dict[str, Any]:
    values = each._asdict()
    says = say(lang, f"{room}.{each.key}", reading=values.get("reading", ""))
    return {**values, "says": f"{says} {each.text}".strip()}


def _nobody(ledger: Ledger) -> Act:
    at = instant(ledger)
    return Act("", at.date(), at)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as content:
            return content.read(LARGEST + 1)
    except OSError as error:
        raise NotFoundError("file-unreadable", file=file, problem=error.strerror) from error


def _answers(file: Path) -> dict[str, str]:
    """Return the answers in a JSON file; InvalidError for another document."""
    try:
        answers = json.loads(_content(file))
    except ValueError:
        answers = None
    if not isinstance(answers, dict) or not all(isinstance(v, str) for v in answers.values()):
        raise InvalidError("tracker-answers", place=file)
    return answers
