"""Successions: agencies renamed, merged, split or closed, and the heirs of their duties."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

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
    """The agencies of a plan as they are today, after every succession so far."""

    def __init__(self, successions: Iterable[Succession] = ()) -> None:
        steps = (s for s in successions if s.kind != "renamed")
        self._steps = sorted(steps, key=attrgetter("on", "id"))

    def of(self, agency: str, plan: str, measure: str) -> str:
        """Return the agency that holds the part of `agency` in that measure today.

        The successions apply one after the other, so a part that passes on may come back. An
        agency closed without a successor keeps its duties: the office must reassign them.
        """
        holder = agency
        for step in self._steps:
            if step.agency == holder and step.covers(plan, measure):
                holder = step.successor or holder
        return holder

    def participants(
        self, agencies: Iterable[str], plan: str, measure: str, *, lead: str
    ) -> tuple[str, ...]:
        """Return the participants: each once, never the lead, and no agency that has ended."""
        ended = {s.agency for s in self._steps if s.kind == "closed" and s.successor is None}
        heirs = (self.of(agency, plan, measure) for agency in agencies)
        return tuple(dict.fromkeys(a for a in heirs if a != lead and a not in ended))
