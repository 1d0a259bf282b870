"""Agencies that a role or a slip's copy names in a duty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from catalog.ladder.rungs import Rung
    from catalog.role_names import Addressee
    from ledger.duties.duties import Duty


class Parts(Protocol):
    """The agencies with a part in a duty, stored or still to come."""

    @property
    def lead(self) -> str:
        """The agency that leads."""

    @property
    def performer(self) -> str:
        """The agency that performs."""

    @property
    def participants(self) -> tuple[str, ...]:
        """The agencies that take part."""


def agencies(duty: Parts, role: Addressee, office: str) -> tuple[str, ...]:
    """Return the agencies that `role` names in this duty of a plan of `office`."""
    match role:
        case "performer" | "performer.head" | "performer.leader":
            return (duty.performer,)
        case "participants":
            return duty.participants
        case "office":
            return (office,)
        case _:
            return (duty.lead,)


def copied(duty: Duty, rung: Rung, office: str) -> dict[Addressee, str]:
    """Return the roles that the slip of `rung` is copied to (抄送), each with its agency.

    An agency that the slip is addressed to needs no copy.
    """
    addressed = {a for role in rung.to if role != "office" for a in agencies(duty, role, office)}
    named = {role: agency for role in rung.copy_to for agency in agencies(duty, role, office)}
    return {role: agency for role, agency in named.items() if agency not in addressed}
