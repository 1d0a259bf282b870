"""Word paper in the layout of GB/T 9704: everything written into it stays plain text."""
# ruff: noqa: SLF001  python-docx has no borders, East Asian fonts or fields; their XML has.

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
import zipfile
from copy import deepcopy
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from catalog.clean import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docx.oxml.table import CT_Row
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# GB/T 9704-2012: A4, 37 mm above, 28 mm left, a type area of 156 x 225 mm; title size 2 (22 pt) in
# 小標宋, text size 3 (16 pt) in 仿宋 on lines of 28 pt, headings in 黑體; red is of the head alone.
TITLE, BODY, HEADING = "方正小标宋简体", "仿宋", "黑体"
LATIN = "Times New Roman"
# Fonts for an office without the first ones; Word reads them from the file's table of fonts.
ALSO: Mapping[str, str] = {TITLE: "华文中宋", BODY: "仿宋_GB2312", HEADING: "Noto Sans CJK TC"}
LINE = Pt(28)
RED, GREY = RGBColor(0xC0, 0x0F, 0x14), RGBColor(0x55, 0x55, 0x55)
WIDTH = 156  # mm of the type area
CELLS = 20  # in a bar; each is 5 %
FULL, REST, EDGES = "1F5673", "E4E8E6", ("top", "bottom")
LONGEST_PROPERTY = 255  # characters; a longer title or author is cut among the file's properties
NEVER = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot hold
NOON = dt.time(12)
EPOCH = (1980, 1, 1, 0, 0, 0)


class Bar(NamedTuple):
    """A bar of a chart: its name, its share (0..1), and its figures in words."""

    name: str
    share: float
    figures: str


class Paper:
    """A paper written from top to bottom; `content()` returns the file."""

    def __init__(self, title: str, *, author: str, on: dt.date) -> None:
        self._word = Document()
        self._set_up()
        about = self._word.core_properties
        about.title, about.author, about.comments = _property(title), _property(author), ""
        about.created = about.modified = dt.datetime.combine(on, NOON)
        about.last_modified_by = about.author
        about.revision = 1

    def head(self, plan: str, name: str) -> None:
        """Write the red head: the plan on one line, and the paper's name in large."""
        size = int(min(22, Mm(WIDTH).pt / _ems(plan)))
        self._line(plan, size=size, font=TITLE, colour=RED, spacing=Pt(size * 1.5))
        self._line(name, size=36, font=TITLE, colour=RED, spacing=Pt(54))

    def number(self, text: str, date: str = "") -> None:
        """Write the line of number and date with the red rule below it."""
        place = self._word.add_paragraph()
        place.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), alignment=2)
        _run(place, f"{one_line(text)}\t{one_line(date)}")
        edge = parse_xml(
            f"<w:pBdr {nsdecls('w')}><w:bottom w:val='single' w:sz='18' w:space='4'"
            f" w:color='{RED}'/></w:pBdr>"
        )
        place._p.get_or_add_pPr().append(edge)

    def title(self, text: str) -> None:
        """Write the title, centred."""
        place = self._line(text, size=22, font=TITLE, spacing=Pt(34))
        place.paragraph_format.space_before = Pt(24)
        place.paragraph_format.space_after = Pt(14)

    def heading(self, text: str) -> None:
        """Write a heading (一、…)."""
        place = self._paragraph()
        _run(place, one_line(text), font=HEADING)
        place.paragraph_format.keep_with_next = True

    def text(self, text: str) -> None:
        """Write a paragraph for each line of `text`."""
        for line in text.splitlines():
            _run(self._paragraph(), one_line(line))

    def signature(self, *lines: str) -> None:
        """Write the signer and the date at the right."""
        for line in lines:
            place = self._line(line, align=WD_ALIGN_PARAGRAPH.RIGHT)
            place.paragraph_format.right_indent = Pt(64)
            place.paragraph_format.keep_with_next = line is not lines[-1]

    def note(self, text: str) -> None:
        """Write a small grey line, such as the source of the figures."""
        place = self._line(text, size=9, colour=GREY, align=WD_ALIGN_PARAGRAPH.LEFT, spacing=Pt(13))
        place.paragraph_format.space_before = Pt(4)

    def table(
        self,
        caption: str,
        head: Sequence[str],
        rows: Iterable[Sequence[object]],
        widths: Sequence[int],
    ) -> None:
        """Write a table under its caption; `widths` in mm, numbers aligned right."""
        self._caption(caption)
        table = self._table(len(head), widths, style="Table Grid")
        names = _new_row(table)
        for cell, name in zip(names.cells, head, strict=True):
            _fill(cell, name, font=HEADING)
        _repeat(names)
        _keep_together(names)
        _widen(names, widths)
        patterns: dict[tuple[bool, ...], CT_Row] = {}
        for row in rows:
            shape = tuple(isinstance(value, int | Decimal) for value in row)
            if shape not in patterns:
                patterns[shape] = _pattern(table, widths, shape)
            _add(table, patterns[shape], dict(enumerate(row)))

    def bars(self, caption: str, bars: Iterable[Bar], *, name: int = 52, figures: int = 34) -> None:
        """Write a chart whose bars are table cells; columns `name` and `figures` in mm."""
        self._caption(caption)
        widths = [name, *[(WIDTH - name - figures) / CELLS] * CELLS, figures]
        table = self._table(CELLS + 2, widths)
        patterns: dict[int, CT_Row] = {}
        for bar in bars:
            full = round(bar.share * CELLS)
            if full not in patterns:
                patterns[full] = _pattern(table, widths, [False] * len(widths), full=full)
            _add(table, patterns[full], {0: bar.name, CELLS + 1: bar.figures})

    def content(self) -> bytes:
        """Return the file; the same words on the same day are the same bytes."""
        self._name_fonts()
        out = io.BytesIO()
        self._word.save(out)
        return _repack(out.getvalue())

    def _set_up(self) -> None:
        page = self._word.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.top_margin, page.bottom_margin = Mm(37), Mm(35)
        page.left_margin, page.right_margin = Mm(28), Mm(26)
        page.footer_distance = Mm(28)
        _number_pages(page.footer.paragraphs[0])
        plain = self._word.styles["Normal"]
        plain.font.name, plain.font.size = LATIN, Pt(16)
        _east(plain.element.get_or_add_rPr(), BODY)

    def _paragraph(self) -> Paragraph:
        place = self._word.add_paragraph()
        shape = place.paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        shape.space_before = shape.space_after = Pt(0)
        shape.first_line_indent = Pt(32)  # two characters
        place.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        return place

    def _line(
        self,
        text: str,
        *,
        size: int = 16,
        font: str = BODY,
        colour: RGBColor | None = None,
        align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
        spacing: Pt = LINE,
    ) -> Paragraph:
        place = self._paragraph()
        place.paragraph_format.first_line_indent = Pt(0)
        place.paragraph_format.line_spacing = spacing
        place.alignment = align
        _run(place, one_line(text), size=size, font=font, colour=colour)
        return place

    def _table(self, columns: int, widths: Sequence[float], **style: str) -> Table:
        """Add a table without rows. Word reads the widths of its cells, others these columns'."""
        table: Table = self._word.add_table(rows=0, cols=columns, **style)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        return table

    def _caption(self, text: str) -> None:
        place = self._line(text, size=12, font=HEADING)
        place.paragraph_format.keep_with_next = True
        place.paragraph_format.space_before = Pt(8)

    def _name_fonts(self) -> None:
        """Write the substitute of each font into the table of fonts."""
        fonts = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
            for name, other in ALSO.items()
        )
        table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>'
        for part in self._word.part.package.iter_parts():
            if part.partname == "/word/fontTable.xml":
                part._blob = f"{table}{fonts}</w:fonts>".encode()


