"""Columns of an office's list of duties, and texts cut or escaped to fit its cells."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Column(NamedTuple):
    """One column: its heading is `column.<name>` of the wording, its `width` in Latin letters.

    A column that `asks` is for an agency to fill in; the office then takes the list back.
    """

    name: str
    kind: Literal["text", "date", "count"] = "text"
    width: int = 12
    asks: bool = False


# 序號 事項 依據 牽頭 承辦 配合 時限 進展 問題 下一步 經辦公室轉報 燈 延期次數 無文件延期
# 辦結/銷號日期 實際完成日期, then two columns to recognise a row that comes back: the key of its
# duty, and the mark of its cells.
COLUMNS = (
    Column("number", "count", 5),
    Column("title", width=26),
    Column("basis", width=20),
    Column("lead", width=12),
    Column("performer", width=12),
    Column("participants", width=18),
    Column("due_on", "date", 11),
    Column("progress", width=26, asks=True),
    Column("problem", width=18, asks=True),
    Column("next_step", width=18, asks=True),
    Column("relayed", width=16),
    Column("light", width=10),
    Column("extensions", "count", 6),
    Column("undocumented", width=10),
    Column("ended_on", "date", 11),
    Column("done_on", "date", 11),
    Column("key", width=38),
    Column("mark", width=10),
)
ASKED = tuple(column.name for column in COLUMNS if column.asks)
# The columns that show the ledger: an edit of one is not taken back, and told.
SHOWN = tuple(c.name for c in COLUMNS if not c.asks and c.name not in {"number", "key", "mark"})
CONTACTS = tuple(
    Column(name, width=width)
    for name, width in (
        ("agency", 14), ("agency_name", 30), ("position", 12), ("channel", 12), ("address", 40),
    )
)  # fmt: skip

_MARK, _SHORT = 8, 6  # hex digits of the mark of a row, and of one cell
LONGEST = 32_767  # UTF-16 units a cell of a spreadsheet has
CUT = "……〔全文{n}字，見系統〕"
# A spreadsheet that reads plain text takes such a cell for a formula, in full width as well.
_FORMULA = re.compile(r"[\t\r]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_CUT = re.compile(r"……〔全文\d+字，見系統〕\Z")


def fitted(text: str) -> str:
    """Return `text` for one cell: cut where it is longer than LONGEST, with a remark of that."""
    if _units(text) <= LONGEST:
        return text
    end = CUT.format(n=len(text))
    room = 2 * (LONGEST - len(end))
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + end


def is_cut(text: str) -> bool:
    """Tell whether `text` is what `fitted` made of a longer one."""
    return bool(_CUT.search(text))


def lines(text: str, width: int) -> int:
    """Return how many lines `text` takes in a cell of `width`; a Chinese character is two wide."""
    return sum(max(-(-sum(map(_width, line)) // width), 1) for line in text.split("\n"))


def plain(text: str) -> str:
    """Return `text` for a file without types, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def mark(cells: Iterable[str]) -> str:
    """Return the mark of a row's texts: eight hex digits of their SHA-256."""
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:_MARK]


def marks(key: str, cells: Mapping[str, object]) -> str:
    """Return the mark of a row's texts, and of each cell that is not taken back."""
    own = mark([key, *(str(cells[name]) for name in ASKED)])
    return own + "".join(_short_mark(name, _text(cells[name])) for name in SHOWN)


def of_row(marks: str) -> str:
    """Return the mark of a row's texts out of its `marks`."""
    return marks[:_MARK]


def edited(marks: str, cells: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the columns of SHOWN whose cells differ from the export with these `marks`.

    None for the marks of another version, which say nothing of them. `cells` lacks columns that
    were taken out.
    """
    own = marks[_MARK:]
    if len(own) != _SHORT * len(SHOWN):
        return None
    exported = {name: own[_SHORT * at :][:_SHORT] for at, name in enumerate(SHOWN)}
    return tuple(n for n in SHOWN if n in cells and exported[n] != _short_mark(n, cells[n]))


def _short_mark(name: str, text: str) -> str:
    return mark([name, text])[:_SHORT]


def _text(cell: object) -> str:
    """Return the text that a cell has when it comes back."""
    return "" if cell is None else clean(str(cell))


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
