"""Scripts of Chinese: the one a text is written in, and a title in that of its reader."""

from __future__ import annotations

import functools

from opencc import OpenCC

from catalog.wording.language import DEFAULT_LANGUAGE, language, languages


def language_of(*texts: str) -> str:
    """Return the language in whose script `texts` are written, the default one where none tells.

    Titles that we write into a plan follow the plan's own script.
    """
    text = "".join(texts)
    scripts = {code: language(code).script for code in languages() if language(code).script}
    fitting = [code for code, script in scripts.items() if _converter(script).convert(text) == text]
    return fitting[0] if len(fitting) == 1 else DEFAULT_LANGUAGE


@functools.lru_cache(maxsize=16384)
def in_script_of(code: str, text: str) -> str:
    """Return `text` in the script of language `code`; what is written in it already stays.

    For display and for words of ours: what a document or a person wrote is stored as written.
    """
    script = language(code).script
    if not script or language_of(text) == code:
        return text
    converted: str = _converter(script).convert(text)
    return converted


@functools.cache
def _converter(script: str) -> OpenCC:
    return OpenCC(script)
