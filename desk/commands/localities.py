"""`duban shares`, `duban indicators` and `duban reward`: the figures of localities."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from catalog.errors import InvalidError, NotFoundError, UsageRefusedError
from desk.commands.options import Actor, DryRun, Json, Year, act_of, open_ledger, plans_in_scope
from desk.commands.output import hint, put_json, put_line, put_outcome, put_table, replacing
from desk.lists import figure_sheet as sheets
from ledger.proof.evidence import MB
from ledger.settings import command_language
from tasks import today
from tasks.act import Act
from tasks.basic_data import lacking
from tasks.clock import now_utc
from tasks.documents import figure_sheet
from tasks.in_force import in_force
from tasks.localities import handing_out, indicator_values, rewards
from tasks.localities.grid import (
    SOURCE,
    WEIGHT,
    Grid,
    indicators_grid,
    new_shares,
    new_values,
    shares_grid,
)
from tasks.shares import handed_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.errors import DubanError
    from ledger.session import Connection, Ledger
    from tasks.documents.figure_sheet import Cell

shares = App(name="shares", help="Shares of targets: show, hand out, by Excel as well.")
indicators = App(name="indicators", help="Basic data of the evaluation, by locality and year.")

Plan = Annotated[str | None, Parameter(name="--plan")]
Reason = Annotated[str, Parameter(name="--reason", help="Why the sum is short of the course.")]


@shares.command(name="show")
def show_shares(key: str, *, as_json: Json = False) -> None:
    """Show the shares that duty KEY hands out for its year."""
    with open_ledger() as ledger, ledger.read() as conn:
        grid = shares_grid(conn, key)
    _put(grid, {}, as_json=as_json)


@shares.command(name="add")
def add_shares(
    key: str,
    *figures: str,
    actor: Actor,
    reason: Reason = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Hand out FIGURES, each TARGET=PARTY=VALUE or TARGET=PARTY=VALUE=WEIGHT, by duty KEY.

    With the last share of its year the duty is filed. All are taken or none.
    """
    cells = [cell for text in figures for cell in _share_cells(text)]
    with open_ledger(dry_run=dry_run) as ledger:
        return _hand_out(ledger, key, cells, actor, reason=reason, dry=(dry_run, as_json))


@shares.command(name="sheet")
def shares_sheet(key: str, file: Path, *, as_json: Json = False) -> None:
    """Write the shares of duty KEY into the workbook FILE, to be filled in."""
    with open_ledger() as ledger, ledger.read() as conn:
        grid = shares_grid(conn, key)
    _write(file, grid, as_json=as_json)


