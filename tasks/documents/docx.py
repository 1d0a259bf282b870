"""Text of Word documents, with the numbers their lists show and their tables as items."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from catalog.reading.document import tables
from catalog.reading.grammar.numerals import chinese

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNPACKED = 200_000_000  # bytes; a larger file is a zip bomb, not a document
_CHINESE = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographDigital",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "chineseLegalSimplified",
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text_of(data: bytes) -> str:
    """Return the text of a .docx file; raises the library's own errors for a broken one."""
    from docx import Document  # noqa: PLC0415  keeps --help quick
    from docx.table import Table  # noqa: PLC0415  as above

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > UNPACKED:
            raise zipfile.BadZipFile("too much when unpacked")
    document = Document(io.BytesIO(data))
    number = _numbering(document)
    lines: list[str] = []
    for block in _blocks(document, document.element.body):
        if isinstance(block, Table):
            lines += tables.lines(_rows(block))
        else:
            lines.append(number(block) + _text(block))
    return "\n\n".join(lines)


def _blocks(document: Any, element: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables of a part of the body, including those in its fields."""
    from docx.table import Table  # noqa: PLC0415  keeps --help quick
    from docx.text.paragraph import Paragraph  # noqa: PLC0415  as above

    for child in element:
        if child.tag == f"{_W}p":
            yield Paragraph(child, document)
        elif child.tag == f"{_W}tbl":
            yield Table(child, document)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(document, child)


def _text(paragraph: Any) -> str:
    """Return the text of a paragraph, including tracked insertions."""
    signs = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
    parts = paragraph._p.iter(f"{_W}t", *signs)  # noqa: SLF001  python-docx hides insertions
    return "".join(signs.get(part.tag) or part.text or "" for part in parts)


def _rows(table: Any) -> list[list[str]]:
    """Return the cells of a table; ValueError for a cell over more columns than any table has."""
    for row in table._tbl.tr_lst:  # noqa: SLF001  the library would make every column
        if sum(cell.grid_span for cell in row.tc_lst) > tables.MOST_COLUMNS:
            raise ValueError(f"a table of more than {tables.MOST_COLUMNS} columns")
    return [[_cell(cell) for cell in row.cells] for row in table.rows]


def _cell(cell: Any) -> str:
    return "\n".join(map(_text, cell.paragraphs))


def _numbering(document: Any) -> Callable[[Any], str]:
    """Return a function that gives the number Word shows before each paragraph, in order."""
    levels = dict(_levels(document))
    counts: dict[str, dict[int, int]] = defaultdict(dict)

    def shown(paragraph: Any) -> str:
        properties = _numbering_of(paragraph)
        if properties is None:
            return ""
        parts = (properties.find(f"{_W}{name}") for name in ("numId", "ilvl"))
        number, level = ("0" if part is None else part.get(f"{_W}val") for part in parts)
        form = levels.get((number, int(level)))
        if form is None:
            return ""
        count = counts[number]
        count[int(level)] = count.get(int(level), 0) + 1
        for deeper in [n for n in count if n > int(level)]:
            del count[deeper]
        return _fill(form[1], number, count, levels)

    return shown


def _numbering_of(paragraph: Any) -> Any:
    """Return the numbering properties of a paragraph: its own, or those of its styles."""
    numbering = paragraph._p.find(f"{_W}pPr/{_W}numPr")  # noqa: SLF001  not in its public API
    style, seen = paragraph.style, set[str]()
    while numbering is None and style is not None and style.style_id not in seen:
        seen.add(style.style_id)  # styles can be based on each other
        numbering, style = style.element.find(f"{_W}pPr/{_W}numPr"), style.base_style
    return numbering


def _levels(document: Any) -> Iterator[tuple[tuple[str, int], tuple[str, str]]]:
    """Yield each level of each list with its numeral format and its pattern (“%1、”)."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return
    forms = {
        abstract.get(f"{_W}abstractNumId"): [
            (int(level.get(f"{_W}ilvl")), _value(level, "numFmt"), _value(level, "lvlText"))
            for level in abstract.iter(f"{_W}lvl")
        ]
        for abstract in root.iter(f"{_W}abstractNum")
    }
    for number in root.iter(f"{_W}num"):
        for level, numeral, pattern in forms.get(_value(number, "abstractNumId"), ()):
            yield (number.get(f"{_W}numId"), level), (numeral, pattern)


def _value(element: Any, name: str) -> str:
    child = element.find(f"{_W}{name}")
    return "" if child is None else child.get(f"{_W}val", "")


def _fill(pattern: str, number: str, count: dict[int, int], levels: dict[Any, Any]) -> str:
    def one(match: re.Match[str]) -> str:
        level = int(match[1]) - 1
        kind = levels.get((number, level), ("", ""))[0]
        return chinese(count.get(level, 1)) if kind in _CHINESE else str(count.get(level, 1))

    return re.sub(r"%(\d)", one, pattern) if "%" in pattern else ""
