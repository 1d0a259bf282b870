"""Excel sheets whose text cells stay text and never become formulas."""

from __future__ import annotations

import re

from xlsxwriter.worksheet import Worksheet

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
GRID = {"valign": "top", "border": 1, "border_color": "#BFC5CC"}

# Characters that XML cannot hold, and an underscore that would read as such an escape.
_ESCAPES = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class EscapingSheet(Worksheet):  # type: ignore[misc]  # it ships no types
    """A sheet that escapes every text; XlsxWriter's own misses one that begins inside another."""

    def _escape_control_characters(self, text: str) -> str:
        return _ESCAPES.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
