"""Sheets of a plan's workbook: their columns, and the words of headings and choices."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple, get_args

from catalog.dates.recurrence import Recurs
from catalog.plans.contents import AgencyKind, Basis, FirstPart, Kind, RollUp
from catalog.wording import say

Cell = str | int | float | date | None
Sort = Literal["text", "list", "agency", "agencies", "date", "figure", "choice", "shares"]


class Column(NamedTuple):
    """One column: its heading is `book.<name>` of the wording; a dot leads into a table."""

    name: str
    sort: Sort = "text"
    choices: tuple[str, ...] = ()
    width: int = 16


class Sheet(NamedTuple):
    """One sheet: `table` is the table of a plan's file, within its measure where `nested`.

    The columns `needed` are in every export; others were added by later versions.
    """

    table: str
    columns: tuple[Column, ...]
    nested: bool = False
    needed: tuple[str, ...] = ("number", "says")


_QUOTES = (Column("says", width=28), Column("also", "list", width=28))
_BASIS = Column("basis", "choice", get_args(Basis))
HEAD = "plan"
SHEETS = (
    Sheet(HEAD, (Column("key", width=20), Column("value", width=60)), needed=("key", "value")),
    Sheet(
        "agency",
        (
            *(Column("id"), Column("name", width=28), Column("aliases", "list", width=36)),
            *(Column("kind", "choice", get_args(AgencyKind)), Column("host", "agency")),
        ),
        needed=("id", "name", "kind"),
    ),
    Sheet(
        "group",
        (
            *(Column("id"), Column("name", width=28), Column("aliases", "list", width=36)),
            Column("members", "agencies", width=28),
        ),
        needed=("id", "name", "members"),
    ),
    Sheet(
        "indicator",
        (
            *(Column("id"), Column("group", width=20), Column("name", width=36), Column("unit")),
            *(Column("weight", "figure"), Column("better", "choice", ("higher", "lower"))),
        ),
        needed=("id", "name"),
    ),
    Sheet(
        "measure",
        (
            *(Column("number", width=8), Column("chapter", width=24), Column("section", width=24)),
            *(Column("title", width=36), Column("lead", "agency", width=20)),
            Column("participants", "agencies", width=28),
        ),
        needed=("number", "title", "lead"),
    ),
    Sheet(
        "obligation",
        (
            *(Column("number", width=8), Column("id"), Column("title", width=36), *_QUOTES),
            *(Column("kind", "choice", get_args(Kind)), _BASIS),
            Column("recurrence", "choice", get_args(Recurs)),
            *(Column("quota.min", "figure", width=8), Column("quota.max", "figure", width=8)),
            Column("parties", "agencies", width=28),
            *(Column(n, "date") for n in ("opens_on", "due_on", "anchor", "since", "until")),
            *(Column("opens"), Column("due"), Column("after", "list")),
            *(Column("first_part", "choice", get_args(FirstPart)), Column("reason", width=40)),
            *(Column("evidence", "list"), Column("answers", width=28), Column("agenda", "list")),
        ),
        nested=True,
    ),
    Sheet(
        "target",
        (
            *(Column("number", width=8), Column("id"), Column("indicator", width=36), *_QUOTES),
            *(Column("value", "figure"), Column("unit"), Column("by", "date"), _BASIS),
            Column("measured", "choice", ("level", "cumulative", "average-growth")),
            Column("bound", "choice", ("reach", "at-least", "more-than")),
            *(Column("baseline.value", "figure"), Column("baseline.on", "date")),
            *(Column("parties", "agencies", width=28), Column("shares", "shares", width=28)),
            *(Column("shared_by"), Column("rolls_up", "choice", get_args(RollUp))),
        ),
        nested=True,
    ),
    Sheet(
        "aside",
        (Column("number", width=8), Column("says", width=28), Column("reason", width=40)),
        nested=True,
    ),
    Sheet(
        "questions",
        (
            *(Column("id", width=8), Column("about"), Column("line", "figure", width=8)),
            *(Column("phrase", width=28), Column("text", width=44)),
            *(Column("readings", "list", width=36), Column("answer", width=20)),
        ),
        needed=("about", "readings", "answer"),
    ),
)


def heading(language: str, name: str) -> str:
    """Return the heading of a column, or under `sheet-<table>` the name of a sheet."""
    return say(language, f"book.{name.replace('.', '-')}")


def word(language: str, value: str) -> str:
    """Return a value of a choice as a cell shows it."""
    return say(language, f"book.is-{value}")
