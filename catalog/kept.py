"""What of a text somebody typed may be kept."""

from __future__ import annotations

import unicodedata

_LOST = {"Cc", "Cs"}  # controls, and halves of characters no database and no letter can carry


def kept(text: str) -> str:
    """Return `text` without controls but line ends and tabs, and without blanks around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = (c for c in lines if c in "\n\t" or unicodedata.category(c) not in _LOST)
    return "".join(seen).strip()
