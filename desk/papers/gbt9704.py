"""A Word paper in the layout of GB/T 9704: what is written into it stays text, byte for byte."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from catalog.ladder.texts import one_line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# GB/T 9704-2012: A4, 37 mm above, 28 mm left, a type area of 156 x 225 mm; title size 2 (22 pt) in
# 小標宋, text size 3 (16 pt) in 仿宋 on lines of 28 pt, headings in 黑體; red is of the head alone.
TITLE, BODY, HEADING = "方正小标宋简体", "仿宋", "黑体"
LATIN = "Times New Roman"
# What an office without a font sees instead; Word reads it from the file's table of fonts.
ALSO: Mapping[str, str] = {TITLE: "华文中宋", BODY: "仿宋_GB2312", HEADING: "Noto Sans CJK TC"}
LINE = Pt(28)
RED, GREY = RGBColor(0xC0, 0x0F, 0x14), RGBColor(0x55, 0x55, 0x55)
WIDTH = 156  # mm of the type area
CELLS = 20  # of a bar: each is 5 %
FULL, REST, EDGES = "1F5673", "E4E8E6", ("top", "bottom")
NEVER = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot hold
EPOCH = (1980, 1, 1, 0, 0, 0)


class Bar(NamedTuple):
    """A bar of a chart: its name, how full it is (0..1), and its figures in words."""

    name: str
    share: float
    said: str


class Paper:
    """A paper being written, from top to bottom; `made()` gives the file."""

    def __init__(self, title: str, *, author: str, on: dt.datetime) -> None:
        self._word = Document()
        self._set_up()
        about = self._word.core_properties
        about.title, about.author, about.comments = _clean(title), _clean(author), ""
        about.created = about.modified = on.replace(tzinfo=None)
        about.last_modified_by = _clean(author)
        about.revision = 1

    def head(self, plan: str, name: str) -> None:
        """Write the red head: the plan on one line, and the paper's name in large."""
        size = int(min(22, Mm(WIDTH).pt / _ems(plan)))
        self._line(plan, size=size, font=TITLE, colour=RED, spacing=Pt(size * 1.5))
        self._line(name, size=36, font=TITLE, colour=RED, spacing=Pt(54))

    def number(self, left: str, right: str = "") -> None:
        """Write the line of number and date, and the red rule below it."""
        place = self._word.add_paragraph()
        place.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), alignment=2)
        _run(place, f"{one_line(left)}\t{one_line(right)}")
        edge = parse_xml(
            f"<w:pBdr {nsdecls('w')}><w:bottom w:val='single' w:sz='18' w:space='4'"
            f" w:color='{RED}'/></w:pBdr>"
        )
        place._p.get_or_add_pPr().append(edge)  # noqa: SLF001  python-docx has no borders

    def title(self, text: str) -> None:
        """Write the title, centred."""
        place = self._line(text, size=22, font=TITLE, spacing=Pt(34))
        place.paragraph_format.space_before = Pt(24)
        place.paragraph_format.space_after = Pt(14)

    def heading(self, text: str) -> None:
        """Write a heading in the row of the text (一、…)."""
        place = self._paragraph()
        _run(place, one_line(text), font=HEADING)
        place.paragraph_format.keep_with_next = True

    def text(self, text: str) -> None:
        """Write paragraphs, one a line of `text`."""
        for line in text.splitlines():
            _run(self._paragraph(), one_line(line))

    def signed(self, *lines: str) -> None:
        """Write who signs and when, at the right."""
        for line in lines:
            place = self._line(line, align=WD_ALIGN_PARAGRAPH.RIGHT)
            place.paragraph_format.right_indent = Pt(64)
            place.paragraph_format.keep_with_next = line is not lines[-1]

    def note(self, text: str) -> None:
        """Write a small grey line: where the figures come from."""
        place = self._line(text, size=9, colour=GREY, align=WD_ALIGN_PARAGRAPH.LEFT, spacing=Pt(13))
        place.paragraph_format.space_before = Pt(4)

    def table(
        self,
        caption: str,
        head: Sequence[str],
        rows: Iterable[Sequence[object]],
        widths: Sequence[int],
    ) -> None:
        """Write a table under its caption; `widths` in mm, numbers stand at the right."""
        self._caption(caption)
        table = self._word.add_table(rows=1, cols=len(head), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for cell, name in zip(table.rows[0].cells, head, strict=True):
            _fill(cell, name, font=HEADING)
        _repeat(table.rows[0]._tr)  # noqa: SLF001
        for row in rows:
            for cell, value in zip(table.add_row().cells, row, strict=True):
                _fill(cell, value)
        for filled in table.rows:
            _whole(filled._tr)  # noqa: SLF001
        _widen(table, widths)

    def bars(self, caption: str, bars: Iterable[Bar], *, name: int = 52, said: int = 34) -> None:
        """Write a chart whose bars are cells of a table, each with its figures beside it."""
        self._caption(caption)
        table = self._word.add_table(rows=0, cols=CELLS + 2)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for bar in bars:
            row = table.add_row()
            row.height, row.height_rule = Mm(7), WD_ROW_HEIGHT_RULE.AT_LEAST
            _whole(row._tr)  # noqa: SLF001
            first, *cells, last = row.cells
            _fill(first, bar.name)
            _fill(last, bar.said)
            full = round(bar.share * CELLS)
            for at, cell in enumerate(cells):
                _shade(cell, FULL if at < full else REST)
                _fill(cell, "")
        _widen(table, [name, *[(WIDTH - name - said) / CELLS] * CELLS, said])

    def made(self) -> bytes:
        """Return the file; the same words on the same day give the same bytes."""
        self._name_fonts()
        out = io.BytesIO()
        self._word.save(out)
        return _repacked(out.getvalue())

    def _set_up(self) -> None:
        page = self._word.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.top_margin, page.bottom_margin = Mm(37), Mm(35)
        page.left_margin, page.right_margin = Mm(28), Mm(26)
        page.footer_distance = Mm(28)
        _numbered(page.footer.paragraphs[0])
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

    def _caption(self, text: str) -> None:
        place = self._line(text, size=12, font=HEADING)
        place.paragraph_format.keep_with_next = True
        place.paragraph_format.space_before = Pt(8)

    def _name_fonts(self) -> None:
        """Say in the table of fonts what stands in for each."""
        named = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
            for name, other in ALSO.items()
        )
        table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>'
        for part in self._word.part.package.iter_parts():
            if part.partname == "/word/fontTable.xml":
                part._blob = f"{table}{named}</w:fonts>".encode()  # noqa: SLF001


