"""What the pages say: texts by language, days as each language spells them, and who gets which."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

from babel import Locale, dates
from markupsafe import Markup, escape

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

LOCALES = resources.files("desk") / "locale"
LANGUAGES: Mapping[str, str] = {"zh-Hant": "繁", "zh-Hans": "简", "en": "EN"}

# Babel's own negotiation takes zh-CN for traditional where only zh-Hant and zh-Hans are offered.
_SPOKEN = {
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-my": "zh-Hans",
    "zh-hans": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh-hant": "zh-Hant",
    "en": "en",
}
# The spelling of a day by its length; the plan's own spelling is the full one.
_FORMS: Mapping[str, Mapping[str, str]] = {
    "zh-Hant": {"full": "y年M月d日", "short": "M月d日", "month": "y年M月", "week": "EEEE"},
    "zh-Hans": {"full": "y年M月d日", "short": "M月d日", "month": "y年M月", "week": "EEEE"},
    "en": {"full": "d MMMM y", "short": "d MMM", "month": "MMMM y", "week": "EEEE"},
}


@functools.cache
def texts(lang: str) -> dict[str, str]:
    """Return the catalogue of `lang`: `<file>.<key>` -> text, one file a page."""
    found: dict[str, str] = {}
    for file in (LOCALES / lang).iterdir():
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            found.update(_flat(file.name.removesuffix("toml"), table))
    return found


def say(lang: str, key: str, /, **values: Any) -> str:
    """Return the text `key` in `lang` with `{names}` filled; KeyError for one no page has."""
    return texts(lang)[key].format_map(values)


def say_markup(lang: str, key: str, /, **values: Any) -> Markup:
    """Return the text for a page: the text is ours, whatever fills it is escaped."""
    text = texts(lang)[key]
    safe = {name: escape(value) for name, value in values.items()}
    return Markup(text.format_map(safe) if safe else text)  # noqa: S704  ours, the rest is escaped


def say_count(lang: str, key: str, n: int, /, **values: Any) -> Markup:
    """Return the text `<key>-one` for one and `<key>-many` for any other number `n`."""
    return say_markup(lang, f"{key}-{'one' if n == 1 else 'many'}", n=n, **values)


@functools.lru_cache(maxsize=4096)
def spell(lang: str, day: dt.date, form: str = "full") -> str:
    """Return `day` as `lang` spells it: full, short, month or week (the day of the week)."""
    return dates.format_date(day, _FORMS[lang][form], locale=_babel(lang))


def spell_instant(lang: str, at: dt.datetime, zone: dt.tzinfo) -> str:
    """Return an instant as the clock of `zone` shows it."""
    here = at.astimezone(zone)
    return f"{spell(lang, here.date())} {here:%H:%M}"


def preferred(accept: str, *, default: str) -> str:
    """Return the language of an Accept-Language header, or `default` when it names none of ours."""
    return next((ours for asked in _asked(accept) if (ours := _ours(asked))), default)


def _asked(accept: str) -> Iterable[str]:
    weighed: list[tuple[float, str]] = []
    for part in accept.replace(" ", "").split(",")[:20]:
        tag, _, weight = part.partition(";q=")
        try:
            weighed.append((float(weight or 1), tag.lower()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda w: -w[0]) if weight > 0]


def _ours(tag: str) -> str | None:
    parts = tag.split("-")
    shorter = ("-".join(parts[:n]) for n in range(min(len(parts), 3), 0, -1))
    return next((_SPOKEN[each] for each in shorter if each in _SPOKEN), None)


@functools.cache
def _babel(lang: str) -> Locale:
    return Locale.parse(lang, sep="-")


def _flat(prefix: str, table: dict[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        flat |= _flat(f"{name}.", value) if isinstance(value, dict) else {name: str(value)}
    return flat
