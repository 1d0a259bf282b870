"""Figures by locality as a grid: rows of localities, columns of figures, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError, InvalidError
from ledger.duties import duties
from ledger.people import agencies
from ledger.post import contacts
from tasks.basic_data import last_values
from tasks.in_force import in_force
from tasks.localities.handing_out import NewShare
from tasks.localities.indicator_values import NewValue
from tasks.shares import handed_out, shares

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from catalog.plans.model import Plan
    from ledger.session import Connection
    from tasks.documents.figure_sheet import Cell

WEIGHT = "weight:"  # before the id of a target whose shares are averaged
SOURCE = "source"


class Column(NamedTuple):
    """A column: the id of its figure, its name and its unit."""

    id: str
    name: str
    unit: str = ""

    @property
    def label(self) -> str:
        """The name with the unit."""
        return f"{self.name}({self.unit})" if self.unit else self.name


class Grid(NamedTuple):
    """The figures of a year; `rows` are localities by the id the plan names them by.

    `values` are the texts of the cells that have one, by row and column.
    """

    plan: str
    year: int
    rows: Mapping[str, str]
    columns: tuple[Column, ...]
    values: Mapping[tuple[str, str], str]

    def cells(self, texts: Iterable[Cell], plan: Plan) -> list[Cell]:
        """Return cells whose rows are ids of the plan; InvalidError for one that is no row."""
        named = plan.agency_ids | {name: row for row, name in self.rows.items()}
        known = {column.id for column in self.columns}
        every = []
        for cell in texts:
            row = named.get(cell.row.strip(), "")
            if row not in self.rows:
                raise InvalidError("grid-row", place=cell.place, agency=cell.row)
            if cell.column not in known:
                raise InvalidError("grid-column", place=cell.place, column=cell.column)
            every.append(cell._replace(row=row))
        return every


def shares_grid(conn: Connection, key: str) -> Grid:
    """Return the shares that the duty `key` hands out; ConflictError where it hands out none."""
    duty = duties.one(conn, key)
    plan = in_force(conn, duty.plan).plan
    year = int(duty.period) if duty.period.isdecimal() else 0
    targets = handed_out(plan, duty.obligation, year)
    if not targets:
        raise ConflictError("shares-none", key=key)
    parts, names = shares(conn, plan), contacts.agencies(conn)
    columns: list[Column] = []
    values: dict[tuple[str, str], str] = {}
    rows: dict[str, str] = {}
    for full, target in targets.items():
        columns.append(Column(full, target.indicator, target.unit))
        if target.roll_up == "average":
            columns.append(Column(f"{WEIGHT}{full}", target.indicator, "×"))
        rows |= {party: names[party].name for party in target.parties or ()}
        for party, part in parts[full].get(year, {}).items():
            values[party, full] = f"{part.value:f}"
            values[party, f"{WEIGHT}{full}"] = f"{part.weight:f}"
    return Grid(duty.plan, year, rows, tuple(columns), values)


def new_shares(cells: Iterable[Cell]) -> list[NewShare]:
    """Return the shares of a grid's cells."""
    cells = list(cells)
    weights = {
        (c.row, c.column.removeprefix(WEIGHT)): c.text for c in cells if c.column.startswith(WEIGHT)
    }
    return [
        NewShare(c.column, c.row, c.text, weights.get((c.row, c.column), "1"), c.place)
        for c in cells
        if not c.column.startswith(WEIGHT)
    ]


def indicators_grid(
    conn: Connection, code: str, year: int, *, own: Collection[str] | None = None
) -> Grid:
    """Return the values of the indicators for `year`, of all localities or those of `own`."""
    plan = in_force(conn, code).plan
    heirs, names = agencies.heirs(conn), contacts.agencies(conn)
    measure = (plan.indicators_by or "").partition(".")[0]
    holders = {agency: heirs.of(agency, code, measure) for agency in plan.localities()}
    rows = {a: names[h].name for a, h in holders.items() if own is None or h in own}
    columns = [Column(i.id, i.name, i.unit) for i in plan.indicators]
    values = {}
    for (agency, indicator), value in last_values(conn, code, year).items():
        if agency in rows:
            values[agency, indicator], values[agency, SOURCE] = value.value, value.source
    return Grid(code, year, rows, (*columns, Column(SOURCE, SOURCE)), values)


def new_values(grid: Grid, cells: Iterable[Cell]) -> list[NewValue]:
    """Return the values of a grid's cells, each with the source of its row."""
    cells = list(cells)
    sources = {c.row: c.text for c in cells if c.column == SOURCE}
    return [
        NewValue(c.row, c.column, c.text, sources.get(c.row, ""), c.place)
        for c in cells
        if c.column != SOURCE and grid.values.get((c.row, c.column)) != c.text
    ]
