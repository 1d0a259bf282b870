"""Languages: a folder each, which says how it is asked for and how it spells days and counts."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from babel import Locale, UnknownLocaleError, dates

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
DEFAULT_LANGUAGE = "zh-Hant"  # the plans' own: it has every text
COMMAND_LANGUAGE = "en"  # of the command line, where DUBAN_LANG names no other
# Forms of a day that CLDR knows under a name of its own; a language may spell them otherwise.
_SKELETONS = {"short": "MMMd", "month": "yMMMM"}
_PATTERNS = {"week": "EEEE", "month-name": "MMM"}


class Language(NamedTuple):
    """A language as its `language.toml` describes it; every entry may be left out.

    `name` stands in the switch of languages, at `place`. `tags` are what else a browser may ask
    for it by, `fallback` the languages that lend it a missing text. `locale` is that of CLDR whose
    rules for days and counts it follows, `day` the patterns of days it spells in another way.
    `script` is OpenCC's conversion into its script, for titles written in another.
    """

    code: str
    name: str
    place: int
    tags: frozenset[str]
    fallback: tuple[str, ...]
    locale: Locale
    day: Mapping[str, str]
    script: str


@functools.cache
def languages() -> tuple[str, ...]:
    """Return the languages there are, sorted: each folder with texts is one."""
    return tuple(sorted({file.relative_to(FOLDER).parts[0] for file in FOLDER.glob("*/**/*.toml")}))


@functools.cache
def language(code: str) -> Language:
    """Return how language `code` is asked for and how it spells."""
    file = FOLDER / code / "language.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    fallback = (*table.get("fallback", ()), DEFAULT_LANGUAGE)
    return Language(
        code,
        name=table.get("name", code),
        place=table.get("place", len(languages())),
        tags=frozenset(tag.lower() for tag in (code, *table.get("tags", ()))),
        fallback=tuple(dict.fromkeys(other for other in fallback if other != code)),
        locale=_locale(table.get("locale", code), fallback),
        day=table.get("day", {}),
        script=table.get("script", ""),
    )


@functools.cache
def names() -> dict[str, str]:
    """Return the name of each language by its code, in the order of the switch of languages."""
    switch = sorted(map(language, languages()), key=lambda each: (each.place, each.code))
    return {each.code: each.name for each in switch}


@functools.cache
def tags() -> dict[str, str]:
    """Return the language of each tag a browser may ask by, in small letters."""
    return {tag: code for code in languages() for tag in language(code).tags}


@functools.lru_cache(maxsize=4096)
def spell(code: str, day: dt.date, form: str = "full") -> str:
    """Return `day` as language `code` spells it.

    `form` is full, short, month (of a year), week (the day of the week) or month-name.
    """
    spelling = language(code)
    pattern = spelling.day.get(form) or _pattern(spelling.locale, form)
    return dates.format_date(day, pattern, spelling.locale)


def plural_forms(code: str, n: int) -> tuple[str, ...]:
    """Return the endings of a text's key that fit the number `n`, the best one first.

    The number itself, then its form by the rules of CLDR (one, few, many, ...), then other.
    """
    return str(n), language(code).locale.plural_form(n), "other"


def _pattern(locale: Locale, form: str) -> str:
    if form in _SKELETONS:
        skeleton: Any = locale.datetime_skeletons.get(_SKELETONS[form], "long")
        return str(getattr(skeleton, "pattern", skeleton))
    return _PATTERNS.get(form, "long")


def _locale(code: str, fallback: tuple[str, ...]) -> Locale:
    """Return the locale of CLDR for `code`, else that of a language it falls back to."""
    for candidate in (code, *fallback):
        try:
            return Locale.parse(candidate, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(DEFAULT_LANGUAGE, sep="-")
