"""Typed text, cleaned before it is stored."""

from __future__ import annotations

import unicodedata

_UNFIT = {"Cc", "Cs"}  # controls and lone surrogates: no database and no letter can carry them
# These change the direction of the text around them, as in a file name or a list.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Return `text` stripped, without controls (except line ends and tabs) and bidi overrides."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    characters = (c for c in lines if c in "\n\t" or not _is_unfit(c))
    return "".join(characters).strip()


def _is_unfit(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in _UNFIT
