"""Kinds of lines: the groups of a letter, the most pressing first."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

from catalog.letters.matters import ASKS, Ask

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from catalog.letters.line import DutyLine

# An ask; what is to be filed may be late, a receipt may have been asked for before, and what is to
# be known may be the copy of a slip.
Kind = Literal[Ask, "late", "unsigned", "copy"]
KINDS: tuple[Kind, ...] = (
    "mend",
    "late",
    *ASKS[ASKS.index("release") : ASKS.index("sign")],
    "unsigned",
    *ASKS[ASKS.index("sign") : ASKS.index("know")],
    "copy",
    "know",
)
FOR_INFORMATION: frozenset[Kind] = frozenset({"copy", "know", "support"})


def kind(line: DutyLine, on: date) -> Kind:
    """Return the kind of `line` on the day `on`."""
    if line.ask == "file" and line.is_late(on):
        return "late"
    if line.ask == "sign" and any(news.matter == "unsigned" for news in line.news):
        return "unsigned"
    if line.ask == "know" and any(news.matter == "copied" for news in line.news):
        return "copy"
    return line.ask


def place(line: DutyLine, on: date) -> tuple[int, date, str]:
    """Return the place of `line` in a letter of the day `on`: by its kind, then by due date.

    Of one day, measure 2 comes before measure 10.
    """
    numbered = re.sub(r"\d+", lambda number: number[0].zfill(6), line.key)
    return KINDS.index(kind(line, on)), line.due_on, numbered


def number_by_kind(lines: Iterable[DutyLine], on: date) -> Counter[Kind]:
    """Return the number of duties of each kind."""
    counts: Counter[Kind] = Counter()
    for line in lines:
        counts[kind(line, on)] += line.number
    return counts
