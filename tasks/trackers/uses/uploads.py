"""A tracker under way: begun from a file, mapped, answered, and ended when it was taken."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal, get_args

from catalog.errors import InvalidError
from catalog.trackers.columns import ROLES
from catalog.trackers.mapping import Mapping, fingerprint, guess, mapping_at
from ledger.trackers import mappings, uploads
from ledger.trackers.mappings import KeptMapping
from ledger.trackers.uploads import TrackerUpload
from tasks.spreadsheets.grids import grids
from tasks.trackers.uses.packing import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Mapping as Table
    from collections.abc import Sequence

    from catalog.trackers.columns import Role
    from catalog.trackers.grid import Grid
    from ledger.session import Connection, Ledger
    from tasks.act import Act

Use = Literal["plan", "past", "duties", "progress"]
USES: tuple[Use, ...] = get_args(Use)
STALE = dt.timedelta(days=30)  # a receipt is shown that long


@dataclass(frozen=True)
class Tracker:
    """A tracker under way: one sheet of its file, the mapping, and the answers of the person.

    `year` is that of days without one, None where the title gives it.
    """

    upload: TrackerUpload
    grids: Sequence[Grid]
    grid: Grid
    mapping: Mapping
    year: int | None
    answers: Table[str, str]


def begin(ledger: Ledger, content: IO[bytes], act: Act, *, name: str, plan: str, use: Use) -> str:
    """Read the file `name` and keep it as a tracker under way; return its id.

    Raises InvalidError for a file that cannot be read or kept, ConflictError for one too many.
    """
    sheets = grids(content, name=name)
    content.seek(0)
    digest = hashlib.sha256(content.read()).hexdigest()
    upload = TrackerUpload(
        id=secrets.token_hex(8),
        user=act.user,
        plan=plan,
        use=use,
        name=name,
        sha256=digest,
        sheets=pack(sheets, place=name),
        mapping="{}",
        answers="{}",
        receipt="",
        begun_at=act.at,
    )
    with ledger.transaction() as tx:
        mapping = _first_mapping(tx.conn, sheets)
        upload = upload.model_copy(update={"mapping": _document(mapping, None)})
        uploads.begin(tx, upload, stale=act.at - STALE)
    return upload.id


def tracker(conn: Connection, upload: str, user: str) -> Tracker:
    """Return a tracker of `user` under way; NotFoundError where it has ended or is another's."""
    row = uploads.one(conn, upload, user)
    if row.ended_at is not None:
        raise InvalidError("upload-ended")
    return of_upload(row)


def of_upload(row: TrackerUpload) -> Tracker:
    """Return the tracker of a row."""
    sheets, saved = unpack(row.sheets), json.loads(row.mapping)
    grid = next(grid for grid in sheets if grid.sheet == saved["sheet"])
    whole = mapping_at(grid, saved["head_row"], saved["height"])
    columns = {int(column): role for column, role in saved["columns"].items()}
    mapping = Mapping(grid.sheet, whole.head_row, columns, whole.height, whole.heads)
    return Tracker(row, sheets, grid, mapping, saved["year"], json.loads(row.answers))


def of_file(
    conn: Connection, sheets: Sequence[Grid], upload: TrackerUpload, answers: Table[str, str]
) -> Tracker:
    """Return the tracker of a file that is read at once, with its kept or guessed mapping.

    Raises InvalidError where no sheet has heads that name tasks.
    """
    mapping = _first_mapping(conn, sheets)
    if "title" not in mapping.columns.values():
        raise InvalidError("tracker-no-table", place=upload.name)
    grid = next(grid for grid in sheets if grid.sheet == mapping.sheet)
    return Tracker(upload, sheets, grid, mapping, None, answers)


def choose(ledger: Ledger, of: Tracker, *, sheet: str, head_row: int | None) -> None:
    """Choose another sheet, or another row of heads (from 0): its columns are guessed anew."""
    grid = next((grid for grid in of.grids if grid.sheet == sheet), None)
    if grid is None:
        raise InvalidError("upload-sheet", sheet=sheet)
    with ledger.transaction() as tx:
        mapping = suggestion(tx.conn, grid) if head_row is None else mapping_at(grid, head_row)
        uploads.save(tx, of.upload.id, {"mapping": _document(mapping, of.year), "answers": "{}"})


def map_columns(
    ledger: Ledger,
    of: Tracker,
    act: Act,
    *,
    columns: Table[int, Role],
    year: int | None,
    use: Use,
) -> None:
    """Save the roles of the columns, and keep them for the next file of this form."""
    unknown = set(columns.values()) - set(ROLES)
    if unknown:
        raise InvalidError("upload-role", role=", ".join(sorted(unknown)))
    if "title" not in columns.values():
        raise InvalidError("upload-without-title")
    old = of.mapping
    mapping = Mapping(old.sheet, old.head_row, dict(columns), old.height, old.heads)
    form = KeptMapping(
        id=fingerprint(of.grid),
        columns=json.dumps(columns),
        offset=old.head_row - guess(of.grid).head_row,
        height=old.height,
        saved_by=act.user,
        saved_at=act.at,
    )
    with ledger.transaction() as tx:
        mappings.keep(tx, form)
        uploads.save(tx, of.upload.id, {"mapping": _document(mapping, year), "use": use})


def answer(ledger: Ledger, of: Tracker, answers: Table[str, str]) -> Tracker:
    """Save further answers; return the tracker with them."""
    whole = json.dumps({**of.answers, **answers}, ensure_ascii=False)
    with ledger.transaction() as tx:
        uploads.save(tx, of.upload.id, {"answers": whole})
    return of_upload(of.upload.model_copy(update={"answers": whole}))


def drop(ledger: Ledger, upload: str, act: Act) -> None:
    """End a tracker under way without taking anything from it."""
    with ledger.transaction() as tx:
        uploads.one(tx.conn, upload, act.user)
        uploads.end(tx, upload, act.at)


def suggestion(conn: Connection, grid: Grid) -> Mapping:
    """Return the mapping kept for the form of a sheet, else the guessed one."""
    guessed = guess(grid)
    former = mappings.kept(conn, fingerprint(grid)) if guessed.head_row >= 0 else None
    if former is None:
        return guessed
    whole = mapping_at(grid, guessed.head_row + former.offset, former.height)
    columns = {int(column): role for column, role in json.loads(former.columns).items()}
    return Mapping(grid.sheet, whole.head_row, columns, whole.height, whole.heads)


def is_kept(conn: Connection, grid: Grid) -> bool:
    """Tell whether the form of a sheet has a kept mapping."""
    return mappings.kept(conn, fingerprint(grid)) is not None


def _first_mapping(conn: Connection, sheets: Sequence[Grid]) -> Mapping:
    """Return the mapping of the first sheet with a table, those that are shown before others."""
    by_sight = sorted(sheets, key=lambda grid: grid.is_hidden)
    every = [suggestion(conn, grid) for grid in by_sight]
    return next((m for m in every if "title" in m.columns.values()), every[0])


def _document(mapping: Mapping, year: int | None) -> str:
    return json.dumps(
        {
            "sheet": mapping.sheet,
            "head_row": max(mapping.head_row, 0),
            "height": mapping.height,
            "columns": dict(mapping.columns),
            "year": year,
        },
        ensure_ascii=False,
    )
