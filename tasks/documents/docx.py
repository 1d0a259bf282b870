"""What a Word document says, with the numbers its lists show and its tables as items."""

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

UNPACKED = 200_000_000  # bytes; more is no document but a trap
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
    """Return the text of a .docx file; the library's own errors where it is broken."""
    from docx import Document  # noqa: PLC0415  keeps --help quick
    from docx.table import Table  # noqa: PLC0415

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > UNPACKED:
            raise zipfile.BadZipFile("too much when unpacked")
    document = Document(io.BytesIO(data))
    number = _numbering(document)
    lines: list[str] = []
    for block in _blocks(document, document.element.body):
        if isinstance(block, Table):
            lines += tables.lines([[_cell(cell) for cell in row.cells] for row in block.rows])
        else:
            lines.append(number(block) + _said(block))
    return "\n\n".join(lines)


def _blocks(document: Any, element: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables of a part of the body, those in its fields among them."""
    from docx.table import Table  # noqa: PLC0415
    from docx.text.paragraph import Paragraph  # noqa: PLC0415

    for child in element:
        if child.tag == f"{_W}p":
            yield Paragraph(child, document)
        elif child.tag == f"{_W}tbl":
            yield Table(child, document)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(document, child)


def _said(paragraph: Any) -> str:
    """Return the text of a paragraph, what was inserted with its changes shown among it."""
    signs = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
    parts = paragraph._p.iter(f"{_W}t", *signs)  # noqa: SLF001
    return "".join(signs.get(part.tag) or part.text or "" for part in parts)


def _cell(cell: Any) -> str:
    return "\n".join(map(_said, cell.paragraphs))


def _numbering(document: Any) -> Callable[[Any], str]:
    """Return what tells the number Word shows before a paragraph, counting as it goes."""
    levels = dict(_levels(document))
    counts: dict[str, dict[int, int]] = defaultdict(dict)

    def shown(paragraph: Any) -> str:
        properties = _listed(paragraph)
        if properties is None:
            return ""
        found = (properties.find(f"{_W}{name}") for name in ("numId", "ilvl"))
        number, level = ("0" if part is None else part.get(f"{_W}val") for part in found)
        form = levels.get((number, int(level)))
        if form is None:
            return ""
        count = counts[number]
        count[int(level)] = count.get(int(level), 0) + 1
        for deeper in [n for n in count if n > int(level)]:
            del count[deeper]
        return _filled(form[1], number, count, levels)

    return shown


def _listed(paragraph: Any) -> Any:
    """Return what puts a paragraph on a list: itself, or its style or what that is based on."""
    found, style = paragraph._p.find(f"{_W}pPr/{_W}numPr"), paragraph.style  # noqa: SLF001
    while found is None and style is not None:
        found, style = style.element.find(f"{_W}pPr/{_W}numPr"), style.base_style
    return found


def _levels(document: Any) -> Iterator[tuple[tuple[str, int], tuple[str, str]]]:
    """Yield each level of each list with its kind of numeral and its pattern (“%1、”)."""
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
    found = element.find(f"{_W}{name}")
    return "" if found is None else found.get(f"{_W}val", "")


def _filled(pattern: str, number: str, count: dict[int, int], levels: dict[Any, Any]) -> str:
    def one(found: re.Match[str]) -> str:
        level = int(found[1]) - 1
        kind = levels.get((number, level), ("", ""))[0]
        return chinese(count.get(level, 1)) if kind in _CHINESE else str(count.get(level, 1))

    return re.sub(r"%(\d)", one, pattern) if "%" in pattern else ""
