"""`duban import`: import of a workbook that an agency filled in, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from catalog.errors import InvalidError, NotFoundError
from catalog.wording import has, say
from desk.commands.duties import agency_id
from desk.commands.options import Actor, DryRun, Json, act_of, open_ledger
from desk.commands.output import hint, put_json, put_line, put_table
from ledger.people import agencies as register
from ledger.proof.evidence import MB
from ledger.settings import command_language
from tasks.act import Act
from tasks.documents import list_import

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.all_or_nothing import Refusal
    from tasks.documents.list_import import Change, Comparison, Edit

Reporter = Annotated[
    str,
    Parameter(
        name="--of",
        help="Agency whose word it is, where the office brings it in; by default the performer.",
    ),
]


def bring(
    file: Path,
    *,
    actor: Actor,
    reporter: Reporter = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Import the changes in FILE, a workbook of `duban export`: progress, problems, next steps.

    Edits of other columns, such as the due date, are not taken: they are printed with their place.
    An officer of the office brings in what agencies mailed; it is recorded as reported by them.

    Each changed cell is a deed of --as, with its own rules; all of them are one transaction. Ends
    with 4 when any is refused: then nothing is imported, and each refusal is printed with its
    sheet, row and cell. An administrator may import a sheet of contacts.
    """
    with open_ledger(dry_run=dry_run) as ledger:
        _, act = act_of(ledger, actor)
        comparison = _read(ledger, file, act, reporter)
        refusals = comparison.refused or list_import.carry_out(
            ledger, comparison.changes, act, name=file.name
        )
    if as_json:
        put_json({**_document(comparison, refusals), "dry_run": dry_run})
    else:
        _put(comparison, refusals, dry_run=dry_run)
    return 4 if refusals else 0


def _read(ledger: Ledger, file: Path, act: Act, reporter: str) -> Comparison:
    with ledger.read() as conn:
        agencies = register.agencies_on(conn, act.on)
        of = agency_id(conn, agencies, reporter) if reporter else ""
    try:
        size = file.stat().st_size
        with file.open("rb") as content:
            if size > ledger.evidence.limit:
                most = ledger.evidence.limit // MB
                raise InvalidError("evidence-too-large", place=file, most=most)
            return list_import.read(ledger, content, act, name=file.name, of=of)
    except OSError as error:
        raise NotFoundError("file-unreadable", file=file, problem=error.strerror) from error


def _document(comparison: Comparison, refusals: list[Refusal]) -> dict[str, Any]:
    return {
        "changes": [change._asdict() for change in comparison.changes],
        "refused": [{"place": place, "error": str(error)} for place, error in refusals],
        "not_taken": [edit._asdict() for edit in comparison.edits],
        "same": comparison.same,
    }


def _put(comparison: Comparison, refusals: list[Refusal], *, dry_run: bool) -> None:
    lang, changes = command_language(), comparison.changes
    if changes:
        put_table("", ("place", "what", "of", "before", "after"), map(_line, changes))
    if refusals:
        put_table("", ("place", "refused"), [(p, e.in_language(lang)) for p, e in refusals])
    if comparison.edits:
        cells = ("place", "not taken", "of", "before", "after")
        put_table("", cells, [_edit(edit, lang) for edit in comparison.edits])
    count = 0 if refusals else len(changes)
    put_line(f"{count} of {len(changes)} changes taken, {comparison.same} rows as they were")
    if dry_run:
        hint("dry run: nothing was changed")


def _edit(edit: Edit, lang: str) -> tuple[str, ...]:
    key = f"column.{edit.column}"
    column = say(lang, key) if has(lang, key) else edit.column
    return edit.place, column, edit.subject, edit.before, edit.after


def _line(change: Change) -> tuple[str, ...]:
    return change.place, change.column, change.subject, change.before, change.after
