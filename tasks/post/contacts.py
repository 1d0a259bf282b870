"""Contacts: the channels and addresses of each agency's positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from catalog.clean import LONGEST_LINE
from catalog.errors import InvalidError, NotFoundError
from ledger.post import contacts
from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ledger.session import Connection, Ledger

Position = Literal["officer", "head", "leader", "reviewer"]


class Contact(NamedTuple):
    """One address of one position of an agency: officer 經辦, head 分管領導, leader 責任領導.

    A reviewer 核查 receives the anchors of the history and nothing else.
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
    """Record the contacts, replacing the address a position had on that channel.

    Returns how many are new or changed. NotFoundError for an unregistered agency, InvalidError
    for an address that cannot stand in a mail header.
    """
    with ledger.transaction() as tx:
        agencies, addresses = contacts.agencies(tx.conn), contacts.contacts(tx.conn)
        changed = 0
        for contact in new_contacts:
            if contact.agency not in agencies:
                raise NotFoundError("agency-unknown", agency=contact.agency)
            if (
                len(contact.address) > LONGEST_LINE
                or not contact.address.isprintable()
                or contact.address.split() != [contact.address]
            ):
                raise InvalidError("address-invalid", place=f"{contact.agency}/{contact.position}")
            before = addresses.get((contact.agency, contact.position), {}).get(contact.channel)
            if before != contact.address:
                values = {"address": contact.address}
                change = Change("contacts", contact[:3], values, _op(before))
                subject = f"{contact.agency}/{contact.position}"
                tx.record("reached", subject, changes=[change], at=at, actor=actor)
                changed += 1
    return changed


def _op(before: str | None) -> Literal["insert", "update"]:
    return "insert" if before is None else "update"
