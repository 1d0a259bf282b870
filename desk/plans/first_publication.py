"""First publication of a plan: its start day, what that brings, and who cannot be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.errors import ConflictError, UsageRefusedError
from desk.plans import date_choices
from tasks.clock import typed_day
from tasks.past.foreseeing import foresee

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from starlette.datastructures import FormData

    from catalog.plans.model import Plan
    from ledger.session import Connection
    from tasks.past.foreseeing import Foresight

FIELDS = ("start_on", "counted", "knowingly", "look")
ERRORS = {"day-unreadable": "start_on", "publish-unreached": "knowingly"}


class Start(NamedTuple):
    """The start day as chosen, and that of the counts which the form showed.

    `knowingly` tells whether the office publishes although positions cannot be reached.
    """

    on: dt.date
    counted: str
    knowingly: bool
    is_look: bool

    @property
    def is_shown(self) -> bool:
        """Whether the person has seen what this start day brings."""
        return self.counted == f"{self.on}" and not self.is_look


def start(form: FormData) -> Start:
    """Return the start of a form; UsageRefusedError for a day that is none."""
    text = _text(form, "start_on")
    try:
        day = typed_day(text)
    except ValueError:
        raise UsageRefusedError("day-unreadable", typed=text) from None
    is_look, knowingly = bool(_text(form, "look")), bool(_text(form, "knowingly"))
    return Start(day, _text(form, "counted"), knowingly, is_look)


def values(form: Mapping[str, object]) -> dict[str, str]:
    """Return the fields as typed, for a form that is shown again."""
    return {name: str(form.get(name, "")) for name in ("start_on", "knowingly")}


def foresight(conn: Connection, plan: Plan, start_on: dt.date) -> Foresight:
    """Return what publishing `plan` brings, with the dates proposed where the text has none."""
    return foresee(conn, date_choices.as_proposed(plan), start_on)


def accept_unreached(conn: Connection, plan: Plan, chosen: Start) -> dict[str, Any]:
    """Return what the entry records of positions that nobody is reached at.

    ConflictError unless the office publishes knowingly.
    """
    unreached = foresight(conn, plan, chosen.on).unreached
    if unreached and not chosen.knowingly:
        raise ConflictError("publish-unreached", count=len(unreached), first=unreached[0])
    return {"unreached": unreached} if unreached else {}


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""
