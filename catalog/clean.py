"""What of a text somebody typed may be kept."""

from __future__ import annotations

import unicodedata

_LOST = {"Cc", "Cs"}  # controls, and halves of characters no database and no letter can carry
# These turn the direction of what stands around them: the name of a file, a line of a list.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def kept(text: str) -> str:
    """Return `text` without controls but line ends and tabs, and without blanks around it.

    What would turn the direction of the text around it is gone too.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = (c for c in lines if c in "\n\t" or not _is_lost(c))
    return "".join(seen).strip()


def _is_lost(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in _LOST
