"""A plan and this ledger: its agencies under their ids here, and the same office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import ConflictError
from catalog.offices.agency_ids import with_ids
from catalog.plans.model import under
from catalog.reading.grammar.folding import fold
from ledger.holiday_notices import calendar
from ledger.plans import editions
from ledger.post import contacts
from tasks.agencies.names import names, owners
from tasks.in_force import in_force

if TYPE_CHECKING:
    from catalog.plans.contents import Agency
    from catalog.plans.model import Plan
    from ledger.session import Connection


def adopted(conn: Connection, plan: Plan) -> Plan:
    """Return the plan with the ids and the working days that its agencies and days have here.

    An agency is known by a name or an alias; one that is registered under the plan's own id keeps
    it (docs/rules.md, Amendments and reorganisations).
    """
    register = contacts.agencies(conn)
    own, known = {agency.id for agency in plan.agencies}, owners(names(conn))
    ids: dict[str, str] = {}
    for agency in plan.agencies:
        if agency.id not in register:
            having = {
                a for name in (agency.name, *agency.aliases) for a in known.get(fold(name), ())
            }
            if len(having) == 1 and not having & {*own, *ids.values()}:
                ids[agency.id] = having.pop()
    return under(with_ids(plan, ids), calendar(conn, plan.workdays))


def check_belongs(conn: Connection, plan: Plan) -> None:
    """Refuse a new plan of another office, and a plan that gives an agency another agency's id.

    Otherwise an agency's mail would go to another one. An amendment may name another office: that
    replaces the office (docs/rules.md, Amendments and reorganisations). Raises ConflictError.
    """
    plans_in_force = [in_force(conn, edition.plan) for edition in editions.all_in_force(conn)]
    register, known = contacts.agencies(conn), names(conn)
    others = [a for a in plan.agencies if a.id in register and not _is(a, known[a.id])]
    offices = {one.plan.office for one in plans_in_force}
    is_new = all(one.plan.plan != plan.plan for one in plans_in_force)
    office = plan.agency(plan.office)
    if is_new and plans_in_force and (office.id not in offices or office in others):
        own = ", ".join(register[one].name for one in sorted(offices))
        raise ConflictError("office-other", plan=plan.plan, office=office.name, ours=own)
    for agency in others:
        values = {"agency": agency.id, "name": agency.name, "registered": register[agency.id].name}
        raise ConflictError("agency-other", plan=plan.plan, **values)


def _is(agency: Agency, known: set[str]) -> bool:
    """Tell whether the plan's agency ever had one of the `known` names, in either script."""
    return not set(map(fold, known)).isdisjoint(map(fold, _called(agency)))


def _called(agency: Agency) -> tuple[str, ...]:
    return (agency.name, *agency.aliases)
