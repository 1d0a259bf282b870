"""Passwords of users: set, given once, verified, and stored as argon2id digests."""

from __future__ import annotations

import datetime as dt
import functools
import secrets
import unicodedata
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from catalog.errors import ConflictError, InvalidError
from ledger.people import signin, users

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.people.signin import Credential
    from ledger.session import Ledger, Transaction

SHORTEST = 12  # characters
LONGEST = 256
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
LASTS = dt.timedelta(days=7)  # a one-time password
COST: dict[str, Any] = {}  # argon2's parameters where they are not its own; tests choose cheap ones
# Of a password drawn here: 79 random bits need no cost to be safe, and a list of people has many.
COST_OF_DRAWN: dict[str, Any] = {"time_cost": 1, "memory_cost": 1024, "parallelism": 1}
PLACES = 7  # in a line; whoever comes when all are taken is turned away at once


class BusyError(ConflictError):
    """Too many passwords are being checked at this moment."""


class Line:
    """A line of people whose passwords are checked one at a time: each takes 64 MB and a processor.

    It holds few of the threads that serve pages, however many people press a button.
    """

    def __init__(self) -> None:
        self._places = BoundedSemaphore(PLACES)
        self.turn = Lock()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place in the line; BusyError when there is none."""
        if not self._places.acquire(blocking=False):
            raise BusyError("sign-in-busy")
        try:
            yield
        finally:
            self._places.release()


KNOWN, STRANGERS = Line(), Line()  # people in browsers they have signed in with, and others


def set_password(
    ledger: Ledger, ids: Sequence[str], password: str, *, at: dt.datetime, actor: str
) -> None:
    """Set the password of the users `ids`, which lasts, and end what the former one proved.

    InvalidError when it is too short or too long, NotFoundError for an unknown user.
    """
    digest = _fit(password)
    with ledger.transaction() as tx:
        for user in ids:
            _put(tx, user, digest, one_time=False, at=at)
            tx.record("password-changed", user, at=at, actor=actor)


def give_once(
    ledger: Ledger, user: str, *, at: dt.datetime, on: dt.date, actor: str, password: str = ""
) -> str:
    """Give `user` a password that they must change when they sign in, and return it.

    It is that of the person, for all their posts. It lapses after LASTS, and ends what the former
    one proved. NotFoundError for an unknown user,
    ConflictError for one that has ended, and for `actor` themself: they change theirs.
    """
    text = password or drawn()
    digest = _fit(text) if password else _drawn_argon2id().hash(text)
    with ledger.transaction() as tx:
        users.acting_for(tx.conn, user, on)
        if users.person_of(tx.conn, user) == users.person_of(tx.conn, actor):
            raise ConflictError("password-own", user=user)
        _put(tx, user, digest, one_time=True, at=at)
        tx.record("password-given", user, at=at, actor=actor)
    return text


def replace_once(ledger: Ledger, user: str, password: str, *, at: dt.datetime) -> None:
    """Set a lasting password in place of the one-time one, which it must not be.

    Raises what `set_password` raises, ConflictError where there is none any more.
    """
    with ledger.read() as conn:
        row = signin.credential(conn, user)
    if row is None or not row.one_time:
        raise ConflictError("password-replaced")
    if verify(password, row.password):
        raise ConflictError("password-same")
    set_password(ledger, [user], password, at=at, actor=user)


def has_lapsed(row: Credential, at: dt.datetime) -> bool:
    """Tell whether a one-time password was given too long ago."""
    return row.one_time and at - row.changed_at > LASTS


def _put(tx: Transaction, user: str, digest: str, *, one_time: bool, at: dt.datetime) -> None:
    users.user(tx.conn, user)
    values = {"password": digest, "one_time": one_time, "changed_at": at}
    signin.put_credential(tx, user, values)
    signin.end_proofs(tx, user, at)


def _fit(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidError("password-unfit", place="password", shortest=SHORTEST, longest=LONGEST)
    return hash_password(password)


def drawn() -> str:
    """Return a random password of 79 bits that can be read out."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def hash_password(password: str) -> str:
    """Return the argon2id digest of a password."""
    with KNOWN.turn:
        return _argon2id().hash(_one_spelling(password))


def verify(password: str, digest: str | None, line: Line = KNOWN) -> bool:
    """Tell whether the password matches; without a digest the refusal takes as long.

    So does the check of a drawn password, whose digest costs little.
    """
    text = _one_spelling(password[:LONGEST])
    with line.turn:
        matches = _argon2id().verify(text, digest or _dummy_digest())
        if digest is not None and _is_drawn(digest):
            _argon2id().verify(text, _dummy_digest())
    return matches and digest is not None


def _is_drawn(digest: str) -> bool:
    cost = COST_OF_DRAWN
    return f"$m={cost['memory_cost']},t={cost['time_cost']},p={cost['parallelism']}$" in digest


def _one_spelling(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@functools.cache
def _argon2id() -> PasswordHash:
    return PasswordHash((Argon2Hasher(**COST),))


@functools.cache
def _drawn_argon2id() -> PasswordHash:
    return PasswordHash((Argon2Hasher(**COST_OF_DRAWN),))


@functools.cache
def _dummy_digest() -> str:
    return _argon2id().hash("nobody signs in with this")
