"""Rendering of pages: the templates, and the functions and values that every template has."""

from __future__ import annotations

import functools
import hashlib
import html
from importlib import resources
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse
from jinja2 import pass_context
from markupsafe import Markup, escape

from catalog.wording import spell
from catalog.wording.language import names
from catalog.wording.script import in_script_of
from desk.access import signin
from desk.access.qr_codes import qr
from desk.base_path import on_links
from desk.web import words
from desk.web.addresses import duty_path
from desk.web.alarms import alarms
from desk.web.lamps import lamp, lamp_of
from desk.web.masthead import masthead
from desk.web.menu import menu
from tasks.escaped_templates import templates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment
    from jinja2.runtime import Context

    from desk.web.visit import Visit

STATIC = resources.files("desk") / "static"

_BAR = '<rect class="did" x="{:.1f}" y="16" width="{:.1f}" height="8" rx="2"/>'
_STRIP = (
    '<svg class="strip" viewBox="0 0 440 40" role="img" aria-label="{}">'
    '<path class="grid" d="{}"/><rect class="plan" x="{:.1f}" y="12" width="{:.1f}" height="16"'
    ' rx="3"/>{}<path class="due" d="M{:.1f} 14l6 6-6 6-6-6z"/>'
    '<path class="now" d="M{:.1f} 0v40"/></svg>'
)


def page(visit: Visit, template: str, /, status: int = 200, **values: Any) -> HTMLResponse:
    """Answer with `templates/<template>.html`, filled in with `values` and those of every page."""
    text = environment().get_template(f"{template}.html").render(_frame(visit) | values)
    return HTMLResponse(on_links(text, visit.desk.settings.base_path), status)


@functools.cache
def environment() -> Environment:
    """Return the templates; all values are escaped, and an unknown name is a defect."""
    pages = templates("desk")
    pages.globals |= {
        "static": static, "duty_path": duty_path, "strip": strip, "options": options, "qr": qr
    }  # fmt: skip
    pages.filters["titled"] = _titled
    return pages


@pass_context
def _titled(context: Context, title: str) -> str:
    """Return a title in the script of the page's reader."""
    return in_script_of(context["lang"], title)


@functools.cache
def static(name: str) -> str:
    """Return the address of a file of ours; it changes with the file, so browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def strip(label: str, places: tuple[float, float, float | None, float], grid: str) -> Markup:
    """Return a duty's time as a picture: it opens, is due, ended (None if it has not), and now.

    Places are 0..1 of the strip; `grid` is the path of the lines behind.
    """
    opens, due, end, now = places
    start, width = 440 * opens, 440 * (due - opens)
    bar = "" if end is None else _BAR.format(start, max(440 * (end - opens), 4.0))
    marks = min(440 * due, 434.0), min(440 * now, 439.0)
    picture = _STRIP.format(escape(label), grid, start, width, bar, *marks)
    return Markup(picture)  # noqa: S704  the label is escaped, figures and paths are ours


def options(choices: Iterable[tuple[str, str]], value: str) -> Markup:
    """Return the options of a choice from (value, word) pairs, with that of `value` selected."""
    lines = (
        f'<option value="{html.escape(each)}"{" selected" if each == value else ""}'
        f' lang="zh">{html.escape(word)}</option>'
        for each, word in choices
    )
    return Markup("".join(lines))  # noqa: S704  both are escaped


def _frame(visit: Visit) -> dict[str, Any]:
    """Return what every template can use, in the language of the visit."""
    lang, cookie = visit.lang, visit.cookie.value()
    return {
        "visit": visit,
        "who": visit.who,
        "lang": lang,
        "languages": names(),
        "token": signin.form_token(cookie) if cookie else "",
        "t": functools.partial(words.say_markup, lang),
        "tn": functools.partial(words.say_count, lang),
        "day": functools.partial(spell, lang),
        "instant": lambda at: words.spell_instant(lang, at, visit.zone),
        "lamp": functools.partial(lamp, lang),
        "lamp_of": functools.partial(lamp_of, visit),
        "menu": functools.partial(menu, visit),
        "alarms": functools.partial(alarms, visit),
        "masthead": masthead(visit),
    }
