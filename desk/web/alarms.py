"""Alarms above every page: sweeps that did not run, ran ahead, or wait for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tasks.sweep.brake import leap
from tasks.sweep_time import is_unswept

if TYPE_CHECKING:
    from desk.web.visit import Visit
    from ledger.plans.editions import Edition
    from tasks.sweep.brake import Leap


class Alarms(NamedTuple):
    """The alarms of the real plans.

    `unswept`: no sweep has finished for 26 hours; `ahead`: swept for a day that has not come;
    `leaps`: sweeps that wait until a person has confirmed the day.
    """

    unswept: list[Edition]
    ahead: list[Edition]
    leaps: list[Leap]


def alarms(visit: Visit) -> Alarms:
    """Return the alarms for those who see to the sweeps: the office and the administrator."""
    is_watcher = visit.who is not None and visit.who.kind in {"office", "administrator"}
    plans = [edition for edition in visit.plans if is_watcher and not edition.is_demo]
    if not plans:
        return Alarms([], [], [])  # a page that says the ledger is gone does not ask it
    with visit.read() as conn:
        leaps = [leap(conn, edition, visit.on) for edition in plans]
    return Alarms(
        [each for each in plans if is_unswept(each, visit.zone, visit.desk.clock())],
        [each for each in plans if each.swept_through and each.swept_through > visit.on],
        [each for each in leaps if each],
    )
