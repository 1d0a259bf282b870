"""What a web page says, block by block, its tables as items."""

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
    """Return the text of a page as it is seen, a line for each block."""
    root = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    lines = "".join(_said(root)).split("\n")
    return "\n\n".join(" ".join(line.split()) for line in lines if line.strip())


def _said(root: Any) -> Iterator[str]:
    """Yield the text under an element in order; a block begins and ends a line."""
    waiting: list[Any] = [root]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
            continue
        if each.tail and each is not root:
            waiting.append(_flowing(each.getparent(), each.tail))
        if not isinstance(each.tag, str) or each.tag in _UNSEEN:
            continue
        block = "\n" if each.tag in _BLOCKS else ""
        yield block
        waiting.append(block)
        if each.tag == "table" and not each.xpath(".//table"):
            yield "\n".join(tables.lines(_rows(each)))
            continue
        waiting.extend(reversed(each))
        yield _flowing(each, each.text or "")


def _flowing(element: Any, text: str) -> str:
    """Return text with its line breaks as blanks, but as they are where they are meant."""
    kept = element is not None and any(e.tag == "pre" for e in (element, *element.iterancestors()))
    return text if kept else text.replace("\n", " ")


def _rows(table: Any) -> list[list[str]]:
    """Return a table's cells, one that spans several rows or columns in each of them."""
    rows: list[list[str]] = []
    held: dict[tuple[int, int], str] = {}
    for y, row in enumerate(table.iter("tr")):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while (y, len(cells)) in held:
                cells.append(held.pop((y, len(cells))))
            text = " ".join("".join(_said(cell)).split())
            down, across = (_span(cell, name) for name in ("rowspan", "colspan"))
            for x in range(len(cells), len(cells) + across):
                held |= {(below, x): text for below in range(y + 1, y + down)}
            cells += [text] * across
        while (y, len(cells)) in held:
            cells.append(held.pop((y, len(cells))))
        rows.append(cells)
    return rows


def _span(cell: Any, name: str) -> int:
    told = cell.get(name, "1")
    return min(int(told), 100) if told.isdecimal() and int(told) else 1
