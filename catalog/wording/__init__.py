"""Texts of pages, letters, papers, errors and commands: a folder a language, a file a subject."""

from __future__ import annotations

import functools
import tomllib
from typing import TYPE_CHECKING, Any

from catalog.wording.language import (
    COMMAND_LANGUAGE,
    DEFAULT_LANGUAGE,
    FOLDER,
    language,
    languages,
    plural_forms,
    spell,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BESIDE_THE_PLAN",
    "COMMAND_LANGUAGE",
    "DEFAULT_LANGUAGE",
    "has",
    "languages",
    "say",
    "say_count",
    "spell",
    "texts",
]

# The measure of duties beside the plan; where there is a text `<key>-adhoc`, it speaks of them.
BESIDE_THE_PLAN = "adhoc"

# What filling a text raises that asks for a value nobody gave, or for something of it.
_UNFIT = (AttributeError, LookupError, TypeError, ValueError)


@functools.cache
def texts(code: str) -> dict[str, str]:
    """Return the texts of a language's own folder: `<file>.<key>` -> text."""
    files = (file for file in (FOLDER / code).rglob("*.toml") if file.name != "language.toml")
    return {
        key: text
        for file in sorted(files)
        for key, text in _flat(file.stem, tomllib.loads(file.read_text(encoding="utf-8")))
    }


def has(code: str, key: str) -> bool:
    """Tell whether `key` can be said in language `code`, itself or by one it falls back to."""
    return any(key in texts(each) for each in _order(code))


def say(code: str, key: str, /, **values: Any) -> str:
    """Return the text `key` in language `code`, with `{names}` filled from `values`.

    A text the language lacks, or one that does not fit the values, is said in a language it falls
    back to, the plans' own at last. Raises KeyError for a key that none of these has.
    """
    if BESIDE_THE_PLAN in (values.get("measure"), values.get("number")):
        beside = f"{key}-{BESIDE_THE_PLAN}"
        key = beside if has(code, beside) else key
    return _say(((each, key) for each in _order(code)), key, values)


def say_count(code: str, key: str, n: int, /, **values: Any) -> str:
    """Return the text of `key` for the number `n`: `<key>-one`, `<key>-other`, ... or `<key>-1`."""
    candidates = ((c, f"{key}-{form}") for c in _order(code) for form in plural_forms(c, n))
    return _say(candidates, key, {**values, "n": n})


def _say(candidates: Iterable[tuple[str, str]], key: str, values: dict[str, Any]) -> str:
    unfit = None
    for code, name in candidates:
        text = texts(code).get(name)
        if text is None:
            continue
        try:
            return text.format_map(values)
        except _UNFIT:
            unfit = unfit or text
    if unfit is None:
        raise KeyError(key)
    return unfit


@functools.cache
def _order(code: str) -> tuple[str, ...]:
    return code, *language(code).fallback


def _flat(prefix: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, value in table.items():
        name = f"{prefix}.{key}"
        flat += _flat(name, value) if isinstance(value, dict) else [(name, str(value))]
    return flat
