"""Agencies and the contact addresses of their positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.plan import Agency

if TYPE_CHECKING:
    from datetime import date

    from ledger.settings import Settings

__all__ = ["Agency"]

AGENCIES = TABLES["agencies"]
CONTACTS = TABLES["contacts"]
_RECORDED = sa.select(CONTACTS).order_by(*CONTACTS.primary_key)
POSITIONS = TABLES["positions"]
MAIL = "mail"
OFFICER = "officer"
FILLS = {"officer": "officer", "reviewer": "reviewer"}  # the position that a role of users fills

Position = tuple[str, str]  # the id of an agency, and officer, head, leader or reviewer


class Person(NamedTuple):
    """The contact person of a position; either part may be empty."""

    name: str
    telephone: str


def agencies(conn: sa.Connection) -> dict[str, Agency]:
    """Return every agency by its id."""
    return _agencies(conn)


def offices(conn: sa.Connection, *, besides: str) -> dict[str, Agency]:
    """Return the coordinating office and the agency `besides`, by id."""
    return _agencies(conn, (AGENCIES.c.id == besides) | (AGENCIES.c.kind == "office"))


def contacts(conn: sa.Connection, *, agency: str | None = None) -> dict[Position, dict[str, str]]:
    """Return channel -> addresses, as recorded, for each position with a contact.

    Those of all agencies, or of one.
    """
    addresses: dict[Position, dict[str, str]] = {}
    for (owner, position, channel), address in recorded(conn, agency=agency).items():
        if address:
            addresses.setdefault((owner, position), {})[channel] = address
    return addresses


def ways(conn: sa.Connection, agency: str, position: str) -> dict[str, str]:
    """Return channel -> addresses, as recorded, of one position."""
    return contacts(conn, agency=agency).get((agency, position), {})


def recorded(conn: sa.Connection, *, agency: str | None = None) -> dict[tuple[str, str, str], str]:
    """Return (agency, position, channel) -> addresses, "" where they have ended."""
    query = _RECORDED if agency is None else _RECORDED.where(CONTACTS.c.agency == agency)
    return {(owner, position, by): address for owner, position, by, address in conn.execute(query)}


def several(addresses: str) -> tuple[str, ...]:
    """Return the addresses of one contact, each once: `a@x, b@y` has two."""
    return tuple(dict.fromkeys(each for part in addresses.split(",") if (each := part.strip())))


def mailboxes(conn: sa.Connection, on: date) -> dict[Position, dict[str, tuple[str, ...]]]:
    """Return channel -> addresses of each position on day `on`: its own, then its substitutes'.

    Who stands in for a user receives what is written to the position that the user fills, by mail
    (docs/rules.md, Contacts).
    """
    boxes = {
        position: {channel: several(addresses) for channel, addresses in by_channel.items()}
        for position, by_channel in contacts(conn).items()
    }
    for agency, role, _, mail in conn.execute(_substitutes(on)):
        if role in FILLS:
            by_channel = boxes.setdefault((agency, FILLS[role]), {})
            by_channel[MAIL] = tuple(dict.fromkeys([*by_channel.get(MAIL, ()), mail]))
    return boxes


def substituted(conn: sa.Connection, address: str, on: date) -> dict[Position, tuple[str, ...]]:
    """Return for whom letters go to the mail `address` on day `on`: the users' names by position.

    A position is left out where the address is its own.
    """
    users = conn.execute(_substitutes(on, address)).all()
    own = contacts(conn) if users else {}  # most letters are to nobody's substitute
    names: dict[Position, tuple[str, ...]] = {}
    for agency, role, name, _ in users:
        position = (agency, FILLS.get(role, ""))
        if address not in several(own.get(position, {}).get(MAIL, "")):
            names[position] = (*names.get(position, ()), name)
    return names


def _substitutes(on: date, address: str = "") -> sa.Select[tuple[str, str, str, str]]:
    """Select agency, role and name of each user with a substitute on day `on`, and its address.

    With `address`, only those whose substitute has that one.
    """
    users, takers, lent = TABLES["users"], TABLES["users"].alias(), TABLES["delegations"]
    reached = takers.c.mail == address if address else takers.c.mail.is_not(None)
    ended = [sa.and_(u.c.until.is_not(None), u.c.until < on) for u in (users, takers)]
    return (
        sa.select(users.c.agency, users.c.role, users.c.name, takers.c.mail)
        .join(lent, lent.c.user == users.c.id)
        .join(takers, lent.c.substitute == takers.c.id)
        .where(lent.c.since <= on, lent.c.until >= on, reached)
        .where(*(u.c.since <= on for u in (users, takers)), *map(sa.not_, ended))
        .order_by(lent.c.since, lent.c.id)
    )


def persons(conn: sa.Connection, *, agency: str | None = None) -> dict[Position, Person]:
    """Return the contact person of each position that has one or has a telephone number."""
    query = sa.select(POSITIONS).order_by(*POSITIONS.primary_key)
    if agency is not None:
        query = query.where(POSITIONS.c.agency == agency)
    return {
        (owner, position): Person(name, telephone)
        for owner, position, name, telephone in conn.execute(query)
        if name or telephone
    }


def person(conn: sa.Connection, agency: str, position: str) -> Person:
    """Return the contact person of one position, with empty parts where none is recorded."""
    return persons(conn, agency=agency).get((agency, position), Person("", ""))


def reply_to(conn: sa.Connection, settings: Settings, office: str) -> str:
    """Return the address that answers to letters go to, "" where there is none.

    It is DUBAN_REPLY_TO, otherwise the first mail address of the officer of the `office`.
    """
    if settings.reply_to:
        return settings.reply_to
    own = ways(conn, office, OFFICER).get(MAIL, "")
    return next(iter(several(own)), "")


def _agencies(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> dict[str, Agency]:
    return {a.id: a for a in rows(conn, sa.select(AGENCIES).where(*where), Agency)}
