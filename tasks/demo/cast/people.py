"""The people of the demonstration: their addresses, their logins, and the bodies of open groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.people import agencies
from ledger.people import users as ledger_users
from tasks.act import Act
from tasks.agencies.open_groups import name_bodies
from tasks.demo.cast.story import BODIES
from tasks.people import users
from tasks.post.contacts import Contact, name_persons, reach

if TYPE_CHECKING:
    import datetime as dt

    from catalog.plans.model import Plan
    from ledger.session import Ledger
    from tasks.post.contacts import Position

POSITIONS: tuple[Position, ...] = ("officer", "head", "leader")
PERSON = {"name": "演示聯絡員", "telephone": "000-0000"}


def introduce(ledger: Ledger, plan: Plan, *, at: dt.datetime) -> None:
    """Give every position of the plan's agencies an address that leads nowhere (.invalid).

    The officers have an invented contact person. An officer of each agency gets a login, and so do
    a reviewer and an administrator of the office. The office names the bodies of the open groups
    before anybody is told of anything.
    """
    members = [agency.id for agency in plan.agencies if agency.kind != "open-group"]
    addresses = [
        Contact(agency, position, "mail", f"{position}.{agency}@demo.invalid")
        for agency in members
        for position in POSITIONS
    ]
    watch = f"reviewer.{plan.office}@demo.invalid"
    addresses.append(Contact(plan.office, "reviewer", "mail", watch))
    reach(ledger, addresses, at=at, actor="demo")
    persons = {(agency, POSITIONS[0]): PERSON for agency in members}
    name_persons(ledger, persons, at=at, actor="demo")
    with ledger.read() as conn:
        existing = {user.id for user in ledger_users.listed(conn)}
        groups = {naming.agency for naming in agencies.namings(conn, plan=plan.plan)}
    cast = [users.Newcomer(f"{agency}/officer", "(演示)經辦", agency) for agency in members]
    office = plan.office
    cast.append(users.Newcomer(f"{office}/reviewer", "(演示)核查", office, "reviewer"))
    cast.append(users.Newcomer(f"{office}/administrator", "(演示)管理", office, "administrator"))
    new = [person for person in cast if person.id not in existing]
    users.add(ledger, new, since=plan.issued_on, at=at, actor="demo")
    by = Act(f"{office}/officer", plan.issued_on, at)
    for group, bodies in BODIES.get(plan.plan, {}).items():
        if group not in groups:
            name_bodies(ledger, plan.plan, group, by, **bodies._asdict())