def _clean(text: str) -> str:
    """Return `text` as one line, without the characters XML cannot hold."""
    return NEVER.sub("", one_line(text))


def _property(text: str) -> str:
    return _clean(text)[:LONGEST_PROPERTY]


def _run(
    place: Paragraph,
    text: str,
    *,
    size: float = 0,
    font: str = BODY,
    colour: RGBColor | None = None,
) -> Run:
    run = place.add_run(NEVER.sub("", text))
    if size:
        run.font.size = Pt(size)
    run.font.name = LATIN
    _east(run._r.get_or_add_rPr(), font)
    if colour is not None:
        run.font.color.rgb = colour
    return run


def _east(properties: BaseOxmlElement, font: str) -> None:
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _pattern(
    table: Table, widths: Sequence[float], numbers: Sequence[bool], *, full: int | None = None
) -> CT_Row:
    """Return a row without text, to be copied: python-docx takes long for each cell.

    `numbers` are the columns aligned right; `full` are the dark cells of a bar.
    """
    row = _new_row(table)
    if full is not None:
        row.height, row.height_rule = Mm(7), WD_ROW_HEIGHT_RULE.AT_LEAST
    _keep_together(row)
    for cell, number in zip(row.cells, numbers, strict=True):
        _fill(cell, "", number=number)
    if full is not None:
        for at, cell in enumerate(row.cells[1:-1]):
            _shade(cell, FULL if at < full else REST)
    _widen(row, widths)
    pattern: CT_Row = row._tr
    table._tbl.remove(pattern)
    return pattern


def _new_row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row


def _add(table: Table, pattern: CT_Row, values: Mapping[int, object]) -> None:
    """Add a copy of `pattern` with these values, by column."""
    row = deepcopy(pattern)
    for column, value in values.items():
        if text := _text(value):
            row.tc_lst[column].p_lst[0].r_lst[0].text = text
    table._tbl.append(row)


def _fill(cell: _Cell, value: object, *, font: str = BODY, number: bool = False) -> None:
    place = cell.paragraphs[0]
    shape = place.paragraph_format
    shape.line_spacing, shape.space_after = Pt(15), Pt(0)
    place.alignment = WD_ALIGN_PARAGRAPH.RIGHT if number else WD_ALIGN_PARAGRAPH.LEFT
    _run(place, _text(value), size=10.5, font=font)


def _text(value: object) -> str:
    return _clean("" if value is None else str(value))


def _widen(row: _Row, widths: Sequence[float]) -> None:
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Mm(width)


def _shade(cell: _Cell, colour: str) -> None:
    """Fill a cell, with a white edge above and below."""
    edges = "".join(f'<w:{at} w:val="single" w:sz="24" w:color="FFFFFF"/>' for at in EDGES)
    properties = cell._tc.get_or_add_tcPr()
    properties.append(parse_xml(f"<w:tcBorders {nsdecls('w')}>{edges}</w:tcBorders>"))
    shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>'
    properties.append(parse_xml(shade))


def _ems(text: str) -> float:
    """Return the width of a line in characters of full width."""
    return sum(1 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in text)


def _repeat(row: _Row) -> None:
    """Repeat the row at the top of each page of the table."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_together(row: _Row) -> None:
    """Keep the row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _number_pages(place: Paragraph) -> None:
    """Write the page number, `— 1 —`."""
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(place, "— ", size=14)
    field = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:rPr><w:sz w:val="28"/></w:rPr>'
        "<w:t>1</w:t></w:r></w:fldSimple>"
    )
    place._p.append(field)
    _run(place, " —", size=14)


def _repack(packed: bytes) -> bytes:
    """Return the same parts without the instant of packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()
