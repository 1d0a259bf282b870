"""`duban import`: a list that was filled in, brought back whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog.errors import InvalidError, NotFoundError
from desk.commands.options import Actor, DryRun, Json, open_ledger, plans_asked
from desk.commands.output import hint, put_json, put_line, put_table
from ledger.proof.evidence import MB
from ledger.settings import command_language
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.documents import list_import

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.documents.list_import import Change, Comparison, Refusal


def bring(file: Path, *, actor: Actor, dry_run: DryRun = False, as_json: Json = False) -> int:
    """Take what was filled into FILE, a workbook of `duban export`: progress, problems, next steps.

    Each cell that changed is the deed of --as, by its own rules, and all of them are one
    transaction. Ends with 4 when anything is refused: then nothing is taken, and each refusal is
    told with its sheet, row and cell. An administrator may bring a sheet of contacts.
    """
    with open_ledger(dry_run=dry_run) as ledger:
        on, at = today.now(ledger, plans_asked(ledger, None)[0], now_utc)
        act = Act(actor, on, at)
        found = _read(ledger, file, act)
        refused = found.refused or list_import.carry_out(ledger, found.changes, act)
    if as_json:
        put_json({**_document(found, refused), "dry_run": dry_run})
    else:
        _put(found, refused, dry_run=dry_run)
    return 4 if refused else 0


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


def _document(found: Comparison, refused: list[Refusal]) -> dict[str, Any]:
    return {
        "changes": [change._asdict() for change in found.changes],
        "refused": [{"place": place, "error": str(error)} for place, error in refused],
        "same": found.same,
    }


def _put(found: Comparison, refused: list[Refusal], *, dry_run: bool) -> None:
    lang = command_language()
    if found.changes:
        put_table("", ("place", "what", "of", "before", "after"), map(_line, found.changes))
    if refused:
        put_table("", ("place", "refused"), [(r.place, r.error.in_language(lang)) for r in refused])
    done = 0 if refused else len(found.changes)
    put_line(f"{done} of {len(found.changes)} changes taken, {found.same} rows as they were")
    if dry_run:
        hint("dry run: nothing was changed")


def _line(change: Change) -> tuple[str, ...]:
    return change.place, change.column, change.subject, change.before, change.after
