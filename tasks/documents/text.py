"""Text of a document of any supported kind: .txt, .docx, .pdf with text, and .html."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from catalog.errors import InvalidError
from catalog.reading.document import tables
from catalog.reading.document.lines import LARGEST as LONGEST
from tasks.documents import docx, html, pdf

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 20_000_000  # bytes
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_COMMON = frozenset("的年和工作市人民政府一在有企业单位业位單國国")


def text_of(data: bytes, place: str) -> str:
    """Return the text of a document's bytes; `place` names it in errors.

    `reading.text` does so in a child process: a small file can ask for any amount of work.
    """
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


def decoded(data: bytes) -> str | None:
    """Return the text in its most plausible encoding, None for binary data."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _as(data, "utf-16")
    if b"\x00" in data[:4096] and not data[:4096].replace(b"\x00", b""):
        return None
    if (plain := _as(data, "utf-8-sig")) is not None:
        return plain
    read = [text for code in ("gb18030", "big5hkscs") if (text := _as(data, code)) is not None]
    best = max(read, key=lambda text: sum(sign in _COMMON for sign in text[:20_000]), default=None)
    if best is None or not any(sign in _COMMON for sign in best):
        return None
    return best


def _as(data: bytes, code: str) -> str | None:
    try:
        return data.decode(code)
    except UnicodeDecodeError:
        return None


def _html(data: bytes) -> str:
    return html.text_of(decoded(data) or "")
