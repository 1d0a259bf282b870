"""Comparison of words in a search: 贸易 matches 貿易."""

from __future__ import annotations

import functools
import unicodedata

from opencc import OpenCC


@functools.lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return `text` for comparison: one width, small letters, simplified characters.

    Stored and displayed text is never converted.
    """
    simplified: str = _simplified().convert(unicodedata.normalize("NFKC", text).casefold())
    return simplified


def finds(search: str, *texts: str) -> bool:
    """Return whether each word of `search` is in one of `texts`."""
    folded = [fold(text) for text in texts]
    return all(any(word in text for text in folded) for word in fold(search).split())


@functools.cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")
