"""Letters and slips as HTML: inline styles, no picture, nothing fetched."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from tasks.escaped_templates import templates

if TYPE_CHECKING:
    from jinja2 import Environment

    from catalog.letters.line import Text
    from catalog.letters.sheet import Sheet

_ADDRESS = re.compile(r"(https?://\S+)")


def page(sheet: Sheet) -> str:
    """Return a letter as a page that mail programs show, also without pictures and on a phone."""
    return _environment().get_template("letter.html").render(sheet=sheet, language=sheet.language)


def slip_page(text: Text, *, language: str) -> str:
    """Return a slip as a page, from its frozen words: its parts are paragraphs above the foot."""
    body, _, foot = text.body.rstrip().partition("\n-- \n")
    first, *parts = body.rstrip().split("\n\n")
    title, *answer = first.splitlines()
    return (
        _environment()
        .get_template("slip.html")
        .render(
            language=language,
            subject=text.subject,
            title=title,
            answer=answer,
            parts_of_body=[part.splitlines() for part in parts],
            foot=foot.splitlines(),
        )
    )


def _linked(row: str) -> list[tuple[str, bool]]:
    """Return the pieces of a row, each with whether it is an address."""
    pieces = _ADDRESS.split(row)
    return [(piece, bool(_ADDRESS.fullmatch(piece))) for piece in pieces if piece]


@functools.cache
def _environment() -> Environment:
    environment = templates("tasks.letters")
    environment.filters["linked"] = _linked
    return environment
