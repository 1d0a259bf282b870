"""Words of the pages: texts as markup, instants, and the language a browser asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from catalog import wording
from catalog.wording.language import tags

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from starlette.requests import Request

LANGUAGE = "duban-language"  # the cookie of a person's choice


def say_markup(lang: str, key: str, /, **values: Any) -> Markup:
    """Return the text for a page: the text is ours, the values in it are escaped."""
    return Markup(wording.say(lang, key, **_safe(values)))  # noqa: S704  the values are escaped


def say_count(lang: str, key: str, n: int, /, **values: Any) -> Markup:
    """Return the text of `key` for the number `n`, the values in it escaped."""
    return Markup(wording.say_count(lang, key, n, **_safe(values)))  # noqa: S704  escaped


def spell_instant(lang: str, at: dt.datetime, zone: dt.tzinfo) -> str:
    """Return an instant as the clock of `zone` shows it."""
    here = at.astimezone(zone)
    return f"{wording.spell(lang, here.date())} {here:%H:%M}"


def language_of(request: Request, *, default: str) -> str:
    """Return the language a person chose, else the one their browser prefers, else `default`."""
    choice = request.cookies.get(LANGUAGE, "")
    if choice in wording.languages():
        return choice
    return preferred(request.headers.get("accept-language", ""), default=default)


def preferred(accept: str, *, default: str) -> str:
    """Return the language of an Accept-Language header, or `default` when it names none of ours."""
    return next((lang for tag in _tags(accept) if (lang := _lang(tag))), default)


def _safe(values: dict[str, Any]) -> dict[str, Markup]:
    return {name: escape(value) for name, value in values.items()}


def _tags(accept: str) -> Iterable[str]:
    tags_by_weight: list[tuple[float, str]] = []
    for part in accept.replace(" ", "").split(",")[:20]:
        tag, _, weight = part.partition(";q=")
        try:
            tags_by_weight.append((float(weight or 1), tag.lower()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(tags_by_weight, key=lambda w: -w[0]) if weight > 0]


def _lang(tag: str) -> str | None:
    parts = tag.split("-")
    shorter = ("-".join(parts[:n]) for n in range(min(len(parts), 3), 0, -1))
    return next((tags()[each] for each in shorter if each in tags()), None)
