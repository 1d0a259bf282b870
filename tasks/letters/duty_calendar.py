"""The calendar of duties: due dates and planned meetings, the same bytes of the same ledger."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from catalog.dates.days import A_DAY
from catalog.duties import adhoc
from catalog.duties.standing import DUE_SOON, standing
from catalog.wording import say
from ledger.duties import duties as ledger_duties
from ledger.duties import meetings
from ledger.people import agencies
from ledger.proof import chain
from tasks.clock import time_zone
from tasks.in_force import in_force
from tasks.letters.calendar_file import DueDate, MeetingDay, due_dates
from tasks.letters.invitations import is_off, times
from tasks.meetings.attendance import is_ahead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from ledger.duties.duties import Duty
    from ledger.duties.meetings import Planning
    from ledger.session import Connection
    from tasks.in_force import InForce
    from tasks.letters.letter_format import Attachment

# Entries about a duty that change nothing of its event.
SILENT = ("reminded", "escalated", "prepared", "commented", "meeting-answered")


class Look(NamedTuple):
    """How a calendar is to look: language, name, base of links, and whose duties have alarms."""

    lang: str
    name: str = ""
    base_url: str = ""
    alarms_of: AbstractSet[str] = frozenset()


def duty_calendar(
    conn: Connection, duties: Sequence[Duty], look: Look, *, on: dt.date
) -> Attachment:
    """Return the calendar of `duties` as they stand on day `on`.

    The due date of a waived duty is included as cancelled. Instants are those of the last change of
    a duty, so the same ledger gives the same bytes on the same day.
    """
    events = _Events(conn, duties, look, on)
    return due_dates(
        map(events.due, duties), stamp=events.first, name=look.name, meetings=events.meetings()
    )


class _Events:
    """The events of one calendar."""

    def __init__(self, conn: Connection, duties: Sequence[Duty], look: Look, on: dt.date) -> None:
        self._duties, self._look, self._on = duties, look, on
        self._register = agencies.agencies_on(conn, on)
        self._plans = {plan: in_force(conn, plan) for plan in {duty.plan for duty in duties}}
        keys = [duty.key for duty in duties]
        self._changes = chain.last_at(conn, keys, besides=SILENT)
        ahead = [duty.key for duty in duties if is_ahead(duty)]
        self._plannings = meetings.last_plannings(conn, ahead)

    @property
    def first(self) -> dt.datetime:
        """The first instant of the plans: that of an event that nothing has changed."""
        return min(
            map(_issued_at, self._plans.values()), default=dt.datetime.min.replace(tzinfo=dt.UTC)
        )

    def due(self, duty: Duty) -> DueDate:
        """Return the event of a due date."""
        return DueDate(
            duty.key,
            duty.due_on,
            duty.due_version,
            duty.title,
            self._link(duty),
            is_off=duty.waived_on is not None,
            description="\n".join(self._description(duty)),
            changed_at=self._changed_at(duty),
            has_alarms=self._rings(duty),
        )

    def meetings(self) -> Iterator[MeetingDay]:
        """Yield the events of planned meetings."""
        for duty in self._duties:
            planning = self._plannings.get(duty.key)
            if planning is None and is_ahead(duty):
                yield self._old_meeting(duty)
            elif planning is not None and not is_off(duty, planning):
                yield self._meeting(duty, planning)

    def _meeting(self, duty: Duty, planning: Planning) -> MeetingDay:
        begins, ends = times(planning, time_zone(self._plans[duty.plan].plan.zone))
        chair = (
            [say(self._look.lang, "invitation.chair", chair=planning.chair)]
            if planning.chair
            else []
        )
        return MeetingDay(
            planning.uid,
            planning.number - 1,
            begins,
            ends,
            duty.title,
            place=planning.place or "",
            url=self._link(duty),
            description="\n".join([*chair, *self._description(duty)]),
            changed_at=self._changed_at(duty),
            is_tentative=planning.tentative,
            has_alarms=self._rings(duty),
        )

    def _old_meeting(self, duty: Duty) -> MeetingDay:
        """Return the event of a meeting planned before plannings were recorded."""
        day = duty.planned_on or duty.due_on
        return MeetingDay(
            f"{duty.key}#meeting",
            0,
            day,
            day + A_DAY,
            duty.title,
            place=duty.planned_place or "",
            url=self._link(duty),
            description="\n".join(self._description(duty)),
            changed_at=self._changed_at(duty),
            has_alarms=self._rings(duty),
        )

    def _description(self, duty: Duty) -> Iterator[str]:
        lang, edition = self._look.lang, self._plans[duty.plan]
        names = self._register.of(duty)
        status = standing(ledger_duties.facts(duty), self._on).status
        measure = edition.measure_of(duty)
        if measure.number == adhoc.MEASURE:
            yield measure.title
        else:
            yield say(lang, "feeds.event.measure", number=measure.number, title=measure.title)
        yield say(lang, "feeds.event.performer", name=names[duty.performer].name)
        yield say(lang, "feeds.event.standing", status=say(lang, f"status.{status}"))
        if link := self._link(duty):
            yield link

    def _changed_at(self, duty: Duty) -> dt.datetime:
        """Return the last instant at which the event changed: by a deed, or as a day came."""
        edition = self._plans[duty.plan]
        zone = time_zone(edition.plan.zone)
        days = (duty.due_on - DUE_SOON, duty.due_on + A_DAY) if duty.closed_on is None else ()
        came = [dt.datetime.combine(d, dt.time(), zone) for d in days if d <= self._on]
        return max([self._changes.get(duty.key, _issued_at(edition)), *came])

    def _rings(self, duty: Duty) -> bool:
        return duty.performer in self._look.alarms_of and duty.waived_on is None

    def _link(self, duty: Duty) -> str:
        base = self._look.base_url.rstrip("/")
        return f"{base}/duty/{quote(duty.key)}" if base else ""


def _issued_at(edition: InForce) -> dt.datetime:
    zone = time_zone(edition.plan.zone)
    return dt.datetime.combine(edition.plan.issued_on, dt.time(), zone)
