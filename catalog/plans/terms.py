"""Terms of a duty: the fields that a new edition of its plan may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from catalog.plans.contents import Basis, Kind
    from catalog.plans.expand import DatedDuty
    from catalog.plans.succession import Heirs


class Terms(NamedTuple):
    """The terms of a duty; agencies are those that hold it today, `says` the plan's words."""

    kind: Kind
    title: str
    says: str
    basis: Basis
    lead: str
    performer: str
    participants: tuple[str, ...]
    opens_on: date
    due_on: date
    covers_from: date | None
    covers_until: date | None
    quota_min: int | None
    quota_max: int | None


def terms(plan: str, duty: DatedDuty, heirs: Heirs) -> Terms:
    """Return the terms of a duty of the plan of that code, passed on to the agencies of today.

    Who performs a duty does not take part in it, and where each party has a duty of its own, none
    takes part in another's (docs/rules.md, The life of a duty).
    """
    measure, obligation = duty.measure, duty.obligation
    lead = heirs.of(measure.lead, plan, measure.number)
    performer = heirs.of(duty.performer, plan, measure.number)
    parties = obligation.parties or ()
    doers = {performer, *(b for a in parties for b in heirs.bodies(a, plan, measure.number))}
    others = heirs.participants(measure.participants, plan, measure.number, lead=lead)
    return Terms(
        kind=obligation.kind,
        title=obligation.title,
        says=obligation.says,
        basis=obligation.basis,
        lead=lead,
        performer=performer,
        participants=tuple(agency for agency in others if agency not in doers),
        opens_on=duty.opens_on,
        due_on=duty.due_on,
        covers_from=duty.covers_from,
        covers_until=duty.covers_until,
        quota_min=duty.quota.min if duty.quota else None,
        quota_max=duty.quota.max if duty.quota else None,
    )
