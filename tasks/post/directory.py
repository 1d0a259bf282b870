"""The directory of a plan: the recipients of each role, and their channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.post import contacts
from tasks.letters.addressees import agencies

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog.plans.model import Plan
    from catalog.role_names import Addressee
    from ledger.session import Connection
    from tasks.in_force import InForce
    from tasks.letters.addressees import Parts

# Roles whose recipient is not the officer 經辦: head 分管領導, leader 責任領導.
POSITIONS: Mapping[str, str] = {
    "performer.head": "head",
    "performer.leader": "leader",
    "lead.head": "head",
    "responsible": "leader",
}


class Directory:
    """The recipients of one plan, each `agency/position`."""

    def __init__(self, plan: Plan, addresses: dict[tuple[str, str], dict[str, str]]) -> None:
        self._office = plan.office
        self._open = {a.id for a in plan.agencies if a.kind == "open-group"}
        self._channels = {f"{agency}/{p}": sorted(by) for (agency, p), by in addresses.items()}

    def recipients(self, duty: Parts, role: Addressee) -> Iterator[str]:
        """Yield the recipients of `role` in this duty (docs/rules.md, The ladder).

        Open groups of the plan (有關市) have no mailbox and are left out.
        """
        for agency in agencies(duty, role, self._office):
            if agency not in self._open:
                yield f"{agency}/{POSITIONS.get(role, 'officer')}"

    def channels(self, recipient: str) -> list[str]:
        """Return the channels of a position; mail if nobody fills it.

        That message then ends as dead, which raises an alarm instead of silence.
        """
        return self._channels.get(recipient) or [contacts.MAIL]


def directory(conn: Connection, edition: InForce) -> Directory:
    """Return the directory of an edition in force, with the present contacts."""
    return Directory(edition.plan, contacts.contacts(conn))
