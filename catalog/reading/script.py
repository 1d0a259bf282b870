"""Script of a text: the language in which its own words are continued."""

from __future__ import annotations

import re

from catalog.reading.grammar.folding import fold

_HAN = re.compile(r"[\u3400-\u9fff]")


def language_of(text: str) -> str:
    """Return the code of the language of `text`: English, or Chinese in one of two scripts."""
    han = "".join(_HAN.findall(text))
    if not han:
        return "en"
    return "zh-Hans" if fold(han) == han else "zh-Hant"
