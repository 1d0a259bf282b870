"""Names by which the agencies registered here are known: present, former, and aliases."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from catalog.plans.contents import Agency
from catalog.reading.grammar.folding import fold
from catalog.reading.who.register import Register
from ledger.people import agencies
from ledger.plans import editions
from ledger.post import contacts
from tasks.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.session import Connection


def names(conn: Connection) -> dict[str, set[str]]:
    """Return every name of each agency: registered, former, and those that plans give it."""
    known = defaultdict[str, set[str]](set)
    for agency in contacts.agencies(conn).values():
        known[agency.id] |= {agency.name, *agency.aliases}
    for step in agencies.successions(conn):
        if step.kind == "renamed":
            known[step.agency].add(step.former_name)
    for edition in editions.all_in_force(conn):
        for plan in in_force(conn, edition.plan).editions.values():
            for of_plan in plan.agencies:
                known[of_plan.id] |= {of_plan.name, *of_plan.aliases}
    return known


def owners(known: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return the agencies that have each name, by the name's form for comparing."""
    of_name = defaultdict[str, list[str]](list)
    for agency, own in known.items():
        for name in {fold(each) for each in own}:
            of_name[name].append(agency)
    return of_name


def registered(conn: Connection) -> Register:
    """Return the agencies registered here that exist today, as documents and lists name them.

    A name that two agencies have in different plans stands for neither. The groups are those of
    the plans in force.
    """
    known = names(conn)
    shared = {name for name, having in owners(known).items() if len(having) > 1}
    bodies = [
        Agency(
            id=row.id,
            name=row.name,
            kind=row.kind,
            host=row.host,
            aliases=tuple(sorted(n for n in known[row.id] - {row.name} if fold(n) not in shared)),
        )
        for row in contacts.agencies(conn).values()
        if agencies.ended_on(conn, row.id) is None
    ]
    plans = [in_force(conn, edition.plan).plan for edition in editions.all_in_force(conn)]
    groups = {group.id: group for plan in plans for group in plan.groups}
    offices = {body.id for body in bodies if body.kind == "office"}
    office = offices.pop() if len(offices) == 1 else None
    return Register(agencies=tuple(bodies), groups=tuple(groups.values()), office=office)
