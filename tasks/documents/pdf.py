"""Text of PDFs without page numbers and running heads, with their ruled tables as items."""

from __future__ import annotations

import bisect
import io
import itertools
import logging
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.reading.document import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NEAR = 3.0  # points: two rules closer than this are one
_THIN, _LONG = 2.5, 8.0  # points: greatest thickness and least length of a rule
_LINES, _BOXES = 3000, 1000  # of text on a page; a wide table has some hundred
_EDGE = 2  # lines at the head and the foot of a page
_NUMBER = re.compile(r"[-–—·\s]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/,，共]+\s*\d{1,4}\s*页?)?[-–—·\s]*")
# Headers and footers that browsers print: the address and the time.
_PRINTED = re.compile(
    r"(?:https?|file)://\S+|\d{1,4}[/-]\d{1,2}[/-]\d{1,4}[, ]+\d{1,2}:\d\d(?: ?[AP]M)?.*"
)


class Grid(NamedTuple):
    """The rules of a table: x of the upright ones, y of the level ones, ascending."""

    upright: list[float]
    level: list[float]

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the row (from the top) and column of a point; None outside the table."""
        column = bisect.bisect(self.upright, x) - 1
        row = len(self.level) - 1 - bisect.bisect(self.level, y)
        within = 0 <= column < len(self.upright) - 1 and 0 <= row < len(self.level) - 1
        return (row, column) if within else None


class Ruled(NamedTuple):
    """The text between rules, as the rows of a table and as plain lines."""

    rows: list[list[str]]
    lines: list[str]


# A line of text, or the text between rules.
Piece = str | Ruled


def text_of(data: bytes) -> str:
    """Return the text of a PDF; raises the library's own errors for a broken one."""
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns about each odd font
    pages = [list(_pieces(page)) for page in _pages(data)]
    joined: list[Piece] = []
    for piece in (piece for page in _without_running_lines(pages) for piece in page):
        last = joined[-1] if joined else ""
        if isinstance(piece, str):
            joined.append(piece)
        elif isinstance(last, Ruled) and len(last.rows[0]) == len(piece.rows[0]):
            last.rows.extend(piece.rows)  # a table over several pages
        elif tables.is_table(piece.rows):
            joined.append(piece)
        else:
            joined += piece.lines  # a frame around words
    return "\n".join(line for piece in joined for line in _lines(piece))


def _pages(data: bytes) -> Iterator[Any]:
    """Yield the layout of each page; ValueError for one of scattered text.

    The library's work grows with the square of the number of boxes on a page.
    """
    from pdfminer.converter import PDFPageAggregator  # noqa: PLC0415  keeps --help quick
    from pdfminer.layout import LAParams, LTPage  # noqa: PLC0415  as above
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager  # noqa: PLC0415  as above
    from pdfminer.pdfpage import PDFPage  # noqa: PLC0415  as above

    class Page(LTPage):
        def group_textlines(self, laparams: Any, lines: Any) -> Any:
            return super().group_textlines(laparams, _few(lines, _LINES))

        def group_textboxes(self, laparams: Any, boxes: Any) -> Any:
            return super().group_textboxes(laparams, _few(boxes, _BOXES))

    class Aggregator(PDFPageAggregator):
        def begin_page(self, page: Any, ctm: Any) -> None:
            super().begin_page(page, ctm)
            self.cur_item = Page(self.pageno, self.cur_item.bbox)

    resources = PDFResourceManager()
    device = Aggregator(resources, laparams=LAParams())
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.get_pages(io.BytesIO(data)):
        interpreter.process_page(page)
        yield device.get_result()


def _few(parts: Iterable[Any], most: int) -> list[Any]:
    """Return the parts of a page; ValueError for more than any page has."""
    few = list(itertools.islice(parts, most + 1))
    if len(few) > most:
        raise ValueError(f"a page with more than {most} scattered pieces of text")
    return few


def _lines(piece: Piece) -> Iterable[str]:
    return (piece,) if isinstance(piece, str) else ("", *tables.lines(piece.rows), "")


def _pieces(page: Any) -> Iterator[Piece]:
    """Yield the lines of a page in reading order, and its table where it begins."""
    grid = _grid(page)
    cells: dict[tuple[int, int], list[tuple[float, float, str]]] = defaultdict(list)
    ruled = Ruled([], [])
    for line in _text_lines(page):
        x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
        if grid is None or grid.cell(x, y) is None:
            yield line.get_text().strip()
            continue
        if not ruled.lines:
            yield ruled
        ruled.lines.append(line.get_text().strip())
        for sign in line:
            if hasattr(sign, "x0") and (at := grid.cell((sign.x0 + sign.x1) / 2, y)):
                cells[at].append((-y, sign.x0, sign.get_text()))
    if grid and ruled.lines:
        columns = range(len(grid.upright) - 1)
        ruled.rows.extend(
            ["".join(sign for *_, sign in sorted(cells[row, column])) for column in columns]
            for row in range(len(grid.level) - 1)
        )


def _text_lines(element: Any) -> Iterator[Any]:
    """Yield the text lines of a page or of one of its boxes."""
    from pdfminer.layout import LTTextContainer, LTTextLine  # noqa: PLC0415  keeps --help quick

    for each in element:
        if isinstance(each, LTTextLine):
            yield each
        elif isinstance(each, LTTextContainer):
            yield from _text_lines(each)


def _grid(page: Any) -> Grid | None:
    """Return the rules of a page that form a table of two columns or more."""
    from pdfminer.layout import LTCurve  # noqa: PLC0415  keeps --help quick

    upright: list[float] = []
    level: list[float] = []
    for each in page:
        if not isinstance(each, LTCurve) or each.width > page.width * 0.97:
            continue
        if each.height > _LONG:
            upright += [each.x0, each.x1]
        if each.width > _LONG:
            level += [each.y0, each.y1]
    grid = Grid(_distinct(upright), _distinct(level))
    return grid if len(grid.upright) > 2 and len(grid.level) > 1 else None  # noqa: PLR2004  columns


def _distinct(places: Sequence[float]) -> list[float]:
    """Return the sorted places of rules, with near duplicates merged."""
    distinct: list[float] = []
    for place in sorted(places):
        if not distinct or place - distinct[-1] > _NEAR:
            distinct.append(place)
    return distinct


def _without_running_lines(pages: list[list[Piece]]) -> Iterator[list[Piece]]:
    """Yield the pages without page numbers and without the lines at the edge of most pages."""
    edges = Counter(shape for page in pages for shape in {*map(_shape, _edge_lines(page))})
    common = {shape for shape, count in edges.items() if count > max(1, len(pages) // 2)}
    for page in pages:
        pieces = [p for p in page if p]
        while pieces and _is_running(pieces[-1], common):
            pieces.pop()
        while pieces and _is_running(pieces[0], common):
            pieces.pop(0)
        yield pieces


def _edge_lines(page: list[Piece]) -> list[str]:
    lines = [p if isinstance(p, str) else "" for p in page if p]
    return [line for line in (*lines[:_EDGE], *lines[-_EDGE:]) if line]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _is_running(piece: Piece, common: set[str]) -> bool:
    if not isinstance(piece, str):
        return False
    match = _NUMBER.fullmatch(piece) or _PRINTED.fullmatch(piece)
    return match is not None or _shape(piece) in common
