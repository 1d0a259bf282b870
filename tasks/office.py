"""Who decides for the office of a plan in what is about no one duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import ConflictError
from ledger import people
from tasks.editions import in_force

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tasks.deed import Act

BYSTANDERS = ("reviewer", "administrator")  # who is of the office, and decides nothing


def require_office(conn: Connection, plan: str, act: Act, deed: str) -> None:
    """Refuse `deed` to whoever is not of the office of `plan`, nor stands in for somebody who is.

    ConflictError naming the rule; NotFoundError for an unknown user.
    """
    office = in_force(conn, plan).plan.office
    users = people.acting_for(conn, act.user, act.on)
    if not any(user.agency == office and user.role not in BYSTANDERS for user in users):
        raise ConflictError("rule-who-office", deed=deed, key=plan, user=act.user)