@shares.command(name="import")
def bring_shares(
    key: str,
    file: Path,
    *,
    actor: Actor,
    reason: Reason = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Hand out the shares in the workbook FILE by duty KEY; each error names its cell."""
    with open_ledger(dry_run=dry_run) as ledger:
        cells = _read(ledger, file)
        return _hand_out(ledger, key, cells, actor, reason=reason, dry=(dry_run, as_json))


@indicators.command(name="show")
def show_indicators(year: Year, *, plan: Plan = None, as_json: Json = False) -> None:
    """Show the values of the indicators for a YEAR, and the localities with values missing."""
    with open_ledger() as ledger, ledger.read() as conn:
        code = plans_in_scope(ledger, plan)[0]
        grid, gaps = indicators_grid(conn, code, year), _gaps(conn, code, year)
    _put(grid, gaps, as_json=as_json)


@indicators.command(name="add")
def add_indicator(
    year: Year,
    locality: str,
    indicator: str,
    value: str,
    *,
    source: str,
    actor: Actor,
    plan: Plan = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Report the VALUE of an INDICATOR in a LOCALITY for a YEAR; a second corrects the first."""
    cells = [
        figure_sheet.Cell(locality, indicator, value, f"{locality} {indicator}"),
        figure_sheet.Cell(locality, SOURCE, source, f"{locality} {SOURCE}"),
    ]
    with open_ledger(dry_run=dry_run) as ledger:
        return _report(ledger, plan, year, cells, actor, dry=(dry_run, as_json))


@indicators.command(name="sheet")
def indicators_sheet(year: Year, file: Path, *, plan: Plan = None, as_json: Json = False) -> None:
    """Write the values for a YEAR into the workbook FILE, to be filled in."""
    with open_ledger() as ledger, ledger.read() as conn:
        grid = indicators_grid(conn, plans_in_scope(ledger, plan)[0], year)
    _write(file, grid, as_json=as_json)


@indicators.command(name="import")
def bring_indicators(
    year: Year,
    file: Path,
    *,
    actor: Actor,
    plan: Plan = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Record the values in the workbook FILE for a YEAR; each error names its cell."""
    with open_ledger(dry_run=dry_run) as ledger:
        cells = _read(ledger, file)
        return _report(ledger, plan, year, cells, actor, dry=(dry_run, as_json))


def reward(
    year: Year,
    locality: str,
    text: str,
    *,
    document: str,
    actor: Actor,
    plan: Plan = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Record that LOCALITY was rewarded with TEXT for its evaluation of a YEAR, by a document."""
    with open_ledger(dry_run=dry_run) as ledger:
        code, act = act_of(ledger, actor, plan)
        with ledger.read() as conn:
            edition = in_force(conn, code).plan
        agency = edition.agency_ids.get(locality, locality)
        number = rewards.reward(ledger, code, year, agency, act, text=text, document=document)
    document_ = {"year": year, "agency": agency, "number": number}
    put_outcome(document_, f"{year}: reward {number}", dry_run=dry_run, as_json=as_json)


def _hand_out(
    ledger: Ledger,
    key: str,
    cells: Sequence[Cell],
    actor: str,
    *,
    reason: str,
    dry: tuple[bool, bool],
) -> int:
    with ledger.read() as conn:
        grid = shares_grid(conn, key)
        plan = in_force(conn, grid.plan).plan
    new = new_shares(grid.cells(cells, plan))
    obligation = key.split("/")[1]
    if errors := handing_out.faults(handed_out(plan, obligation, grid.year), new):
        return _refuse(errors, dry)
    act = Act(actor, *today.now(ledger, grid.plan, now_utc))
    count = handing_out.hand_out(ledger, key, act, new=new, reason=reason)
    return _done({"key": key, "year": grid.year, "changed": count}, dry)


def _report(
    ledger: Ledger,
    plan: str | None,
    year: int,
    cells: Sequence[Cell],
    actor: str,
    *,
    dry: tuple[bool, bool],
) -> int:
    code, act = act_of(ledger, actor, plan)
    with ledger.read() as conn:
        grid, edition = indicators_grid(conn, code, year), in_force(conn, code).plan
    new = new_values(grid, grid.cells(cells, edition))
    if errors := indicator_values.faults(edition, new):
        return _refuse(errors, dry)
    count = indicator_values.report_values(ledger, code, year, act, new=new)
    with ledger.read() as conn:
        missing = len(lacking(conn, edition, year))
    return _done({"plan": code, "year": year, "changed": count, "missing": missing}, dry)


def _share_cells(text: str) -> list[Cell]:
    """Return the cells of TARGET=PARTY=VALUE, and of its weight if it has one."""
    target, party, value, weight, *more = [*text.split("="), "", "", ""]
    if not value or any(more):
        raise UsageRefusedError("share-unreadable", typed=text)
    cells = [figure_sheet.Cell(party, target, value, text)]
    return (
        [*cells, figure_sheet.Cell(party, f"{WEIGHT}{target}", weight, text)] if weight else cells
    )


def _read(ledger: Ledger, file: Path) -> list[Cell]:
    try:
        size = file.stat().st_size
        with file.open("rb") as content:
            if size > ledger.evidence.limit:
                most = ledger.evidence.limit // MB
                raise InvalidError("evidence-too-large", place=file, most=most)
            return figure_sheet.read(content, name=file.name)
    except OSError as error:
        raise NotFoundError("file-unreadable", file=file, problem=error.strerror) from error


def _write(file: Path, grid: Grid, *, as_json: bool) -> None:
    with replacing(file) as content:
        sheets.write(content, grid, lang=command_language())
    if as_json:
        put_json({"file": str(file)})
    else:
        hint(f"{file} is written")


def _gaps(conn: Connection, code: str, year: int) -> dict[str, list[str]]:
    return lacking(conn, in_force(conn, code).plan, year)


def _put(grid: Grid, gaps: dict[str, list[str]], *, as_json: bool) -> None:
    columns = [column.id for column in grid.columns]
    lines = [
        {"agency": row, "name": name, **{c: grid.values.get((row, c)) for c in columns}}
        for row, name in grid.rows.items()
    ]
    if as_json:
        put_json({"plan": grid.plan, "year": grid.year, "rows": lines, "missing": gaps})
        return
    cells = [[line["name"] or "", *(line[c] or "" for c in columns)] for line in lines]
    put_table(f"{grid.plan} {grid.year}", ("locality", *columns), cells)
    for agency, missing in gaps.items():
        put_line(f"missing: {grid.rows[agency]}: {', '.join(missing)}")


def _refuse(errors: Sequence[DubanError], dry: tuple[bool, bool]) -> int:
    """Print every refused cell; nothing is recorded. Ends with 4."""
    lang = command_language()
    lines = [(str(e.values.get("place", "")), e.in_language(lang)) for e in errors]
    if dry[1]:
        put_json({"refused": [{"place": p, "error": e} for p, e in lines], "dry_run": dry[0]})
    else:
        put_table("", ("place", "refused"), lines)
    return 4


def _done(document: dict[str, Any], dry: tuple[bool, bool]) -> int:
    text = f"{document['year']}: {document['changed']} recorded"
    put_outcome(document, text, dry_run=dry[0], as_json=dry[1])
    return 0
