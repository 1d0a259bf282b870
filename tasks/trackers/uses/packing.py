"""Sheets of a spreadsheet as one text, to be kept while a person answers what is asked."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from catalog.errors import InvalidError
from catalog.trackers.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 4_000_000  # characters of packed text
_GRIDS = TypeAdapter(list[Grid])


def pack(grids: Sequence[Grid], *, place: str) -> str:
    """Return the sheets as text; InvalidError naming `place` where it would be too long."""
    text = base64.b85encode(zlib.compress(_GRIDS.dump_json(list(grids)))).decode()
    if len(text) > LARGEST:
        raise InvalidError("upload-too-large", place=place)
    return text


def unpack(text: str) -> list[Grid]:
    """Return the sheets of a packed text, which is our own."""
    return _GRIDS.validate_json(zlib.decompress(base64.b85decode(text)))
