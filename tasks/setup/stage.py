"""The stage of an office: empty, being set up, or at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.people import users
from ledger.plans import editions
from ledger.proof import journal

if TYPE_CHECKING:
    from ledger.session import Connection

DEED = "set-up"  # each choice of a step
SETUP = "setup"  # the actor of entries made before there is an administrator


def is_empty(conn: Connection) -> bool:
    """Tell whether nobody has ever used this ledger: it has no user and no plan."""
    return not editions.all_in_force(conn) and not users.listed(conn)


def is_open(conn: Connection) -> bool:
    """Tell whether the office is still to be set up: no plan is in force."""
    return not editions.all_in_force(conn)


def is_under_way(conn: Connection) -> bool:
    """Tell whether choices are made that wait for the go; a plan published now would lose them."""
    return is_open(conn) and journal.last(conn, DEED) is not None
