"""Headings of figures by locality, on pages and in sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.wording import say
from tasks.localities.grid import SOURCE, WEIGHT

if TYPE_CHECKING:
    from tasks.localities.grid import Column


def label(column: Column, lang: str) -> str:
    """Return the heading of a column in `lang`: figures as the plan names them."""
    if column.id == SOURCE:
        return say(lang, "indicators.source")
    if column.id.startswith(WEIGHT):
        return say(lang, "shares.weight", name=column.name)
    return column.label


def row_heading(lang: str) -> str:
    """Return the heading of the localities."""
    return say(lang, "indicators.locality")
