"""The check that a plan belongs in this ledger: the same office, the same agencies."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from catalog.errors import ConflictError
from ledger.people import agencies
from ledger.plans import editions
from ledger.post import contacts
from tasks.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catalog.plans.contents import Agency
    from catalog.plans.model import Plan
    from ledger.session import Connection


def check_belongs(conn: Connection, plan: Plan) -> None:
    """Refuse a new plan of another office, and a plan that gives an agency another agency's id.

    Otherwise an agency's mail would go to another one. An amendment may name another office: that
    replaces the office (docs/rules.md, Amendments and reorganisations). Raises ConflictError.
    """
    plans_in_force = [in_force(conn, edition.plan) for edition in editions.all_in_force(conn)]
    register = contacts.agencies(conn)
    called, also = (
        _names(conn),
        _aliases(plan for one in plans_in_force for plan in one.editions.values()),
    )
    others = [a for a in plan.agencies if a.id in register and not _is(a, called[a.id], also[a.id])]
    offices = {one.plan.office for one in plans_in_force}
    is_new = all(one.plan.plan != plan.plan for one in plans_in_force)
    office = plan.agency(plan.office)
    if is_new and plans_in_force and (office.id not in offices or office in others):
        own = ", ".join(register[one].name for one in sorted(offices))
        raise ConflictError("office-other", plan=plan.plan, office=office.name, ours=own)
    for agency in others:
        values = {"agency": agency.id, "name": agency.name, "registered": register[agency.id].name}
        raise ConflictError("agency-other", plan=plan.plan, **values)


def _is(agency: Agency, called: set[str], also: set[str]) -> bool:
    """Tell whether the plan's agency ever had one of the names `called` or `also`."""
    return agency.name in called | also or not called.isdisjoint(agency.aliases)


def _names(conn: Connection) -> dict[str, set[str]]:
    """Return the present and former names of each agency here."""
    names = {agency.id: {agency.name} for agency in contacts.agencies(conn).values()}
    for step in agencies.successions(conn):
        if step.kind == "renamed":
            names[step.agency].add(step.former_name)
    return names


def _aliases(plans: Iterable[Plan]) -> dict[str, set[str]]:
    """Return the aliases of each agency in the plans."""
    aliases = defaultdict[str, set[str]](set)
    for plan in plans:
        for agency in plan.agencies:
            aliases[agency.id] |= {agency.name, *agency.aliases}
    return aliases
