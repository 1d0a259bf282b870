"""The office that a letter comes from, with its contact person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.letters.line import Office
from ledger.post import contacts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.session import Connection
    from tasks.in_force import InForce

OFFICER = "officer"


def office(conn: Connection, edition: InForce, names: Mapping[str, str]) -> Office:
    """Return the office of a plan, with its officer where their name or telephone is recorded."""
    own = edition.plan.office
    person = contacts.persons(conn).get((own, OFFICER))
    return Office(names[own], *(person or ()))
