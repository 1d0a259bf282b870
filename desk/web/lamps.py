"""Lights of duties on a page: the colour, icon and word of each standing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.duties.standing import standing
from catalog.wording import say
from ledger.duties import duties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.duties.standing import Standing, Status
    from desk.web.visit import Visit
    from ledger.duties.duties import Duty

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
    "past": ("todo", "pause"),
}


class Lamp(NamedTuple):
    """A light on a page: a colour by its class, a shape by its icon, and a word."""

    css: str
    icon: str
    word: str


def lamp(lang: str, standing: Standing) -> Lamp:
    """Return the light of a standing, with its word in `lang`."""
    css, icon = LAMPS[standing.status]
    if standing.status == "returned" and standing.light == "red":
        css = icon = "late"
    return Lamp(css, icon, say(lang, f"status.{standing.status}"))


def lamp_of(visit: Visit, duty: Duty) -> Lamp:
    """Return the light of `duty` on the day of the visit."""
    return lamp(visit.lang, standing(duties.facts(duty), visit.on))
