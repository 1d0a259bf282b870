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
    """Yield the text under an element in document order; a block begins and ends a line."""
    stack: list[Any] = [root]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            yield each
            continue
        if each.tail and each is not root:
            stack.append(_unbroken(each.getparent(), each.tail))
        if not isinstance(each.tag, str) or each.tag in _UNSEEN:
            continue
        block = "\n" if each.tag in _BLOCKS else ""
        yield block
        stack.append(block)
        if each.tag == "table" and not each.xpath(".//table"):
            yield "\n".join(tables.lines(_rows(each)))
            continue
        stack.extend(reversed(each))
        yield _unbroken(each, each.text or "")


def _unbroken(element: Any, text: str) -> str:
    """Return text with its line breaks as blanks, except inside `pre`."""
    preformatted = element is not None and any(
        e.tag == "pre" for e in (element, *element.iterancestors())
    )
    return text if preformatted else text.replace("\n", " ")


def _rows(table: Any) -> list[list[str]]:
    """Return the cells of a table; a spanning cell is repeated in every row and column."""
    rows: list[list[str]] = []
    spanning: dict[tuple[int, int], str] = {}
    for y, row in enumerate(table.iter("tr")):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while (y, len(cells)) in spanning:
                cells.append(spanning.pop((y, len(cells))))
            text = " ".join("".join(_texts(cell)).split())
            down, across = (_span(cell, name) for name in ("rowspan", "colspan"))
            for x in range(len(cells), len(cells) + across):
                spanning |= {(below, x): text for below in range(y + 1, y + down)}
            cells += [text] * across
        while (y, len(cells)) in spanning:
            cells.append(spanning.pop((y, len(cells))))
        rows.append(cells)
    return rows


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "1")
    return min(int(text), 100) if text.isdecimal() and int(text) else 1
