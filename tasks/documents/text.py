"""Text of a document of any supported kind: .txt, .docx, .pdf with text, .html, spreadsheets."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from catalog.errors import InvalidError
from catalog.reading.document import tables
from catalog.reading.document.lines import LARGEST as LONGEST
from tasks.documents import docx, html, pdf, spreadsheet
from tasks.spreadsheets.encodings import decoded

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 20_000_000  # bytes
_OLD_WORD = b"\xd0\xcf\x11\xe0"


def text_of(data: bytes, place: str) -> str:
    """Return the text of a document's bytes; `place` names it in errors.

    `reading.text` does so in a child process: a small file can ask for any amount of work.
    """
    if spreadsheet.is_spreadsheet(data, place):
        return _within(spreadsheet.text_of(data, place), place)
    kind, reader = _reader(data, place)
    try:
        text = reader(data)
    except (InvalidError, MemoryError):
        raise
    except Exception as error:
        problem = f"{type(error).__name__}: {error}".split("\n")[0][:120]
        raise InvalidError(
            "document-unreadable", place=place, kind=kind, problem=problem
        ) from error
    if not text.strip():
        raise InvalidError("document-empty", place=place)
    return _within(text, place)


def _within(text: str, place: str) -> str:
    if len(text) > LONGEST:
        raise InvalidError("document-too-long", place=place, characters=len(text), largest=LONGEST)
    return text


def _reader(data: bytes, place: str) -> tuple[str, Callable[[bytes], str]]:
    """Return the kind of document and its reader."""
    start = data[:1024].lstrip().lower()
    if data.startswith(b"%PDF") or b"%pdf-" in start:
        return "PDF", pdf.text_of
    if data.startswith(b"PK"):
        return "Word", docx.text_of
    if data.startswith(_OLD_WORD) or start.startswith(b"{\\rtf"):
        raise InvalidError("document-kind", place=place)
    if start.startswith((b"<!doctype", b"<html", b"<?xml")) or b"<body" in data[:20_000].lower():
        return "HTML", _html
    plain = decoded(data)
    if plain is None:
        raise InvalidError("document-kind", place=place)
    return "text", lambda _: _rowed(plain)


def _rowed(text: str) -> str:
    """Return text with its tab-separated lines, copied from a table, read as rows."""
    result: list[str] = []
    for is_table, group in itertools.groupby(text.splitlines(), lambda line: line.count("\t") > 1):
        lines = list(group)
        result += tables.lines([line.split("\t") for line in lines]) if is_table else lines
    return "\n".join(result) if "\t" in text else text


def _html(data: bytes) -> str:
    return html.text_of(decoded(data) or "")
