"""Contacts: the channels and addresses of each agency's positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from catalog.errors import NotFoundError
from ledger.post import contacts
from ledger.store.changes import Change
from tasks.post.addresses import checked

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ledger.session import Connection, Ledger

Position = Literal["officer", "head", "leader", "reviewer"]


class Contact(NamedTuple):
    """The addresses of one position of an agency by one channel: `a@x, b@y`.

    Positions are officer 經辦, head 分管領導 and leader 責任領導. A reviewer 核查 receives the
    anchors of the history and nothing else.
    """

    agency: str
    position: Position
    channel: str
    address: str


def all_contacts(conn: Connection) -> list[Contact]:
    """Return the contacts of every position, by agency."""
    return [
        Contact(agency, cast("Position", position), channel, address)
        for (agency, position), ways in contacts.contacts(conn).items()
        for channel, address in ways.items()
    ]


def reach(ledger: Ledger, new_contacts: Sequence[Contact], *, at: dt.datetime, actor: str) -> int:
    """Record the contacts, replacing the addresses a position had on that channel.

    Returns how many are new or changed. NotFoundError for an unregistered agency or an unknown
    channel, InvalidError for an address that its channel cannot take.
    """
    with ledger.transaction() as tx:
        known, before = contacts.agencies(tx.conn), contacts.recorded(tx.conn)
        changed = 0
        for contact in new_contacts:
            if contact.agency not in known:
                raise NotFoundError("agency-unknown", agency=contact.agency)
            place = f"{contact.agency}/{contact.position}"
            address = checked(ledger.settings, contact.channel, contact.address, place=place)
            key = contact[:3]
            if before.get(key) != address:
                change = Change("contacts", key, {"address": address}, _op(before.get(key)))
                tx.record("reached", place, changes=[change], at=at, actor=actor)
                before[key] = address
                changed += 1
    return changed


def _op(before: object | None) -> Literal["insert", "update"]:
    return "insert" if before is None else "update"
