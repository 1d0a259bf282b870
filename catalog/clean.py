"""Typed text, cleaned before it is stored."""

from __future__ import annotations

import unicodedata

from catalog.errors import InvalidError

LONGEST_TEXT = 10_000  # characters of a text of several lines
LONGEST_LINE = 500
_UNFIT = {"Cc", "Cs"}  # controls and lone surrogates: no database and no letter can carry them
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # controls, bidi marks, lone surrogates, separators
# These change the direction of the text around them, as in a file name or a list.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Return `text` stripped, without controls (except line ends and tabs) and bidi overrides."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    characters = (c for c in lines if c in "\n\t" or not _is_unfit(c))
    return "".join(characters).strip()


def typed(text: str, field: str, most: int = LONGEST_TEXT) -> str:
    """Return `text` cleaned; InvalidError naming `field` for more than `most` characters."""
    cleaned = clean(text)
    if len(cleaned) > most:
        raise InvalidError("text-too-long", place=field, size=len(cleaned), most=most)
    return cleaned


def one_line(text: str) -> str:
    """Return `text` fit for a header or a line: no controls, line ends or bidi marks in it."""
    characters = (" " if unicodedata.category(c) in _INVISIBLE else c for c in text)
    return " ".join("".join(characters).split())


def _is_unfit(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in _UNFIT
