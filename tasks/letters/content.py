"""Contents of a letter: its notices and tidings, their duties, and the office it comes from."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from catalog.letters.line import Office, Parties
from catalog.letters.matters import State
from ledger.duties import duties
from ledger.post import contacts, notices, tidings
from tasks.in_force import in_force

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from catalog.ladder.rungs import Ladder
    from catalog.letters.matters import Part
    from ledger.duties.duties import Duty
    from ledger.post.messages import Message
    from ledger.post.notices import Notice
    from ledger.post.tidings import Tiding
    from ledger.session import Connection
    from tasks.in_force import InForce


class Content(NamedTuple):
    """The contents of a letter: notices, their duties by key, plans by code, and tidings.

    `edition` is the plan of the first message. `parties` are those of each duty that is one of
    several.
    """

    edition: InForce
    notices: list[Notice]
    duties: Mapping[str, Duty]
    plans: Mapping[str, InForce]
    tidings: list[Tiding]
    parties: Mapping[str, Parties]

    @property
    def ladders(self) -> dict[str, Ladder]:
        """The ladders of the plans, by their digests."""
        return {d: ladder for plan in self.plans.values() for d, ladder in plan.ladders.items()}

    def part(self, notice: Notice) -> Part:
        """Return what the recipient of `notice` is to its duty."""
        duty, agency = self.duties[notice.duty], notice.recipient.partition("/")[0]
        if agency == duty.performer:
            return "performer"
        if agency == self.plans[duty.plan].plan.office:
            return "office"
        if agency == duty.lead:
            return "lead"
        return "participant" if agency in duty.participants else "outsider"


def content(conn: Connection, messages: Sequence[Message]) -> Content:
    """Return the contents of a letter with all of `messages`."""
    by_message = notices.of_messages(conn, [message.id for message in messages])
    carried = list(itertools.chain.from_iterable(by_message.values()))
    by_key = duties.of(conn, [notice.duty for notice in carried])
    codes = {*(m.plan for m in messages), *(duty.plan for duty in by_key.values())}
    plans = {code: in_force(conn, code) for code in codes}
    return Content(
        edition=plans[messages[0].plan],
        notices=carried,
        duties=by_key,
        plans=plans,
        tidings=[tiding for m in messages for tiding in tidings.of_message(conn, m.id)],
        parties=_parties(conn, by_key),
    )


def state(duty: Duty, on: dt.date) -> State:
    """Return the state of `duty` at the end of the day `on`."""
    return State(
        facts=duties.facts(duty),
        on=on,
        lead_performs=duty.lead == duty.performer,
        is_accepted=duty.accepted_on is not None and duty.accepted_on <= on,
        is_refused=duty.refused_on is not None and duty.refused_on <= on,
        planned_on=duty.planned_on,
    )


def office(conn: Connection, edition: InForce, names: Mapping[str, str]) -> Office:
    """Return the office of a plan, with its officer where their name or telephone is recorded."""
    own = edition.plan.office
    return Office(names[own], *contacts.person(conn, own, contacts.OFFICER))


def _parties(conn: Connection, by_key: Mapping[str, Duty]) -> dict[str, Parties]:
    """Return how many parties have done their duty of the obligation and period, by key."""
    shared = {key: (d.plan, d.obligation, d.period) for key, d in by_key.items() if d.party}
    tallies = duties.tallies(conn, set(shared.values()))
    return {
        key: Parties("/".join(place), *tallies[place])
        for key, place in shared.items()
        if tallies[place].all > 1
    }
