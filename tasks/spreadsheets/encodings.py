"""Texts of unknown encoding, and the escapes of Excel's texts."""

from __future__ import annotations

import re

# Errors of openpyxl for a missing part, broken XML and impossible values.
BROKEN = (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError)
# Excel writes what XML cannot hold as _x000D_, and a text that looks so as _x005F_x000D_.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Latin letters, Chinese signs and their punctuation, tabs and line ends.
_USUAL = re.compile("[\t\r\n -~\u00a0-\u024f\u2000-\u206f\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_SAMPLE = 20_000  # characters
_MOSTLY = 0.8  # of the signs of a text
# Encodings, with the first bytes of their usual signs and punctuation marks.
_CHINESE = {
    "gb18030": frozenset(bytes([n]) for n in (*range(0xA1, 0xA4), *range(0xB0, 0xD8))),
    "big5hkscs": frozenset(bytes([n]) for n in range(0xA1, 0xC7)),
}
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
    if b"\x00" not in data and (plain := _as(data, "utf-8-sig")) is not None:
        return plain
    if b"\x00" in data[:_SAMPLE]:
        return next(filter(None, (_wide(data, code) for code in ("utf-16-le", "utf-16-be"))), None)
    read = {code: text for code in _CHINESE if (text := _as(data, code)) is not None}
    if not read:
        return None
    code = max(read, key=lambda each: (_common(read[each]), _usual(read[each], each)))
    is_text = _common(read[code]) or _usual(read[code], code) >= _MOSTLY
    return read[code] if is_text else None


def _wide(data: bytes, code: str) -> str | None:
    """Return a text in UTF-16 without its mark, None where its signs are those of no text."""
    text = _as(data, code) or ""
    signs = text[:_SAMPLE]
    usual = sum(bool(_USUAL.match(sign)) for sign in signs)
    return text if signs and usual == len(signs) else None


def _common(text: str) -> int:
    """Return how many of the commonest signs of official texts a text has."""
    return sum(sign in _COMMON for sign in text[:_SAMPLE])


def _usual(text: str, code: str) -> float:
    """Return the share of signs that stand among the usual ones of their encoding."""
    signs = [sign for sign in text[:_SAMPLE] if sign > "\x7f"]
    usual = sum(sign.encode(code)[:1] in _CHINESE[code] for sign in signs)
    return usual / len(signs) if signs else 0.0


def _as(data: bytes, code: str) -> str | None:
    try:
        return data.decode(code)
    except UnicodeDecodeError:
        return None
