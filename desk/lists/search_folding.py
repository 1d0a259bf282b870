"""How a search compares words: written the one way or the other, 貿易 is found by 贸易."""

from __future__ import annotations

import functools
import unicodedata

from opencc import OpenCC


@functools.lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return `text` as searches compare it: one width, small letters, simplified characters.

    Only for comparing; what is stored and shown is never converted.
    """
    simplified: str = _simplified().convert(unicodedata.normalize("NFKC", text).casefold())
    return simplified


def finds(asked: str, *texts: str) -> bool:
    """Tell whether every word asked for stands in one of `texts`."""
    folded = [fold(text) for text in texts]
    return all(any(word in text for text in folded) for word in fold(asked).split())


@functools.cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")
