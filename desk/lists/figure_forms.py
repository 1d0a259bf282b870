"""Figures by locality as a form: a field for each cell, and the cells that were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desk.lists.figure_labels import label
from desk.web import forms
from desk.web.fields import refuse_unknown
from tasks.documents.figure_sheet import Cell

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from starlette.datastructures import FormData

    from catalog.errors import DubanError
    from desk.web.visit import Visit
    from tasks.localities.grid import Grid

BESIDE = "figures"  # what a form of figures is called in the addresses of its fields


class Field(NamedTuple):
    """A field of the form: its name, its label for who cannot see the table, and its text."""

    name: str
    label: str
    text: str


def name_of(row: str, column: str) -> str:
    """Return the name of the field of a cell."""
    return f"{BESIDE}/{row}/{column}"


def fields(grid: Grid, lang: str, typed: FormData | None = None) -> list[list[Field]]:
    """Return the fields by row; a form that was refused shows what was typed."""
    return [
        [
            Field(
                name := name_of(row, column.id),
                f"{locality}: {label(column, lang)}",
                str(typed.get(name, "")) if typed else grid.values.get((row, column.id), ""),
            )
            for column in grid.columns
        ]
        for row, locality in grid.rows.items()
    ]


def cells(grid: Grid, form: FormData, lang: str, *, beside: Collection[str] = ()) -> list[Cell]:
    """Return the cells that were filled in; UsageRefusedError for a field that is none of them."""
    every = [
        Cell(row, column.id, str(form.get(name_of(row, column.id), "")).strip(), place)
        for row, locality in grid.rows.items()
        for column in grid.columns
        for place in [f"{locality} {label(column, lang)}"]
    ]
    refuse_unknown(form, {*(name_of(cell.row, cell.column) for cell in every), *beside})
    return [cell for cell in every if cell.text]


def refusals(errors: Iterable[DubanError], visit: Visit) -> list[tuple[str, str]]:
    """Return the place of each refused cell, and the reason without it."""
    return [
        (
            place,
            forms.say_refusal(error, visit.lang)
            .removeprefix(place)
            .lstrip(":\N{FULLWIDTH COLON} "),
        )
        for error in errors
        for place in [str(error.values.get("place", ""))]
    ]
