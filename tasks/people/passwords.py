"""How a user gets a password: kept as argon2id, and every browser signs in anew."""

from __future__ import annotations

import functools
import unicodedata
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from catalog.errors import InvalidError
from ledger.people import signin
from ledger.people import users as people

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ledger.session import Ledger

SHORTEST = 12  # characters
LONGEST = 256
AT_ONCE = 2  # each reckoning takes 64 MB of memory

_turn = BoundedSemaphore(AT_ONCE)


def set_password(
    ledger: Ledger, users: Sequence[str], password: str, *, at: dt.datetime, actor: str
) -> None:
    """Give `users` the password; whoever was signed in as one of them is so no more.

    InvalidError when it is too short or too long, NotFoundError for an unknown user.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidError("password-unfit", place="password", shortest=SHORTEST, longest=LONGEST)
    kept = hashed(password)
    with ledger.transaction() as tx:
        for user in users:
            people.user(tx.conn, user)
            signin.put(tx, "credentials", user, {"password": kept, "changed_at": at})
            signin.end_sessions(tx, user, at)
            tx.record("password-changed", user, at=at, actor=actor)


def end_codes(ledger: Ledger, user: str, *, at: dt.datetime, actor: str) -> None:
    """Ask `user` for no one-time code any more: its authenticator is lost."""
    with ledger.transaction() as tx:
        if tx.present("credentials", [user]):
            signin.put(tx, "credentials", user, {"totp": None, "totp_step": None})
            tx.record("codes-ended", user, at=at, actor=actor)


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _turn:
        return _argon2id().hash(_one_spelling(password))


def verify(password: str, kept: str | None) -> bool:
    """Tell whether this is the password; for `kept` None it takes as long to say no."""
    with _turn:
        found = _argon2id().verify(_one_spelling(password[:LONGEST]), kept or _nobodys())
    return found and kept is not None


def _one_spelling(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@functools.cache
def _argon2id() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@functools.cache
def _nobodys() -> str:
    return _argon2id().hash("nobody signs in with this")
