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

POSITION = "officer"  # whom invitations go to


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


def invited(conn: Connection, duty: Duty, planning: Planning, *, on: dt.date) -> list[Attendee]:
    """Return the positions that a planning invites, as they are filled on day `on`.

    Open groups (有關市) have no mailbox and are left out.
    """
    register, mailboxes = contacts.agencies(conn), contacts.mailboxes(conn, on)
    persons = contacts.persons(conn)
    own = (planning.host, duty.lead, duty.performer, *duty.participants)
    return [
        Attendee(
            agency,
            person.name if (person := persons.get((agency, POSITION))) else "",
            mailboxes.get((agency, POSITION), {}).get(contacts.MAIL, ()),
            agency == planning.host,
        )
        for agency in dict.fromkeys((*own, *planning.participants))
        if register[agency].kind != "open-group"
    ]


def attendance(
    conn: Connection, duty: Duty, planning: Planning, *, on: dt.date
) -> list[Attendance]:
    """Return the answers of all who are invited, in the order of `invited`."""
    last = _last_answers(meetings.answers(conn, duty.key), planning)
    return [
        _line(each, last.get(each.agency), planning)
        for each in invited(conn, duty, planning, on=on)
    ]


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
