"""Attendance at a meeting or an event: who is invited, and the last answer of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ledger.duties import meetings
from ledger.post import contacts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from ledger.duties.duties import Duty
    from ledger.duties.meetings import MeetingAnswer, Planning
    from ledger.session import Connection

POSITION = contacts.OFFICER  # whom invitations go to


class Attendee(NamedTuple):
    """An invited position with its mail addresses, none where it has none.

    `is_host` is so for the agency that planned the meeting, which comes without being asked.
    """

    agency: str
    person: str
    addresses: tuple[str, ...]
    is_host: bool

    @property
    def position(self) -> str:
        """The position, `agency/officer`."""
        return f"{self.agency}/{POSITION}"


class Attendance(NamedTuple):
    """An invited agency and its answer: `host`, one of ANSWERS, `delegated`, or "" for none yet.

    `is_outdated` tells that the answer was given to an earlier planning.
    """

    agency: str
    person: str
    answer: str
    text: str
    answered_at: dt.datetime | None
    is_outdated: bool


def is_ahead(duty: Duty) -> bool:
    """Tell whether a meeting is planned that has not been held since."""
    day = duty.planned_on
    return day is not None and (duty.held_on is None or duty.held_on < day)


class Roll:
    """The positions that meetings invite, as they are filled on one day."""

    def __init__(self, conn: Connection, on: dt.date) -> None:
        """Read the agencies, their addresses on day `on` and their persons."""
        self._register = contacts.agencies(conn)
        self._mailboxes = contacts.mailboxes(conn, on)
        self._persons = contacts.persons(conn)

    def invited(self, duty: Duty, planning: Planning) -> list[Attendee]:
        """Return the positions that a planning invites.

        Open groups (有關市) have no mailbox and are left out.
        """
        own = (planning.host, duty.lead, duty.performer, *duty.participants)
        return [
            Attendee(
                agency,
                person.name if (person := self._persons.get((agency, POSITION))) else "",
                self._mailboxes.get((agency, POSITION), {}).get(contacts.MAIL, ()),
                agency == planning.host,
            )
            for agency in dict.fromkeys((*own, *planning.participants))
            if self._register[agency].kind != "open-group"
        ]

    def attendance(
        self, duty: Duty, planning: Planning, answers: Iterable[MeetingAnswer]
    ) -> list[Attendance]:
        """Return the last of `answers` of all who are invited, in the order of `invited`."""
        last = _last_answers(answers, planning)
        invited = self.invited(duty, planning)
        return [_line(each, last.get(each.agency), planning) for each in invited]


def attendance(
    conn: Connection, duty: Duty, planning: Planning, *, on: dt.date
) -> list[Attendance]:
    """Return the answers of all whom a planning invites."""
    return Roll(conn, on).attendance(duty, planning, meetings.answers(conn, duty.key))


def counts(lines: Iterable[Attendance]) -> Mapping[str, int]:
    """Return how many come (`accepted`), do not (`declined`), may (`tentative`) or have not said.

    An answer to an earlier planning says nothing about this one; who sends somebody else comes.
    """
    count = Counter(line.answer if not line.is_outdated else "" for line in lines)
    return {
        "accepted": count["accepted"] + count["host"] + count["delegated"],
        "tentative": count["tentative"],
        "declined": count["declined"],
        "unanswered": count[""],
    }


def _last_answers(answers: Iterable[MeetingAnswer], planning: Planning) -> dict[str, MeetingAnswer]:
    """Return the last answer of each agency; one to a later planning comes before all earlier."""
    given = sorted(answers, key=lambda answer: (answer.planning, answer.number))
    return {answer.agency: answer for answer in given if answer.planning <= planning.number}


def _line(invitee: Attendee, answer: MeetingAnswer | None, planning: Planning) -> Attendance:
    if answer is None:
        own = "host" if invitee.is_host else ""
        return Attendance(invitee.agency, invitee.person, own, "", None, is_outdated=False)
    return Attendance(
        invitee.agency,
        invitee.person,
        answer.answer,
        answer.text or "",
        answer.answered_at,
        is_outdated=answer.planning < planning.number and not invitee.is_host,
    )
