"""Values of cells as a spreadsheet shows them: percentages, days, numbers of a fixed form."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from catalog.trackers.grid import EMPTY, Cell

if TYPE_CHECKING:
    from typing import Any

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')  # of a number's format
_DAY_FORMAT = re.compile(r"[yd]|m(?!.*[#0?])|年|月|日|aaa", re.IGNORECASE)
_DIGITS = 10  # significant ones; beyond them stand the errors of binary fractions


def cell_of(value: Any, number_format: str = "") -> Cell:
    """Return the cell of a value whose number format is known."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, dt.datetime):
        day = value.date()
        return Cell(
            day.isoformat() if _is_midnight(value) else value.isoformat(" ", "minutes"), day
        )
    if isinstance(value, dt.date):
        return Cell(value.isoformat(), value)
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, (int, float)):
        return Cell(number(value, number_format))
    return Cell(str(value))


def number(value: float, number_format: str = "") -> str:
    """Return a number as its format shows it."""
    form = _LITERAL.sub("", number_format.split(";", maxsplit=1)[0])
    places = len(form.partition(".")[2].replace("%", "")) if "." in form else 0
    if "%" in form:
        return f"{value * 100:.{places}f}%"
    if re.fullmatch("0{2,}", form) and float(value).is_integer():
        return f"{int(value):0{len(form)}d}"
    if re.fullmatch(r"[#,]*0\.0+", form):
        return f"{value:.{places}f}"
    if float(value).is_integer():
        return str(int(value))
    return f"{value:.{_DIGITS}g}"


def is_day_format(number_format: str) -> bool:
    """Tell whether a number's format shows a day."""
    form = _LITERAL.sub("", number_format.split(";", maxsplit=1)[0])
    return bool(_DAY_FORMAT.search(form)) and not re.search("[#0?]", form)


def _is_midnight(value: dt.datetime) -> bool:
    return value.time() == dt.time()
