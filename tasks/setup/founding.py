"""The founding of an office: its name, its first administrator and its first officer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import one_line, typed
from catalog.errors import ConflictError, InvalidError, NotFoundError
from ledger.post import contacts
from ledger.store.changes import Change
from tasks.people import passwords, users
from tasks.people.users import Newcomer
from tasks.post.contacts import Contact, name_persons, reach
from tasks.setup.stage import SETUP, is_empty, is_open

if TYPE_CHECKING:
    import datetime as dt

    from ledger.post.contacts import Agency
    from ledger.session import Connection, Ledger
    from tasks.act import Act

OFFICE = "office"  # the id of the office's agency, unless it has one
LONGEST_NAME = 100  # characters


class Founder(NamedTuple):
    """A person of the founding."""

    login: str
    name: str


class OfficerContact(NamedTuple):
    """The mail address and telephone of the office's officer, each empty where not known yet."""

    mail: str = ""
    telephone: str = ""


def office(conn: Connection) -> Agency | None:
    """Return the coordinating office, None while it has no name."""
    return next((a for a in contacts.agencies(conn).values() if a.kind == "office"), None)


def name_office(ledger: Ledger, name: str, *, at: dt.datetime, actor: str) -> None:
    """Record the name of the office, the first or another one.

    InvalidError for no name, ConflictError once a plan is in force: then it is renamed.
    """
    line = one_line(typed(name, "name", LONGEST_NAME))
    if not line:
        raise InvalidError("setup-no-name", place="name")
    with ledger.transaction(alone=True) as tx:
        if not is_open(tx.conn):
            raise ConflictError("setup-over")
        before = office(tx.conn)
        if before and before.name == line:
            return
        if before:
            row = Change("agencies", before.id, {"name": line})
        else:
            values = {"name": line, "kind": "office", "host": None}
            row = Change("agencies", OFFICE, values, "insert")
        tx.record("office-named", str(row.key), changes=[row], at=at, actor=actor)


def found(
    ledger: Ledger,
    administrator: Founder,
    officer: Founder,
    act: Act,
    *,
    contact: OfficerContact,
    password: str,
    same: bool,
) -> str:
    """Add the first administrator and the first officer of the office, both or neither.

    With `same` they are two posts of one person, who signs in once; otherwise the officer gets a
    one-time password, which is returned. Raises what `users.add`, `reach` and
    `passwords.set_password` raise, ConflictError where somebody was faster.
    """
    with ledger.together() as whole:
        with whole.read() as conn:
            our_office, is_free = office(conn), is_empty(conn)
        if not is_free:
            raise ConflictError("setup-over")
        if our_office is None:
            raise NotFoundError("agency-unknown", agency=OFFICE)
        at, person = act.at, administrator.login if same else ""
        newcomers = [
            Newcomer(administrator.login, administrator.name, our_office.id, "administrator"),
            Newcomer(
                officer.login, officer.name, our_office.id, "officer", contact.mail, of=person
            ),
        ]
        users.add(whole, newcomers, since=act.on, at=at, actor=SETUP)
        _reach(whole, our_office.id, officer.name, contact, at)
        passwords.set_password(whole, [administrator.login], password, at=at, actor=SETUP)
        if same:
            return ""
        return passwords.give_once(whole, officer.login, at=at, on=act.on, actor=SETUP)


def _reach(
    ledger: Ledger, agency: str, name: str, contact: OfficerContact, at: dt.datetime
) -> None:
    """Record how the office's officer is reached: every letter names them."""
    if contact.mail.strip():
        way = Contact(agency, "officer", contacts.MAIL, contact.mail)
        reach(ledger, [way], at=at, actor=SETUP)
    words = {"name": name, "telephone": contact.telephone}
    name_persons(ledger, {(agency, "officer"): words}, at=at, actor=SETUP)
