"""Passwords of users: set, verified, and stored as argon2id digests."""

from __future__ import annotations

import functools
import unicodedata
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from catalog.errors import InvalidError
from ledger.people import signin, users

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ledger.session import Ledger

SHORTEST = 12  # characters
LONGEST = 256
AT_ONCE = 2  # each computation takes 64 MB of memory

_turn = BoundedSemaphore(AT_ONCE)


def set_password(
    ledger: Ledger, ids: Sequence[str], password: str, *, at: dt.datetime, actor: str
) -> None:
    """Set the password of the users `ids` and end their sessions.

    InvalidError when it is too short or too long, NotFoundError for an unknown user.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidError("password-unfit", place="password", shortest=SHORTEST, longest=LONGEST)
    digest = hash_password(password)
    with ledger.transaction() as tx:
        for user in ids:
            users.user(tx.conn, user)
            signin.put(tx, "credentials", user, {"password": digest, "changed_at": at})
            signin.end_sessions(tx, user, at)
            tx.record("password-changed", user, at=at, actor=actor)


def end_codes(ledger: Ledger, user: str, *, at: dt.datetime, actor: str) -> None:
    """Turn off one-time codes for `user`, who has lost the authenticator."""
    with ledger.transaction() as tx:
        if tx.present("credentials", [user]):
            signin.put(tx, "credentials", user, {"totp": None, "totp_step": None})
            tx.record("codes-ended", user, at=at, actor=actor)


def hash_password(password: str) -> str:
    """Return the argon2id digest of a password."""
    with _turn:
        return _argon2id().hash(_one_spelling(password))


def verify(password: str, digest: str | None) -> bool:
    """Tell whether the password matches; without a digest the refusal takes as long."""
    with _turn:
        matches = _argon2id().verify(_one_spelling(password[:LONGEST]), digest or _dummy_digest())
    return matches and digest is not None


def _one_spelling(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@functools.cache
def _argon2id() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@functools.cache
def _dummy_digest() -> str:
    return _argon2id().hash("nobody signs in with this")
