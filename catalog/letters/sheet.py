"""Sheets: the content of one letter by its parts, before it is a text or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.letters.line import Text

if TYPE_CHECKING:
    from collections.abc import Sequence


class Item(NamedTuple):
    """One numbered item: its title, the rows below it, and the address to act at."""

    number: int
    title: str
    rows: tuple[str, ...]
    url: str = ""


class Group(NamedTuple):
    """The items that ask the same; `tone` is red, amber, green or none."""

    heading: str
    tone: str
    items: tuple[Item, ...]


class Sheet(NamedTuple):
    """A letter by its parts; `mark` stands before its subject and its first line.

    `answer` is the row about where to answer, which ends with `url` where there is one; it is empty
    in a letter to the office itself that has none.
    """

    language: str
    subject: str
    mark: str
    opening: str
    answer: str
    url: str
    to: str
    groups: tuple[Group, ...]
    foot: tuple[str, ...]
    note: str = ""


def plain(sheet: Sheet) -> Text:
    """Return the sheet as plain text: the first two lines say what, by when, and where."""
    parts = [
        "\n".join(filter(None, (f"{sheet.mark}{sheet.opening}", sheet.answer))),
        "\n".join(filter(None, (sheet.to, sheet.note))),
        *(_group(group) for group in sheet.groups),
        "\n".join(["-- ", *sheet.foot]),
    ]
    return Text(sheet.mark + sheet.subject, "\n\n".join(parts) + "\n")


def _group(group: Group) -> str:
    return "\n\n".join([*_heading(group.heading), *map(_item, group.items)])


def _heading(heading: str) -> Sequence[str]:
    return [f"■ {heading}"] if heading else []


def _item(item: Item) -> str:
    rows = [f"{item.number}. {item.title}", *item.rows, *([item.url] if item.url else [])]
    return "\n   ".join(rows)
