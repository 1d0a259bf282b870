"""How pages are made: the templates, their words and figures, and the shape of each light."""

from __future__ import annotations

import functools
import hashlib
import html
import re
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from catalog.duties.standing import standing
from catalog.errors import NotFoundError
from catalog.wording import has, say, spell
from catalog.wording.language import names
from desk.access import signin
from desk.web import words
from ledger.duties import duties

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from catalog.duties.standing import Standing, Status
    from desk.web.menu import Entry
    from desk.web.visit import Visit
    from ledger.duties.duties import Duty
    from ledger.session import Connection

STATIC = resources.files("desk") / "static"

# The class and the icon of each status; the word comes from the wording catalogue.
LAMPS: Mapping[Status, tuple[str, str]] = {
    "not-open": ("todo", "todo"),
    "awaiting-receipt": ("todo", "todo"),
    "on-course": ("ok", "ok"),
    "due-soon": ("soon", "soon"),
    "behind-pace": ("soon", "soon"),
    "overdue": ("late", "late"),
    "under-review": ("wait", "wait"),
    "returned": ("soon", "soon"),
    "suspended": ("todo", "pause"),
    "closed-on-time": ("done", "done"),
    "closed-late": ("soon", "done"),  # never green (docs/rules.md, The life of a duty)
    "waived": ("todo", "done"),
    "closed-not-done": ("todo", "late"),
}


# What can be taken back for a moment: nothing that stands in the history.
UNDO: Mapping[str, str] = {
    "views.said.ended": "/views/{}/undo",
    "drafts.said.ended": "/drafts/{}/undo",
}
OWN = re.compile(r"[0-9a-f]{32}", re.ASCII)


_DID = '<rect class="did" x="{:.1f}" y="16" width="{:.1f}" height="8" rx="2"/>'
_STRIP = (
    '<path class="grid" d="{}"/><rect class="plan" x="{:.1f}" y="12" width="{:.1f}" height="16"'
    ' rx="3"/>{}<path class="due" d="M{:.1f} 14l6 6-6 6-6-6z"/><path class="now" d="M{:.1f} 0v40"/>'
)


class Lamp(NamedTuple):
    """A light as it is shown: a colour by its class, a shape by its icon, and a word."""

    css: str
    icon: str
    word: str


def lamp(lang: str, now: Standing) -> Lamp:
    """Return how a standing is shown in `lang`."""
    css, icon = LAMPS[now.status]
    if now.status == "returned" and now.light == "red":
        css = icon = "late"
    return Lamp(css, icon, say(lang, f"status.{now.status}"))


def duty_path(key: str) -> str:
    """Return where the page of duty `key` is."""
    return f"/duty/{quote(key)}"


def strip(label: str, places: tuple[float, float, float | None, float], grid: str) -> Markup:
    """Return one duty in time as a picture: it opens, is due, was done if it was, and it is now.

    Places are 0..1 of the strip; `grid` is the path of the lines behind.
    """
    opens, due, done, now = (None if each is None else 440 * each for each in places)
    assert opens is not None and due is not None and now is not None  # noqa: PT018
    did = "" if done is None else _DID.format(opens, max(done - opens, 4.0))
    drawn = _STRIP.format(grid, opens, due - opens, did, min(due, 434.0), min(now, 439.0))
    told = f'<svg class="strip" viewBox="0 0 440 40" role="img" aria-label="{escape(label)}">'
    return Markup(f"{told}{drawn}</svg>")  # noqa: S704  figures and paths of ours


def options(found: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """Return the options of a choice from (value, word), with the chosen one of them chosen."""
    made = (
        f'<option value="{html.escape(value)}"{" selected" if value == chosen else ""}'
        f' lang="zh">{html.escape(word)}</option>'
        for value, word in found
    )
    return Markup("".join(made))  # noqa: S704  both are escaped


def render(visit: Visit, template: str, values: Mapping[str, Any]) -> str:
    """Return the page `templates/<template>.html` for this visit."""
    return environment().get_template(f"{template}.html").render(_words(visit) | dict(values))


@functools.cache
def environment() -> Environment:
    """Return the templates; whatever they show is escaped, and a name nobody gave is a defect."""
    made = Environment(
        loader=PackageLoader("desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"static": static, "duty_path": duty_path, "strip": strip, "options": options}
    return made


@functools.cache
def static(name: str) -> str:
    """Return the address of a file of ours; it changes with the file, so browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def _words(visit: Visit) -> dict[str, Any]:
    """Return what every template can say, in the language of the visit."""
    lang = visit.lang
    return {
        "visit": visit,
        "who": visit.who,
        "lang": lang,
        "languages": names(),
        "token": signin.form_token(visit.cookie) if visit.cookie else "",
        "t": functools.partial(words.say_markup, lang),
        "tn": functools.partial(words.say_count, lang),
        "day": functools.partial(spell, lang),
        "instant": lambda at: words.spell_instant(lang, at, visit.zone),
        "lamp": functools.partial(lamp, lang),
        "lamp_of": lambda duty: lamp(lang, _standing(visit, duty)),
        "menu": lambda: menu(visit),
        "said": said(visit),
        "undo": undo(visit),
    }


class Item(NamedTuple):
    """An entry of the menu as one visitor sees it."""

    path: str
    text: str
    waiting: int
    is_here: bool


def menu(visit: Visit) -> list[Item]:
    """Return the menu of who is there, with what waits in each page."""
    if visit.who is None:
        return []
    here = visit.request.url.path
    with visit.read() as conn:
        return [
            Item(e.path, e.text, _waiting(conn, visit, e), e.path == here)
            for e in visit.desk.menu
            if visit.may(e.place)
        ]


def _waiting(conn: Connection, visit: Visit, entry: Entry) -> int:
    """Return what waits in a page; nothing where the address asks for a plan not in force.

    That is for the page itself to say, under the same menu.
    """
    try:
        return entry.waiting(conn, visit) if entry.waiting else 0
    except NotFoundError:
        return 0


def said(visit: Visit) -> str:
    """Return the key of what is to be told once after a deed: `?said=<page>.said.<what>`."""
    key = visit.request.query_params.get("said", "")
    return key if ".said." in key and has(visit.lang, key) else ""


def undo(visit: Visit) -> str:
    """Return where what was just said is taken back, empty when it cannot be."""
    own = visit.request.query_params.get("undo", "")
    path = UNDO.get(said(visit), "") if OWN.fullmatch(own) else ""
    return path.format(own)


def _standing(visit: Visit, duty: Duty) -> Standing:
    on: dt.date = visit.on
    return standing(duties.facts(duty), on)
