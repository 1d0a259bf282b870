"""`duban import`: import of a workbook that an agency filled in, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.errors import InvalidError, NotFoundError
from desk.commands.options import Actor, DryRun, Json, act_of, open_ledger
from desk.commands.output import hint, put_json, put_line, put_table
from ledger.proof.evidence import MB
from ledger.settings import command_language
from tasks.act import Act
from tasks.documents import list_import

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.documents.list_import import Change, Comparison, Refusal


def bring(file: Path, *, actor: Actor, dry_run: DryRun = False, as_json: Json = False) -> int:
    """Import the changes in FILE, a workbook of `duban export`: progress, problems, next steps.

    Each changed cell is a deed of --as, with its own rules; all of them are one transaction. Ends
    with 4 when any is refused: then nothing is imported, and each refusal is printed with its
    sheet, row and cell. An administrator may import a sheet of contacts.
    """
    with open_ledger(dry_run=dry_run) as ledger:
        _, act = act_of(ledger, actor)
        comparison = _read(ledger, file, act)
        refusals = comparison.refused or list_import.carry_out(ledger, comparison.changes, act)
    if as_json:
        put_json({**_document(comparison, refusals), "dry_run": dry_run})
    else:
        _put(comparison, refusals, dry_run=dry_run)
    return 4 if refusals else 0


def _read(ledger: Ledger, file: Path, act: Act) -> Comparison:
    try:
        size = file.stat().st_size
        with file.open("rb") as content:
            if size > ledger.evidence.limit:
                most = ledger.evidence.limit // MB
                raise InvalidError("evidence-too-large", place=file, most=most)
            return list_import.read(ledger, content, act, name=file.name)
    except OSError as error:
        raise NotFoundError("file-unreadable", file=file, problem=error.strerror) from error


def _document(comparison: Comparison, refusals: list[Refusal]) -> dict[str, Any]:
    return {
        "changes": [change._asdict() for change in comparison.changes],
        "refused": [{"place": place, "error": str(error)} for place, error in refusals],
        "same": comparison.same,
    }


def _put(comparison: Comparison, refusals: list[Refusal], *, dry_run: bool) -> None:
    lang, changes = command_language(), comparison.changes
    if changes:
        put_table("", ("place", "what", "of", "before", "after"), map(_line, changes))
    if refusals:
        put_table("", ("place", "refused"), [(p, e.in_language(lang)) for p, e in refusals])
    count = 0 if refusals else len(changes)
    put_line(f"{count} of {len(changes)} changes taken, {comparison.same} rows as they were")
    if dry_run:
        hint("dry run: nothing was changed")


def _line(change: Change) -> tuple[str, ...]:
    return change.place, change.column, change.subject, change.before, change.after
