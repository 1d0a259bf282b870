"""Who stands behind a role of a duty, and by which channels each position is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.post import contacts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog.ladder.rungs import Role
    from ledger.duties.duties import Duty
    from ledger.session import Connection
    from tasks.in_force import InForce

MAIL = "mail"
# Which position a role writes to where it is not the officer 經辦: head 分管領導, leader 責任領導.
POSITIONS: Mapping[str, str] = {"lead.head": "head", "responsible": "leader"}


class Directory:
    """The recipients of one plan, each `agency/position`."""

    def __init__(self, held: InForce, reached: dict[tuple[str, str], dict[str, str]]) -> None:
        self._office = held.plan.office
        self._open = {a.id for a in held.plan.agencies if a.kind == "open-group"}
        self._channels = {f"{agency}/{p}": sorted(by) for (agency, p), by in reached.items()}

    def recipients(self, duty: Duty, role: Role) -> Iterator[str]:
        """Yield the recipient of each one that `role` means in this duty (rules 3).

        A group the plan leaves open (有關市) is nobody's mailbox and is passed over.
        """
        for agency in self._agencies(duty, role):
            if agency not in self._open:
                yield f"{agency}/{POSITIONS.get(role, 'officer')}"

    def channels(self, recipient: str) -> list[str]:
        """Return the channels of a position; one nobody fills is written to by mail all the same.

        Its message ends as dead with that reason, an alarm instead of silence.
        """
        return self._channels.get(recipient) or [MAIL]

    def _agencies(self, duty: Duty, role: Role) -> tuple[str, ...]:
        match role:
            case "performer":
                return (duty.performer,)
            case "participants":
                return duty.participants
            case "office":
                return (self._office,)
            case _:
                return (duty.lead,)


def directory(conn: Connection, held: InForce) -> Directory:
    """Return the directory of an edition in force, as the contacts now stand."""
    return Directory(held, contacts.contacts(conn))
