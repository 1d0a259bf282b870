"""Text of web pages, block by block, with their tables as items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import html

from catalog.reading.document import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li"),
        *("main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
    )
)
_UNSEEN = frozenset(("head", "script", "style", "noscript", "template", "select"))


def text_of(page: str) -> str:
    """Return the visible text of a page, a line for each block."""
    root = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    lines = "".join(_texts(root)).split("\n")
    return "\n\n".join(" ".join(line.split()) for line in lines if line.strip())


def _texts(root: Any) -> Iterator[str]:
    """Yield the text under an element in document order; a block begins and ends a line.

    Line breaks of the text become blanks, except inside `pre`.
    """
    stack: list[tuple[Any, bool]] = [(root, False)]  # with whether its line breaks stay
    while stack:
        each, breaks = stack.pop()
        if isinstance(each, str):
            yield each if breaks else each.replace("\n", " ")
            continue
        if each.tail and each is not root:
            stack.append((each.tail, breaks))
        if not isinstance(each.tag, str) or each.tag in _UNSEEN:
            continue
        block = "\n" if each.tag in _BLOCKS else ""
        yield block
        stack.append((block, True))
        if each.tag == "table" and next(each.iterdescendants("table"), None) is None:
            yield "\n".join(tables.lines(_rows(each)))
            continue
        breaks = breaks or each.tag == "pre"
        stack.extend((child, breaks) for child in reversed(each))
        stack.append((each.text or "", breaks))


def _rows(table: Any) -> list[list[str]]:
    """Return the cells of a table; a spanning cell is repeated in every row and column.

    ValueError for a table of more columns than any has: spans multiply what there is to read.
    """
    rows: list[list[str]] = []
    spanning: dict[int, tuple[int, str]] = {}  # by column: further rows of a cell, and its text
    for row in table.iter("tr"):
        cells: list[str] = []
        after = {x: (down - 1, text) for x, (down, text) in spanning.items() if down > 1}
        for cell in row.iterchildren("td", "th"):
            _repeat(cells, spanning)
            if len(cells) >= tables.MOST_COLUMNS:
                raise ValueError(f"a table of more than {tables.MOST_COLUMNS} columns")
            text = " ".join("".join(_texts(cell)).split())
            down, across = (_span(cell, name) for name in ("rowspan", "colspan"))
            columns = range(len(cells), min(len(cells) + across, tables.MOST_COLUMNS))
            after |= {x: (down - 1, text) for x in columns if down > 1}
            cells += [text] * len(columns)
        _repeat(cells, spanning)
        rows.append(cells)
        spanning = after
    return rows


def _repeat(cells: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Add the cells of the rows above that reach down into the next columns."""
    while len(cells) in spanning:
        cells.append(spanning.pop(len(cells))[1])


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "1")
    return min(int(text), 100) if text.isdecimal() and int(text) else 1
