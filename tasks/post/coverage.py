"""Coverage of the post: positions that letters will go to, and contacts that are not valid."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from catalog.errors import DubanError, NotFoundError
from catalog.plans.expand import expand
from catalog.plans.terms import terms
from ledger.duties import conditions, duties
from ledger.people import agencies
from ledger.post import contacts
from tasks.post.addresses import checked
from tasks.post.directory import Directory

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from catalog.ladder.rungs import Ladder
    from catalog.plans.model import Plan
    from catalog.role_names import Addressee
    from ledger.session import Connection
    from ledger.settings import Settings
    from tasks.in_force import InForce
    from tasks.letters.addressees import Parts


class Flaw(NamedTuple):
    """A contact as recorded that would be refused today: `agency/position`, channel, the error."""

    recipient: str
    channel: str
    error: DubanError

    @property
    def lacks_channel(self) -> bool:
        """Whether its channel is not set up any more."""
        return isinstance(self.error, NotFoundError)


def written_to(conn: Connection, edition: InForce) -> list[str]:
    """Return the positions that the plan's ladder names in unfinished duties and those to come.

    Each is `agency/position`, sorted, with the office's officer; copies of slips count, and open
    groups have no mailbox.
    """
    of_plan = conditions.of(plan=edition.plan.plan)
    unfinished = duties.one_of_each(conn, of_plan, conditions.UNFINISHED)
    ladders = {d: [duty for duty in unfinished if duty.ladder == d] for d in edition.ladders}
    named = {
        position
        for digest, of_ladder in ladders.items()
        for position in positions(edition.plan, of_ladder, edition.ladders[digest])
    }
    return sorted({*named, *positions(edition.plan, _to_come(conn, edition))})


def positions(plan: Plan, duties_to_do: Iterable[Parts], ladder: Ladder | None = None) -> list[str]:
    """Return the positions that a ladder, by default the plan's, names in duties, sorted.

    Each is `agency/position`, with the office's officer.
    """
    book, roles = Directory(plan, {}), _roles(ladder or plan.ladder)
    alike = {_alike(parts): parts for parts in duties_to_do}  # thousands have the same few agencies
    named = {r for parts in alike.values() for role in roles for r in book.recipients(parts, role)}
    return sorted({f"{plan.office}/officer", *named})


def _to_come(conn: Connection, edition: InForce) -> Iterator[Parts]:
    """Yield the terms of the duties that no sweep has created yet."""
    row, heirs = edition.row, agencies.heirs(conn)
    since = (row.expanded_through or row.issued_on - A_DAY) + A_DAY
    for duty in expand(edition.plan, since=since, until=row.ends_on):
        for each in heirs.apart(row.plan, duty):
            yield terms(row.plan, each, heirs)


def _alike(parts: Parts) -> Hashable:
    return (parts.lead, parts.performer, parts.participants)


def without_address(conn: Connection, edition: InForce) -> list[str]:
    """Return the positions of `written_to` without an address of their own."""
    reached = {"/".join(position) for position in contacts.contacts(conn)}
    return [recipient for recipient in written_to(conn, edition) if recipient not in reached]


def flaws(conn: Connection, settings: Settings) -> list[Flaw]:
    """Return the recorded contacts that would be refused today, by agency."""
    refused = []
    for (agency, position), by_channel in contacts.contacts(conn).items():
        recipient = f"{agency}/{position}"
        for channel, addresses in by_channel.items():
            try:
                checked(settings, channel, addresses, place=recipient)
            except DubanError as error:
                refused.append(Flaw(recipient, channel, error))
    return refused


def _roles(ladder: Ladder) -> set[Addressee]:
    return {role for rung in ladder.rungs for role in (*rung.to, *rung.copy_to)}
