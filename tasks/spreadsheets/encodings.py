"""Texts of unknown encoding, and the escapes of Excel's texts."""

from __future__ import annotations

import re

# Errors of openpyxl for a missing part, broken XML and impossible values.
BROKEN = (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError)
# Excel writes what XML cannot hold as _x000D_, and a text that looks so as _x005F_x000D_.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_COMMON = frozenset("的年和工作市人民政府一在有企业单位业位單國国")


def unescaped(text: str) -> str:
    """Return the text of a cell with Excel's escapes undone."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


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
