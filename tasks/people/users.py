"""Users added to an agency, and disabled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import LONGEST_LINE, clean, typed
from catalog.dates.days import A_DAY
from catalog.errors import ConflictError, InvalidError, NotFoundError
from catalog.offices.mail_addresses import mail_address
from ledger.people import users
from ledger.post import contacts
from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from catalog.role_names import UserRole
    from ledger.session import Connection, Ledger

LONGEST = 64  # characters of a login


class Newcomer(NamedTuple):
    """A person who gets a login: an officer of an agency, a reviewer or an administrator.

    `mail` is their own address, for the days on which they stand in for another. `of` is a login
    of the same person, where this is a further post of theirs: they sign in as before.
    """

    id: str
    name: str
    agency: str
    role: UserRole = "officer"
    mail: str = ""
    of: str = ""


def add(
    ledger: Ledger, newcomers: Sequence[Newcomer], *, since: dt.date, at: dt.datetime, actor: str
) -> None:
    """Add the newcomers as users, valid from `since`.

    NotFoundError for an unregistered agency, InvalidError for a login with blanks, ConflictError
    for a login in use: it is never given twice, because the history names it. InvalidError also
    for a mail address that is none. Of a further post: NotFoundError for an unknown person,
    ConflictError for a post they have, and where one person would review what they did.
    """
    with ledger.transaction() as tx:
        agencies = contacts.agencies(tx.conn)
        existing = {str(login) for login in tx.present("users", [user.id for user in newcomers])}
        for user in newcomers:
            check(user, set(agencies), existing)
            existing.add(user.id)
            values = user._asdict() | {
                "name": typed(user.name, "name", LONGEST_LINE),
                "since": since,
                "mail": mail_address(user.mail, user.id) if user.mail else None,
            }
            del values["id"], values["of"]
            if user.of:
                values["of"] = _person(tx.conn, user, since)
            row = Change("users", user.id, values, "insert")
            tx.record("admitted", user.id, changes=[row], at=at, actor=actor)


def set_mail(ledger: Ledger, who: str, address: str, *, at: dt.datetime, actor: str) -> bool:
    """Record the user's own mail address, or with "" that they have none; return whether it is new.

    Raises NotFoundError for an unknown login, InvalidError for an address that is none.
    """
    mail = mail_address(address, who) if address.strip() else None
    with ledger.transaction() as tx:
        if users.user(tx.conn, who).mail == mail:
            return False
        row = Change("users", who, {"mail": mail})
        tx.record("mail-recorded", who, changes=[row], at=at, actor=actor)
    return True


def disable(ledger: Ledger, who: str, *, on: dt.date, at: dt.datetime, actor: str) -> None:
    """Disable the user from day `on`; their deeds stay as they are.

    ConflictError for the last administrator: nobody could add another.
    """
    with ledger.transaction() as tx:
        tx.hold("administrators")
        user = users.user(tx.conn, who)
        last = on - A_DAY
        if user.until is not None and user.until <= last:
            raise ConflictError("user-ended", user=who, on=on)
        users.keep_an_administrator(tx.conn, [who], on)
        row = Change("users", who, {"until": last})
        tx.record("disabled", who, changes=[row], at=at, actor=actor)


def _person(conn: Connection, user: Newcomer, on: dt.date) -> str:
    """Return the first login of the person whose further post this is."""
    posts = users.posts(conn, users.user(conn, user.of).id)
    live = [post for post in posts if post.until is None or post.until >= on]
    if any((post.agency, post.role) == (user.agency, user.role) for post in live):
        raise ConflictError("post-there", user=user.of, agency=user.agency)
    if any("reviewer" in {post.role, user.role} for post in posts):
        raise ConflictError("post-of-reviewer", user=user.of)
    return users.person_of(conn, user.of)


def check(user: Newcomer, agencies: set[str], existing: set[str]) -> None:
    """Raise what `add` raises for this person, given the ids of all agencies and logins in use."""
    printable = user.id.isprintable() and user.id.split() == [user.id]
    if not printable or len(user.id) > LONGEST or not clean(user.name):
        raise InvalidError("user-unfit", place=user.id)
    if user.agency not in agencies:
        raise NotFoundError("agency-unknown", agency=user.agency)
    if user.id in existing:
        raise ConflictError("user-exists", user=user.id)
    if user.mail:
        mail_address(user.mail, user.id)
