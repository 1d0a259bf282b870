"""An item to be drafted, with what its words are read against."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.plans import office_dates

if TYPE_CHECKING:
    from datetime import date

    from catalog.reading.document.structure import Item
    from catalog.reading.proposing.item_text import ItemText
    from catalog.reading.who.register import Register


class Term(NamedTuple):
    """The days of the plan that is drafted."""

    issued_on: date
    starts_on: date
    ends_on: date


class Passage(NamedTuple):
    """An item with its text, the agencies it may name and the plan's term.

    `one_year` is true for a plan of one year, whose end dates every target. `language` is that of
    the text, in which reasons are proposed.
    """

    item: Item
    source: ItemText
    register: Register
    term: Term
    one_year: bool
    language: str

    def reason(self, why: str) -> str:
        """Return the reason of a proposed date, in the language of the text."""
        return office_dates.reason(self.language, why)
