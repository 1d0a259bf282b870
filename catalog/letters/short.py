"""Short forms of letters, for SMS and other tight channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.clean import one_line

if TYPE_CHECKING:
    from catalog.letters.line import Text
    from catalog.letters.sheet import Sheet

LONGEST = 300  # characters


def short(sheet: Sheet) -> str:
    """Return what a letter asks, by when, and where to answer, in at most LONGEST characters.

    The way to answer stays whole where it leaves room for a title.
    """
    answer = one_line(sheet.answer)
    what = one_line(f"{sheet.mark}{sheet.opening}")
    room = LONGEST - len(answer) - 1
    if room < LONGEST // 3:
        return _cut(f"{what} {answer}", LONGEST)
    return f"{_cut(what, room)} {answer}".rstrip()


def short_slip(text: Text) -> str:
    """Return a slip's subject and where to answer, in at most LONGEST characters."""
    where = next(iter(text.body.splitlines()[1:]), "")
    return _cut(one_line(f"{text.subject} {where}"), LONGEST)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
