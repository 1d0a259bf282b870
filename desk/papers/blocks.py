"""Blocks of the office's papers: tables, their lines, and the line that names the anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.wording import say, spell
from ledger.proof import anchors
from ledger.proof.chain import Anchor

if TYPE_CHECKING:
    import datetime as dt


class Line(NamedTuple):
    """A row of a table; `key` is the duty's, empty for a line about no duty."""

    key: str
    cells: tuple[object, ...]


class Table(NamedTuple):
    """A table of a paper; `widths` in mm, `duty_column` is the column that links to the duty."""

    name: str
    caption: str
    head: tuple[str, ...]
    lines: list[Line]
    widths: tuple[int, ...]
    duty_column: int = 0


def anchor_line(on: dt.date, entries: int, head: str, lang: str) -> str:
    """Return the line that names the day of the figures and the anchor of their history.

    `duban verify --anchor` takes the anchor as it is printed.
    """
    day, anchor = spell(lang, on), anchors.anchor_line(Anchor(on, entries, head))
    return say(lang, "circulars.anchor", on=day, entries=entries, anchor=anchor)