def _clean(text: str) -> str:
    """Return `text` with only what XML can hold."""
    return NEVER.sub("", one_line(text))


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
    _east(run._r.get_or_add_rPr(), font)  # noqa: SLF001  the East Asian font has no name there
    if colour is not None:
        run.font.color.rgb = colour
    return run


def _east(properties: BaseOxmlElement, font: str) -> None:
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _fill(cell: _Cell, value: object, *, font: str = BODY) -> None:
    place = cell.paragraphs[0]
    shape = place.paragraph_format
    shape.line_spacing, shape.space_after = Pt(15), Pt(0)
    number = isinstance(value, int | Decimal)
    place.alignment = WD_ALIGN_PARAGRAPH.RIGHT if number else WD_ALIGN_PARAGRAPH.LEFT
    _run(place, one_line("" if value is None else str(value)), size=10.5, font=font)


def _widen(table: Table, widths: Sequence[float]) -> None:
    """Give the columns their widths in mm; Word reads them from the cells, others from the grid."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _shade(cell: _Cell, colour: str) -> None:
    """Fill a cell, but for a white edge above and below."""
    edges = "".join(f'<w:{at} w:val="single" w:sz="24" w:color="FFFFFF"/>' for at in EDGES)
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001
    properties.append(parse_xml(f"<w:tcBorders {nsdecls('w')}>{edges}</w:tcBorders>"))
    shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>'
    properties.append(parse_xml(shade))


def _ems(text: str) -> float:
    """Return how wide a line is, in characters of full width."""
    return sum(1 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in text)


def _repeat(row: BaseOxmlElement) -> None:
    """Have the row stand at the top of each page the table comes to."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: BaseOxmlElement) -> None:
    """Keep the row on one page."""
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _numbered(place: Paragraph) -> None:
    """Write `— 1 —`, the one field a paper has."""
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(place, "— ", size=14)
    field = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:rPr><w:sz w:val="28"/></w:rPr>'
        "<w:t>1</w:t></w:r></w:fldSimple>"
    )
    place._p.append(field)  # noqa: SLF001
    _run(place, " —", size=14)


def _repacked(packed: bytes) -> bytes:
    """Return the same parts with no instant of packing in them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()
