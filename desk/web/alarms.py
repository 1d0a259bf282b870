"""Alarms above every page: late or stopped sweeps, stopped channels, a ledger that halts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from desk.web.forms import say_refusal
from ledger.post import channel_stops
from ledger.proof.anchor_checks import halt
from tasks.proof.daily_check import last_check
from tasks.setup.missing import missing
from tasks.sweep.brake import leap
from tasks.sweep_time import is_unswept

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from desk.web.visit import Visit
    from ledger.plans.editions import Edition
    from ledger.post.channel_stops import ChannelStop
    from ledger.proof.chain import Entry
    from ledger.session import Connection
    from tasks.setup.missing import Missing
    from tasks.sweep.brake import Leap

WEEK = 7 * A_DAY
FIRST_PAGES = ("/", "/settings")


class Alarms(NamedTuple):
    """The alarms of the real plans.

    `unswept`: no sweep has finished for 26 hours; `ahead`: swept for a day that has not come;
    `leaps`: sweeps that wait until a person has confirmed the day; `held`: plans with slips that
    wait for one; `halt`: the refusal that every
    write to the ledger meets, in words; `wrong`: how much of what drives the engine a check of the
    last week found wrong; `stops`: channels that refuse letters because of us; `missing`: what
    the office still lacks, on the first pages of the office and the administrator alone.
    """

    unswept: list[Edition]
    ahead: list[Edition]
    leaps: list[Leap]
    held: list[Edition]
    halt: str | None = None
    wrong: int = 0
    stops: Sequence[ChannelStop] = ()
    missing: Sequence[Missing] = ()


def alarms(visit: Visit) -> Alarms:
    """Return the alarms for those who see to the sweeps: the office and the administrator."""
    is_watcher = visit.who is not None and visit.who.kind in {"office", "administrator"}
    if not is_watcher or not visit.plans:
        return Alarms([], [], [], [])  # a page that says the ledger is gone does not ask it
    plans = [edition for edition in visit.plans if not edition.is_demo]
    with visit.read() as conn:
        leaps = [leap(conn, edition, visit.on) for edition in plans]
        stop = halt(conn, visit.ledger.settings.home)
        checked = last_check(conn)
        stops = [*channel_stops.current(conn).values()]
        lacks = _missing(conn, visit) if visit.request.url.path in FIRST_PAGES else ()
    return Alarms(
        [each for each in plans if is_unswept(each, visit.zone, visit.desk.clock())],
        [each for each in plans if each.swept_through and each.swept_through > visit.on],
        [each for each in leaps if each],
        [each for each in plans if each.slips_held],
        say_refusal(stop, visit.lang) if stop else None,
        _recent(checked, visit.on),
        stops,
        lacks,
    )


def _missing(conn: Connection, visit: Visit) -> Sequence[Missing]:
    settings = visit.desk.settings
    place = ("missing", settings.mail_url.startswith("file:"), settings.base_url)
    return visit.desk.counts.of(conn, place, lambda: missing(conn, settings))


def _recent(checked: Entry | None, on: dt.date) -> int:
    """Return how much a check found wrong, if the same share has had no other turn since."""
    if checked is None or checked.payload["on"] < (on - WEEK).isoformat():
        return 0
    return int(checked.payload["count"])
