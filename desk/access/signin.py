"""Signing in: limits on failed tries, sessions that end, and the token of a form."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError, DubanError, NotFoundError
from desk.access import onetime, visibility
from ledger.people import signin, users
from tasks.people import passwords

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk.access.visibility import Actor
    from ledger.people.signin import Session
    from ledger.session import Connection, Ledger, Transaction

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)
TOUCH = dt.timedelta(minutes=1)  # the shortest time between two writes of `seen_at`
RETENTION = dt.timedelta(days=1)  # older tries and sessions are removed
FREE = {"name": 5, "code": 5, "address": 100, "trip": 50}  # failures before anybody has to wait
FIRST_WAIT = dt.timedelta(seconds=15)  # doubled with every further failure
LONGEST_WAIT = dt.timedelta(minutes=15)


class RefusedError(DubanError):
    """Nobody was signed in; the text never says whether it was the name or the password."""


class SignIn(NamedTuple):
    """A session that has begun: its cookie, and whether it needs no one-time code any more."""

    cookie: str
    proved: bool


class Caller(NamedTuple):
    """The caller of a sign-in: their address, the real instant, and that of the ledger.

    `before` is the cookie of the session that ends when the new one begins.
    """

    address: str
    at: dt.datetime
    ledger_at: dt.datetime
    before: str = ""


def enter(ledger: Ledger, user: str, password: str, caller: Caller) -> SignIn:
    """Sign `user` in; RefusedError for a wrong pair, and while they must wait."""
    with _count_try(ledger, f"name:{hashed(user)}", caller):
        with ledger.read() as conn:
            row = signin.credential(conn, user)
        if not passwords.verify(password, row.password if row else None):
            raise RefusedError("sign-in-refused")
    proved = row is None or row.totp is None
    return SignIn(_begin(ledger, user, caller, proved=proved), proved)


def prove(ledger: Ledger, session: Session, code: str, caller: Caller) -> SignIn:
    """Check the one-time code of a session with a correct password, and begin a new session."""
    with _count_try(ledger, f"code:{hashed(session.user)}", caller), ledger.transaction() as tx:
        tx.hold("code", session.user)  # each code is good once, however many try it at once
        row = signin.credential(tx.conn, session.user)
        secret, last = (row.totp, row.totp_step) if row else (None, None)
        step = onetime.step_of(secret, code, caller.at, after=last) if secret else None
        if step is None:
            raise RefusedError("code-refused")
        signin.put(tx, "credentials", session.user, {"totp_step": step})
    return SignIn(_begin(ledger, session.user, caller, proved=True), proved=True)


def confirm(ledger: Ledger, user: str, password: str, caller: Caller) -> None:
    """Check the password of the person signed in once more; RefusedError as in `enter`."""
    with _count_try(ledger, f"name:{hashed(user)}", caller):
        with ledger.read() as conn:
            row = signin.credential(conn, user)
        if not passwords.verify(password, row.password if row else None):
            raise RefusedError("password-refused")


def set_out(ledger: Ledger, caller: Caller) -> None:
    """Count a trip to the provider; RefusedError while there are too many from this address.

    A sign-in by the provider resets the count of its address.
    """
    with ledger.transaction() as tx:
        _count(tx, caller, _trip(caller))


def enter_by_provider(ledger: Ledger, user: str, caller: Caller, on: dt.date, by: str) -> SignIn:
    """Sign in the user the provider `by` vouches for; RefusedError without a login on day `on`.

    Nobody is created: the provider says who a person is, the ledger says what they may do.
    """
    try:
        with ledger.read() as conn:
            users.acting_for(conn, user, on)
    except (ConflictError, NotFoundError):
        raise RefusedError("oidc-no-login") from None
    with ledger.transaction() as tx:
        _put(tx, _trip(caller), 0, caller.at)
    return SignIn(_begin(ledger, user, caller, proved=True, by=by), proved=True)


def _begin(ledger: Ledger, user: str, caller: Caller, *, proved: bool, **note: str) -> str:
    with ledger.transaction() as tx:
        signin.forget(tx, caller.at - RETENTION)
        _end(tx, caller.before, caller.at)
        if proved:
            tx.record("signed-in", user, note=note, at=caller.ledger_at, actor=user)
        return begin(tx, user, at=caller.at, proved=proved)


def begin(tx: Transaction, user: str, *, at: dt.datetime, proved: bool) -> str:
    """Begin a session of `user` and return its cookie; only its hash is stored."""
    cookie = secrets.token_urlsafe(32)
    was = _position(users.user(tx.conn, user))
    values = {"user": user, "was": was, "proved": proved, "made_at": at, "seen_at": at}
    signin.put(tx, "sessions", hashed(cookie), values)
    return cookie


def session(conn: Connection, cookie: str, at: dt.datetime) -> Session | None:
    """Return the session of a cookie, None when it has ended, idled away or grown too old."""
    row = signin.session(conn, hashed(cookie))
    if row is None or row.ended_at is not None:
        return None
    if at - row.seen_at > IDLE or at - row.made_at > LONGEST:
        return None
    return row


def actor(conn: Connection, session: Session, on: dt.date) -> Actor | None:
    """Return the actor of a proved session on day `on`.

    None when the user has ended, or has another role or agency than when they signed in.
    """
    try:
        actor = visibility.actor(conn, session.user, on)
    except (ConflictError, NotFoundError):
        return None
    return actor if session.proved and _position(actor.users[0]) == session.was else None


def touch(ledger: Ledger, session: Session, at: dt.datetime) -> None:
    """Note that the session is in use, so that it does not end as idle."""
    if at - session.seen_at >= TOUCH:
        with ledger.transaction() as tx:
            signin.put(tx, "sessions", session.id, {"seen_at": at})


def leave(ledger: Ledger, user: str, caller: Caller) -> None:
    """End the session `before` of `user`."""
    with ledger.transaction() as tx:
        _end(tx, caller.before, caller.at)
        tx.record("signed-out", user, at=caller.ledger_at, actor=user)


def _end(tx: Transaction, cookie: str, at: dt.datetime) -> None:
    if cookie and tx.present("sessions", [hashed(cookie)]):
        signin.put(tx, "sessions", hashed(cookie), {"ended_at": at})


def hashed(secret: str) -> str:
    """Return the hash of a cookie or a token to store; both are random, so a plain hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_token(cookie: str) -> str:
    """Return the token every form of a session carries: nobody makes it without the cookie."""
    return hmac.new(cookie.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(cookie: str, token: str) -> bool:
    """Tell whether `token` belongs to the forms of this cookie."""
    return hmac.compare_digest(form_token(cookie).encode(), token.encode())


def _position(user: users.User) -> str:
    return f"{user.role}/{user.agency}"


@contextmanager
def _count_try(ledger: Ledger, name: str, caller: Caller) -> Iterator[None]:
    """Count a try under `name`, and under the address if it fails; RefusedError to wait.

    The try is counted before the password is checked, so that many at once count as many.
    A success resets the failures of the name, never those of the address.
    """
    address = f"address:{hashed(caller.address)}"
    with ledger.transaction() as tx:
        failed = _count(tx, caller, name, address)
    try:
        yield
    except RefusedError:
        with ledger.transaction() as tx:
            tx.hold("try", address)
            _put(tx, address, failed.get(address, 0) + 1, caller.at)
        raise
    with ledger.transaction() as tx:
        _put(tx, name, 0, caller.at)


def _count(tx: Transaction, caller: Caller, name: str, *beside: str) -> dict[str, int]:
    """Count a try under `name`; return the failures before under it and the names `beside`."""
    tx.hold("try", name)
    failed = {t.id: t.failed for t in _recent(tx.conn, (name, *beside), caller.at)}
    _put(tx, name, failed.get(name, 0) + 1, caller.at)
    return failed


def _trip(caller: Caller) -> str:
    return f"trip:{hashed(caller.address)}"


def _put(tx: Transaction, name: str, failed: int, at: dt.datetime) -> None:
    signin.put(tx, "tries", name, {"failed": failed, "last_at": at})


def _recent(conn: Connection, names: tuple[str, ...], at: dt.datetime) -> list[signin.Try]:
    tries = [t for t in signin.tries(conn, names) if at - t.last_at < RETENTION]
    for each in tries:
        if at < each.last_at + _wait(each):
            raise RefusedError("sign-in-waits", minutes=_minutes(each, at))
    return tries


def _wait(failed: signin.Try) -> dt.timedelta:
    over = failed.failed - FREE[failed.id.partition(":")[0]]
    return min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else dt.timedelta()


def _minutes(failed: signin.Try, at: dt.datetime) -> int:
    return max(1, -(-(failed.last_at + _wait(failed) - at).seconds // 60))
