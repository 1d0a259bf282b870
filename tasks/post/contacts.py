"""Say by which channel and address a position of an agency is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from catalog.errors import InvalidError, NotFoundError
from ledger.post import contacts
from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ledger.session import Connection, Ledger

Position = Literal["officer", "head", "leader", "reviewer"]


class Contact(NamedTuple):
    """One way to one position of an agency: officer 經辦, head 分管領導, leader 責任領導.

    A reviewer 核查 is told the anchors of the history and nothing else.
    """

    agency: str
    position: Position
    channel: str
    address: str


def held(conn: Connection) -> list[Contact]:
    """Return every way to every position, by agency."""
    return [
        Contact(agency, cast("Position", position), channel, address)
        for (agency, position), ways in contacts.contacts(conn).items()
        for channel, address in ways.items()
    ]


def reach(ledger: Ledger, found: Sequence[Contact], *, at: dt.datetime, actor: str) -> int:
    """Record every contact, replacing the address a position had by that channel.

    Returns how many are new or changed. NotFoundError for an agency no plan has registered,
    InvalidError for an address that could not stand in a letter's head.
    """
    with ledger.transaction() as tx:
        agencies, held = contacts.agencies(tx.conn), contacts.contacts(tx.conn)
        changed = 0
        for contact in found:
            if contact.agency not in agencies:
                raise NotFoundError("agency-unknown", agency=contact.agency)
            if not contact.address.isprintable() or contact.address.split() != [contact.address]:
                raise InvalidError("address-invalid", place=f"{contact.agency}/{contact.position}")
            before = held.get((contact.agency, contact.position), {}).get(contact.channel)
            if before != contact.address:
                values = {"address": contact.address}
                change = Change("contacts", contact[:3], values, _op(before))
                subject = f"{contact.agency}/{contact.position}"
                tx.record("reached", subject, changes=[change], at=at, actor=actor)
                changed += 1
    return changed


def _op(before: str | None) -> Literal["insert", "update"]:
    return "insert" if before is None else "update"
