"""One form for comparing words: one width, one dash, simplified, each sign in its place."""

from __future__ import annotations

import functools
import unicodedata

from opencc import OpenCC

# Signs that are written in several ways and mean one thing in a plan.
_SIGNS = {
    **dict.fromkeys("‐‑‒–—―−─﹣－~～〜", "-"),
    **dict.fromkeys("〔［【﹝", "["),
    **dict.fromkeys("〕］】﹞", "]"),
    **dict.fromkeys("「『〝＂", "“"),
    **dict.fromkeys("」』〞", "”"),
    **dict.fromkeys("○Ｏ", "〇"),
    **dict.fromkeys("\u3000\u00a0\t", " "),
}


class _Signs(dict[int, str]):
    """Each sign with its form for comparing, filled at its first use."""

    def __missing__(self, sign: int) -> str:
        self[sign] = _form(chr(sign))
        return self[sign]


_FORMS = _Signs()


@functools.lru_cache(maxsize=64)
def fold(text: str) -> str:
    """Return `text` in the form for comparing, sign for sign: `len(fold(text)) == len(text)`.

    Quotations are cut from the document's own text at the same place.
    """
    return text.translate(_FORMS)


def _form(sign: str) -> str:
    if sign in _SIGNS:
        return _SIGNS[sign]
    if unicodedata.category(sign) == "No":  # ① and ² are no digits of a figure
        return sign
    narrow = unicodedata.normalize("NFKC", sign)
    simplified: str = _simplified().convert(narrow) if len(narrow) == 1 else sign
    return simplified if len(simplified) == 1 else sign


@functools.cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")
