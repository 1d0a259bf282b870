"""What the papers of an office are made of: tables, lines about duties, and where figures rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.wording import say, spell
from ledger.proof import anchors
from ledger.proof.chain import Anchor

if TYPE_CHECKING:
    import datetime as dt


class Line(NamedTuple):
    """A row of a table; `key` is of the duty it is about, empty when it is about none."""

    key: str
    cells: tuple[object, ...]


class Table(NamedTuple):
    """A table of a paper: its columns and their widths in mm; `named` is that of the duty."""

    name: str
    caption: str
    head: tuple[str, ...]
    lines: list[Line]
    widths: tuple[int, ...]
    named: int = 0


def anchor_line(on: dt.date, entries: int, head: str, lang: str) -> str:
    """Return what the figures rest on: the day, and the end of the history they came from.

    `duban verify --anchor` takes the anchor as it is printed.
    """
    day, anchor = spell(lang, on), anchors.anchor_line(Anchor(on, entries, head))
    return say(lang, "circulars.anchor", on=day, entries=entries, anchor=anchor)
