"""Contacts: the channels and addresses of each agency's positions."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple, cast, get_args

from catalog.clean import LONGEST_LINE, one_line, typed
from catalog.errors import NotFoundError
from ledger.post import bounces, contacts, outbox
from ledger.post.contacts import Person
from ledger.store.changes import Change
from tasks.post import requeue
from tasks.post.addresses import checked

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from ledger.session import Connection, Ledger

Position = Literal["officer", "head", "leader", "reviewer"]
POSITIONS: tuple[Position, ...] = get_args(Position)


class Contact(NamedTuple):
    """The addresses of one position of an agency by one channel: `a@x, b@y`.

    Positions are officer 經辦, head 分管領導 and leader 責任領導. A reviewer 核查 receives the
    anchors of the history and nothing else.
    """

    agency: str
    position: Position
    channel: str
    address: str

    @property
    def recipient(self) -> str:
        """The position as letters name it."""
        return f"{self.agency}/{self.position}"


def all_contacts(conn: Connection) -> list[Contact]:
    """Return the contacts of every position, by agency."""
    return [
        Contact(agency, cast("Position", position), channel, address)
        for (agency, position), ways in contacts.contacts(conn).items()
        for channel, address in ways.items()
    ]


def reach(ledger: Ledger, new_contacts: Sequence[Contact], *, at: dt.datetime, actor: str) -> int:
    """Record the contacts, replacing the addresses a position had on that channel.

    What could not be delivered or came back is queued again. Returns how many are new, changed, or
    were marked as not reached: whoever records such an address anew says that it works. Raises
    NotFoundError for an unregistered agency or an unknown channel, InvalidError for an address that
    its channel cannot take.
    """
    with ledger.transaction() as tx:
        known, before = contacts.agencies(tx.conn), contacts.recorded(tx.conn)
        waiting = {recipient for recipient, _ in outbox.places(tx.conn)}
        marked = bounces.unreachable(tx.conn)
        changed = 0
        for contact in new_contacts:
            if contact.agency not in known:
                raise NotFoundError("agency-unknown", agency=contact.agency)
            place = contact.recipient
            address = checked(ledger.settings, contact.channel, contact.address, place=place)
            key = contact[:3]
            back = [a for a in contacts.several(address) if (contact.channel, a) in marked]
            changes = bounces.endings(tx.conn, contact.channel, back, at=at) if back else []
            if before.get(key) != address:
                op = _op(before.get(key))
                changes.append(Change("contacts", key, {"address": address}, op))
            if changes:
                tx.record("reached", place, changes=changes, at=at, actor=actor)
                if place in waiting:
                    requeue.reached(tx, contact.agency, contact.position, at=at, actor=actor)
                before[key] = address
                changed += 1
    return changed


def end(ledger: Ledger, contact: Contact, *, at: dt.datetime, actor: str) -> list[tuple[str, str]]:
    """End the addresses of a position: all, those on one channel, or one of them.

    An empty `channel` means every channel, an empty `address` every address. Returns channel and
    address of those ended; NotFoundError where there is none.
    """
    ended: list[tuple[str, str]] = []
    with ledger.transaction() as tx:
        own = contacts.ways(tx.conn, contact.agency, contact.position)
        for channel, addresses in own.items():
            each = contacts.several(addresses)
            going = [a for a in each if contact.address in ("", a)]
            if going and contact.channel in ("", channel):
                left = ", ".join(a for a in each if a not in going)
                row = Change("contacts", (*contact[:2], channel), {"address": left})
                tx.record("contact-ended", contact.recipient, changes=[row], at=at, actor=actor)
                ended += [(channel, address) for address in going]
        if ended:
            requeue.reached(tx, contact.agency, contact.position, at=at, actor=actor)
    if not ended:
        raise no_contact(contact.recipient, contact.channel)
    return ended


def no_contact(recipient: str, channel: str) -> NotFoundError:
    """Return the refusal of a position without an address, on that channel or on any."""
    if channel:
        return NotFoundError("contact-unknown", recipient=recipient, channel=channel)
    return NotFoundError("contact-none", recipient=recipient)


def name_persons(
    ledger: Ledger,
    words: Mapping[tuple[str, Position], Mapping[str, str]],
    *,
    at: dt.datetime,
    actor: str,
) -> int:
    """Record the contact persons of positions; return how many are new or changed.

    `words` are the `name`, the `telephone` or both of each; what is left out stays. NotFoundError
    for an unregistered agency, InvalidError for too many characters.
    """
    with ledger.transaction() as tx:
        registered, before = contacts.agencies(tx.conn), contacts.persons(tx.conn)
        known = tx.present("positions", words)
        changed = 0
        for position, new in words.items():
            if position[0] not in registered:
                raise NotFoundError("agency-unknown", agency=position[0])
            old = before.get(position, Person("", ""))
            if (person := old._replace(**_cleaned(new))) != old:
                values = {"person": person.name, "telephone": person.telephone}
                row = Change("positions", position, values, _op(position in known or None))
                tx.record("contact-named", "/".join(position), changes=[row], at=at, actor=actor)
                changed += 1
    return changed


def _cleaned(words: Mapping[str, str]) -> dict[str, str]:
    """Return the words in one line; a telephone number in narrow characters, as it is dialled."""
    lines = {name: one_line(typed(word, name, LONGEST_LINE)) for name, word in words.items()}
    if "telephone" in lines:
        lines["telephone"] = unicodedata.normalize("NFKC", lines["telephone"])
    return lines


def _op(before: object | None) -> Literal["insert", "update"]:
    return "insert" if before is None else "update"
