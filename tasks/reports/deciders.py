"""The right to decide for an office in matters beyond a single duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import ConflictError
from ledger.people import users
from ledger.plans import editions
from tasks.in_force import in_force

if TYPE_CHECKING:
    from ledger.session import Connection
    from tasks.act import Act

BYSTANDERS = ("reviewer", "administrator")  # they may belong to the office, but decide nothing


def require_office(conn: Connection, plan: str, act: Act, deed: str) -> None:
    """Refuse `deed` unless the actor is an officer of the plan's office, or a substitute of one.

    ConflictError naming the rule; NotFoundError for an unknown user.
    """
    office = in_force(conn, plan).plan.office
    actors = users.acting_for(conn, act.user, act.on)
    if not any(actor.agency == office and actor.role not in BYSTANDERS for actor in actors):
        raise ConflictError("rule-who-office", deed=deed, key=plan, user=act.user)


def require_no_stake(conn: Connection, act: Act, agency: str, *, by: str) -> None:
    """Refuse a decision about `agency` and what `by` brought to whoever belongs there.

    The person counts, by whatever post, and whom they substitute for. ConflictError.
    """
    stakes = users.stakes(conn, users.acting_for(conn, act.user, act.on), act.on)
    own = {post.agency for post in stakes if post.role not in BYSTANDERS}
    if agency in own or by in {post.id for post in users.posts(conn, act.user)}:
        raise ConflictError("decider-has-stake", user=act.user, agency=agency)


def require_an_office(conn: Connection, act: Act, deed: str) -> None:
    """Refuse `deed`, which concerns no plan, unless the actor may decide for a plan in force.

    ConflictError naming the rule, also if no plan is in force and so nobody may decide.
    """
    plans = [edition.plan for edition in editions.all_in_force(conn)]
    if not plans:
        raise ConflictError("take-needs-plan")
    require_office(conn, plans[0], act, deed)
