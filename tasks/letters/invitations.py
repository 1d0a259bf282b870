"""Invitations to meetings and events (RFC 5546), as parts of the letter that announces them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, vCalAddress

from catalog.clean import one_line
from catalog.dates.days import A_DAY
from catalog.offices.mail_addresses import ascii_address
from catalog.reports.preparation import Agenda
from catalog.wording import say
from ledger.duties import duties as ledger_duties
from ledger.duties import meetings, preparations
from ledger.people import agencies as register
from ledger.post import contacts
from tasks.clock import time_zone
from tasks.in_force import in_force
from tasks.letters.letter_format import Attachment, address_of
from tasks.meetings.attendance import Roll

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from ledger.duties.duties import Duty
    from ledger.duties.meetings import Planning
    from ledger.post.notices import Notice
    from ledger.post.tidings import Tiding
    from ledger.session import Connection
    from ledger.settings import Settings
    from tasks.meetings.attendance import Attendee

KINDS = frozenset({"meeting", "event"})
# Notices after which a planned meeting stands in another way than before.
NEWS = frozenset(
    {"meeting-planned", "meeting-called-off", "waived", "suspended", "closed-not-done"}
)
TIDINGS = frozenset({"meeting", "meeting-off"})
LINES = 5  # of the agenda, in the description
AN_HOUR = dt.timedelta(hours=1)


def invitations(
    conn: Connection,
    notices: Sequence[Notice],
    duties: Mapping[str, Duty],
    settings: Settings,
    *,
    address: str,
    on: dt.date,
    tidings: Sequence[Tiding] = (),
) -> tuple[Attachment, ...]:
    """Return the invitations and cancellations that a letter of day `on` brings to `address`.

    Each says how the meeting stands then (docs/rules.md, Meetings). There is none for an address
    of another channel than mail.
    """
    if "@" not in address:
        return ()
    recipients = _recipients(notices, tidings)
    plannings = meetings.last_plannings(conn, recipients)
    others = ledger_duties.of(conn, [key for key in plannings if key not in duties])
    every, roll = {**duties, **others}, Roll(conn, on) if plannings else None
    files = [
        _Invitation(conn, every[key], plannings[key], settings, roll=roll, on=on).file(
            address, agencies
        )
        for key, agencies in recipients.items()
        if roll and key in plannings
    ]
    return tuple(
        Attachment(
            name="invite.ics" if len(files) == 1 else f"invite-{number}.ics",
            content_type=f"text/calendar; charset=utf-8; method={file['method']}",
            content=bytes(file.to_ical()),
        )
        for number, file in enumerate(files, 1)
    )


def _recipients(notices: Sequence[Notice], tidings: Sequence[Tiding]) -> dict[str, set[str]]:
    """Return the agencies to which the news of each meeting goes, by the key of its duty."""
    news = [(n.duty, n.recipient) for n in notices if n.rung.partition(":")[0] in NEWS]
    news += [(t.subject.rpartition("#")[0], t.recipient) for t in tidings if t.kind in TIDINGS]
    recipients: dict[str, set[str]] = {}
    for key, recipient in news:
        recipients.setdefault(key, set()).add(recipient.partition("/")[0])
    return recipients


def is_off(duty: Duty, planning: Planning) -> bool:
    """Tell whether a planned meeting does not take place."""
    ended = duty.waived_on or duty.suspended_on or duty.closed_as == "not-done"
    return planning.called_off or bool(ended)


def times(planning: Planning, zone: dt.tzinfo) -> tuple[dt.date, dt.date]:
    """Return beginning and end: instants in `zone`, or the first day and the day after the last.

    A meeting without an end lasts an hour.
    """
    if planning.starts_at is None:
        return planning.planned_on, planning.ends_on + A_DAY
    begins = _at(planning.planned_on, planning.starts_at, zone)
    ends = planning.ends_at and _at(planning.ends_on, planning.ends_at, zone)
    return begins, ends or begins + AN_HOUR


class _Invitation:
    """The invitation to one meeting, as a calendar for each address."""

    def __init__(
        self,
        conn: Connection,
        duty: Duty,
        planning: Planning,
        settings: Settings,
        *,
        roll: Roll,
        on: dt.date,
    ) -> None:
        self._conn, self._duty, self._planning = conn, duty, planning
        self._settings = settings
        self._edition = in_force(conn, duty.plan)
        self._names = register.agencies_on(conn, on).by_id
        self._attendees = roll.invited(duty, planning)

    def file(self, address: str, agencies: AbstractSet[str]) -> Calendar:
        """Return a REQUEST, or a CANCEL if the meeting is off or none of `agencies` is invited."""
        comes = any(each.agency in agencies for each in self._attendees)
        cancels = is_off(self._duty, self._planning) or not comes
        calendar = Calendar()
        calendar.add("prodid", "-//duban//duban//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "CANCEL" if cancels else "REQUEST")
        calendar.add_component(self._event(address, cancels=cancels, comes=comes))
        calendar.add_missing_timezones()
        return calendar

    def _event(self, address: str, *, cancels: bool, comes: bool) -> Event:
        planning, event = self._planning, Event()
        begins, ends = times(planning, time_zone(self._edition.plan.zone))
        event.add("uid", planning.uid)
        event.add("dtstamp", planning.recorded_at)
        event.add("last-modified", planning.recorded_at)
        event.add("sequence", planning.number - 1 + self._is_taken_back)
        event.add("dtstart", begins)
        event.add("dtend", ends)
        event.add("summary", one_line(self._duty.title))
        if planning.place:
            event.add("location", one_line(planning.place))
        event.add("description", "\n".join(self._description()))
        if self._settings.base_url:
            event.add("url", self._link())
        event.add("status", _status(planning, cancels=cancels))
        event.add("organizer", self._organizer())
        for attendee in self._attendees if comes else ():
            for mailbox in attendee.addresses:
                event.add("attendee", self._attendee(attendee, mailbox, own=mailbox == address))
        if not comes:
            event.add("attendee", vCalAddress(f"mailto:{ascii_address(address)}"))
        return event

    @property
    def _is_taken_back(self) -> bool:
        """True where the duty has ended without a planning of its own, as by an amendment."""
        return is_off(self._duty, self._planning) and not self._planning.called_off

    def _organizer(self) -> vCalAddress:
        office, settings = self._edition.plan.office, self._settings
        # A calendar answers the organiser: our own mailbox, where it is read (docs/operations.md).
        own = settings.mail_from if settings.bounces else ""
        reply_to = own or contacts.reply_to(self._conn, settings, office) or settings.mail_from
        organizer = vCalAddress(f"mailto:{address_of(reply_to)}")
        organizer.params["CN"] = self._names[office]
        return organizer

    def _attendee(self, attendee: Attendee, mailbox: str, *, own: bool) -> vCalAddress:
        entry = vCalAddress(f"mailto:{ascii_address(mailbox)}")
        agency = self._names[attendee.agency]
        entry.params["CN"] = f"{agency} {attendee.person}".strip()
        entry.params["ROLE"] = "REQ-PARTICIPANT"
        entry.params["PARTSTAT"] = "ACCEPTED" if attendee.is_host else "NEEDS-ACTION"
        entry.params["RSVP"] = "TRUE" if own and not attendee.is_host else "FALSE"
        return entry

    def _description(self) -> Iterator[str]:
        planning, lang = self._planning, self._settings.lang
        if planning.called_off and planning.reason:
            yield say(lang, "invitation.reason", reason=planning.reason)
        if planning.chair:
            yield say(lang, "invitation.chair", chair=planning.chair)
        if planning.note:
            yield planning.note
        yield from self._agenda()
        yield say(lang, "invitation.plan", plan=self._edition.plan.title)
        if self._settings.base_url:
            yield say(lang, "invitation.link", link=self._link())

    def _agenda(self) -> Iterator[str]:
        """Yield the first lines of the agenda, if it has been prepared for that day."""
        prepared = preparations.of(self._conn, self._duty.key)
        if prepared is None or prepared.kind != "meeting":
            return
        agenda = Agenda.model_validate_json(prepared.data)
        if agenda.items and agenda.held_on == self._planning.planned_on:
            yield say(self._settings.lang, "invitation.agenda")
            yield from (f"{n}. {one_line(i.title)}" for n, i in enumerate(agenda.items[:LINES], 1))

    def _link(self) -> str:
        return f"{(self._settings.base_url or '').rstrip('/')}/duty/{self._duty.key}"


def _status(planning: Planning, *, cancels: bool) -> str:
    if cancels:
        return "CANCELLED"
    return "TENTATIVE" if planning.tentative else "CONFIRMED"


def _at(day: dt.date, clock: str, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), zone)
