"""Signing in: passwords tried within bounds, sessions that end, and the token of a form."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError, DubanError, NotFoundError
from desk.access import onetime, policy
from ledger.people import signin, users
from tasks.people import passwords

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk.access.policy import Actor
    from ledger.people.signin import Session
    from ledger.session import Connection, Ledger, Transaction

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)
SEEN = dt.timedelta(minutes=1)  # a session is written that it was seen at most this often
FORGOTTEN = dt.timedelta(days=1)  # tries and sessions older than that are removed
FREE = {"name": 5, "code": 5, "address": 100, "trip": 50}  # failures that cost no waiting
FIRST_WAIT = dt.timedelta(seconds=15)  # doubled with every further failure
LONGEST_WAIT = dt.timedelta(minutes=15)


class RefusedError(DubanError):
    """Nobody was signed in; the text never says whether it was the name or the password."""


class Entered(NamedTuple):
    """What signing in gave: the cookie, and whether a one-time code is still to be typed."""

    cookie: str
    proved: bool


class Caller(NamedTuple):
    """A try to sign in: from where, when, at which instant of the ledger, and in place of what.

    `before` is the cookie of the session that ends when this one begins.
    """

    address: str
    at: dt.datetime
    told_at: dt.datetime
    before: str = ""


def enter(ledger: Ledger, user: str, password: str, caller: Caller) -> Entered:
    """Sign `user` in; RefusedError for a wrong pair, and while too many tries make it wait."""
    with _counted(ledger, f"name:{hashed(user)}", caller):
        with ledger.read() as conn:
            found = signin.credential(conn, user)
        if not passwords.verify(password, found.password if found else None):
            raise RefusedError("sign-in-refused")
    proved = found is None or found.totp is None
    return Entered(_begin(ledger, user, caller, proved=proved), proved)


def prove(ledger: Ledger, session: Session, typed: str, caller: Caller) -> Entered:
    """Take the one-time code of a session that has given its password; a new session begins."""
    with _counted(ledger, f"code:{hashed(session.user)}", caller), ledger.transaction() as tx:
        tx.hold("code", session.user)  # each code is good once, tried by however many
        found = signin.credential(tx.conn, session.user)
        secret, used = (found.totp, found.totp_step) if found else (None, None)
        step = onetime.step_of(secret, typed, caller.at, after=used) if secret else None
        if step is None:
            raise RefusedError("code-refused")
        signin.put(tx, "credentials", session.user, {"totp_step": step})
    return Entered(_begin(ledger, session.user, caller, proved=True), proved=True)


def confirm(ledger: Ledger, user: str, password: str, caller: Caller) -> None:
    """Have who is signed in say its password again; RefusedError as in `enter`."""
    with _counted(ledger, f"name:{hashed(user)}", caller):
        with ledger.read() as conn:
            found = signin.credential(conn, user)
        if not passwords.verify(password, found.password if found else None):
            raise RefusedError("password-refused")


def set_out(ledger: Ledger, caller: Caller) -> None:
    """Count that somebody sets out for the provider; RefusedError while too many make it wait.

    Whoever comes back vouched for takes the count of its address away.
    """
    with ledger.transaction() as tx:
        _count(tx, caller, _trip(caller))


def vouched(ledger: Ledger, user: str, caller: Caller, on: dt.date, by: str) -> Entered:
    """Sign in whom the provider `by` vouches for; RefusedError unless it has a login on day `on`.

    Nobody is created: who may do what is given here, whether somebody is who it says is told there.
    """
    try:
        with ledger.read() as conn:
            users.acting_for(conn, user, on)
    except (ConflictError, NotFoundError):
        raise RefusedError("oidc-no-login") from None
    with ledger.transaction() as tx:
        _put(tx, _trip(caller), 0, caller.at)
    return Entered(_begin(ledger, user, caller, proved=True, by=by), proved=True)


def _begin(ledger: Ledger, user: str, caller: Caller, *, proved: bool, **note: str) -> str:
    with ledger.transaction() as tx:
        signin.forget(tx, caller.at - FORGOTTEN)
        _end(tx, caller.before, caller.at)
        if proved:
            tx.record("signed-in", user, note=note, at=caller.told_at, actor=user)
        return begin(tx, user, at=caller.at, proved=proved)


def begin(tx: Transaction, user: str, *, at: dt.datetime, proved: bool) -> str:
    """Begin a session of `user` and return its cookie; only its hash is kept."""
    cookie = secrets.token_urlsafe(32)
    was = _was(users.user(tx.conn, user))
    values = {"user": user, "was": was, "proved": proved, "made_at": at, "seen_at": at}
    signin.put(tx, "sessions", hashed(cookie), values)
    return cookie


def session(conn: Connection, cookie: str, at: dt.datetime) -> Session | None:
    """Return the session of a cookie, None when it has ended, idled away or grown too old."""
    found = signin.session(conn, hashed(cookie))
    if found is None or found.ended_at is not None:
        return None
    if at - found.seen_at > IDLE or at - found.made_at > LONGEST:
        return None
    return found


def actor(conn: Connection, session: Session, on: dt.date) -> Actor | None:
    """Return who a proved session is on day `on`.

    None when the user has ended, or is no more what it was when it signed in.
    """
    try:
        found = policy.actor(conn, session.user, on)
    except (ConflictError, NotFoundError):
        return None
    return found if session.proved and _was(found.users[0]) == session.was else None


def touch(ledger: Ledger, session: Session, at: dt.datetime) -> None:
    """Keep the session from idling away."""
    if at - session.seen_at >= SEEN:
        with ledger.transaction() as tx:
            signin.put(tx, "sessions", session.id, {"seen_at": at})


def leave(ledger: Ledger, user: str, caller: Caller) -> None:
    """End the session `before` of `user`."""
    with ledger.transaction() as tx:
        _end(tx, caller.before, caller.at)
        tx.record("signed-out", user, at=caller.told_at, actor=user)


def _end(tx: Transaction, cookie: str, at: dt.datetime) -> None:
    if cookie and tx.present("sessions", [hashed(cookie)]):
        signin.put(tx, "sessions", hashed(cookie), {"ended_at": at})


def hashed(secret: str) -> str:
    """Return what is kept of a cookie or a token; both are random, so a plain hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_token(cookie: str) -> str:
    """Return the token every form of a session carries: who cannot read the cookie has none."""
    return hmac.new(cookie.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(cookie: str, token: str) -> bool:
    """Tell whether `token` is the one of this cookie's forms."""
    return hmac.compare_digest(form_token(cookie).encode(), token.encode())


def _was(user: users.User) -> str:
    return f"{user.role}/{user.agency}"


@contextmanager
def _counted(ledger: Ledger, name: str, caller: Caller) -> Iterator[None]:
    """Count a try under `name`, and when it fails under its address; RefusedError to wait.

    The try is counted before the password is looked at, so that many at once count as many.
    What is right takes the failures of its name away, never those of its address.
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
    """Count a try under `name`; return what had failed under it and under the names `beside`."""
    tx.hold("try", name)
    failed = {t.id: t.failed for t in _recent(tx.conn, (name, *beside), caller.at)}
    _put(tx, name, failed.get(name, 0) + 1, caller.at)
    return failed


def _trip(caller: Caller) -> str:
    return f"trip:{hashed(caller.address)}"


def _put(tx: Transaction, name: str, failed: int, at: dt.datetime) -> None:
    signin.put(tx, "tries", name, {"failed": failed, "last_at": at})


def _recent(conn: Connection, names: tuple[str, ...], at: dt.datetime) -> list[signin.Try]:
    found = [t for t in signin.tries(conn, names) if at - t.last_at < FORGOTTEN]
    for each in found:
        if at < each.last_at + _wait(each):
            raise RefusedError("sign-in-waits", minutes=_minutes(each, at))
    return found


def _wait(failed: signin.Try) -> dt.timedelta:
    over = failed.failed - FREE[failed.id.partition(":")[0]]
    return min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else dt.timedelta()


def _minutes(failed: signin.Try, at: dt.datetime) -> int:
    return max(1, -(-(failed.last_at + _wait(failed) - at).seconds // 60))
