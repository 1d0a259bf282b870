"""Successions: agencies renamed, merged, split or closed, and the heirs of their duties."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from catalog.plans.expand import DatedDuty

Kind = Literal["renamed", "merged", "split", "moved", "closed"]

ENDS: frozenset[Kind] = frozenset({"merged", "closed"})  # the agency is no more; its users end too


class Succession(NamedTuple):
    """One change of an agency, by a document (docs/rules.md, Amendments and reorganisations).

    `successor` None: it keeps what it has (renamed), or nobody takes it (closed). `measures` are
    those that pass, each `plan/number`; empty when all do. `former_name` is the name it had.
    """

    id: str
    kind: Kind
    agency: str
    successor: str | None
    on: date
    document: str
    measures: frozenset[str]
    former_name: str

    def covers(self, plan: str, measure: str) -> bool:
        """Tell whether the agency's part in that measure passes on."""
        return not self.measures or f"{plan}/{measure}" in self.measures


class Naming(NamedTuple):
    """The bodies that an open group of a plan (有關市) stands for, by a document.

    `measure` is empty for all measures. A naming of one measure precedes one of all, a later one an
    earlier.
    """

    id: str
    plan: str
    agency: str
    measure: str
    members: tuple[str, ...]
    on: date
    document: str


class Order(NamedTuple):
    """The order of a document about an agency; `on` is the day it takes effect.

    `successor` is an agency's id, `name` the new name of the agency (renamed) or of a successor
    nobody has registered yet; `measures` the `plan/number` of those that pass (split, moved).
    """

    kind: Kind
    agency: str
    on: date
    document: str
    successor: str | None = None
    name: str | None = None
    measures: tuple[str, ...] = ()


# The fields each kind of order needs, and those it may have.
_NEEDS: Mapping[Kind, tuple[str, ...]] = {
    "renamed": ("document", "name"),
    "merged": ("document", "successor"),
    "split": ("document", "successor", "measures"),
    "moved": ("document", "successor", "measures"),
    "closed": ("document",),
}
_MAY: Mapping[Kind, tuple[str, ...]] = {"renamed": (), "closed": ("successor", "name")}


def unfit(order: Order) -> str | None:
    """Return the field that an order lacks, or that does not fit it; None when it is complete."""
    needs = _NEEDS[order.kind]
    allowed = {*needs, *_MAY.get(order.kind, ("name",))}
    for field in ("document", "successor", "name", "measures"):
        present = bool(getattr(order, field))
        if (field in needs and not present) or (present and field not in allowed):
            return field
    heirless = order.kind != "renamed" and order.successor is None and order.name is not None
    return "successor" if heirless or order.successor == order.agency else None


class Heirs:
    """The agencies of a plan as they are today, after every succession and naming so far."""

    def __init__(
        self, successions: Iterable[Succession] = (), namings: Iterable[Naming] = ()
    ) -> None:
        steps = (s for s in successions if s.kind != "renamed")
        self._steps = sorted(steps, key=attrgetter("on", "id"))
        self._members = {
            (n.plan, n.agency, n.measure): n.members for n in sorted(namings, key=attrgetter("id"))
        }

    def of(self, agency: str, plan: str, measure: str) -> str:
        """Return the agency that holds the part of `agency` in that measure today.

        The successions apply one after the other, so a part that passes on may come back. An
        agency closed without a successor keeps its duties: the office must reassign them. An open
        group holds its part itself, unless it stands for one body.
        """
        members = self._named(agency, plan, measure)
        holder = members[0] if len(members) == 1 else agency
        for step in self._steps:
            if step.agency == holder and step.covers(plan, measure):
                holder = step.successor or holder
        return holder

    def participants(
        self, agencies: Iterable[str], plan: str, measure: str, *, lead: str
    ) -> tuple[str, ...]:
        """Return the participants: each once, never the lead, and no agency that has ended."""
        ended = {s.agency for s in self._steps if s.kind == "closed" and s.successor is None}
        heirs = (a for agency in agencies for a in self.bodies(agency, plan, measure))
        return tuple(dict.fromkeys(a for a in heirs if a != lead and a not in ended))

    def bodies(self, agency: str, plan: str, measure: str) -> tuple[str, ...]:
        """Return the agencies that hold the part of `agency`: several for an open group."""
        members = self._named(agency, plan, measure) or (agency,)
        return tuple(self.of(member, plan, measure) for member in members)

    def apart(self, plan: str, duty: DatedDuty) -> Iterator[DatedDuty]:
        """Yield the duty, that of an open group once for each body that was named.

        A body that is a party of its own has its duty already.
        """
        members = self._named(duty.party, plan, duty.measure.number) if duty.party else ()
        if not members:
            yield duty
            return
        start, _, period = duty.key.rpartition("/")
        stem = start.rpartition("/")[0]
        for member in members:
            if member not in (duty.obligation.parties or ()):
                yield duty._replace(key=f"{stem}/{member}/{period}", party=member)

    def _named(self, agency: str, plan: str, measure: str) -> tuple[str, ...]:
        if not self._members:
            return ()
        of_all = self._members.get((plan, agency, ""), ())
        return self._members.get((plan, agency, measure), of_all)
