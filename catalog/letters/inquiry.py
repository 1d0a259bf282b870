"""The inquiry for progress in a letter, and the last word on the work that it quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date


class Word(NamedTuple):
    """A word on the work of a duty: its day, the name of the person, and the text."""

    on: date
    by: str
    text: str


class Inquiry(NamedTuple):
    """The inquiry for progress that a notice carries, and the last word on the work.

    After an inquiry nobody answered, `asked_on` is its day. `workdays` counts the silence since
    then where a rung tells of it, and is 0 where the notice asks anew. `is_quoted` tells whether
    the last word stands with it.
    """

    asked_on: date | None = None
    workdays: int = 0
    is_quoted: bool = True
    word: Word | None = None
