"""Signing in: passwords tried within bounds, sessions that end, and the token of a form."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError, DubanError, NotFoundError
from desk import access, onetime
from ledger import people, signin
from tasks import passwords

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from desk.access import Actor
    from ledger.session import Ledger, Transaction
    from ledger.signin import Session

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)
SEEN = dt.timedelta(minutes=1)  # a session is written that it was seen at most this often
FORGOTTEN = dt.timedelta(days=1)  # tries and sessions older than that are removed
FREE = {"name": 5, "address": 20, "code": 5}  # failures that cost no waiting
FIRST_WAIT = dt.timedelta(seconds=15)  # doubled with every further failure
LONGEST_WAIT = dt.timedelta(minutes=15)


class RefusedError(DubanError):
    """Nobody was signed in; the text never says whether it was the name or the password."""


class Entered(NamedTuple):
    """What signing in gave: the cookie, and whether a one-time code is still to be typed."""

    cookie: str
    proved: bool


def enter(ledger: Ledger, user: str, password: str, *, address: str, at: dt.datetime) -> Entered:
    """Sign `user` in from `address`; RefusedError for a wrong pair and for too many tries.

    A try is counted before the password is looked at, so that many at once count as many.
    """
    names = _bounded(ledger, {"name": user, "address": address}, at)
    with ledger.read() as conn:
        found = signin.credential(conn, user)
    if not passwords.verify(password, found and found.password):
        raise RefusedError("sign-in-refused")
    with ledger.transaction() as tx:
        _clear(tx, names)
        signin.forget(tx, at - FORGOTTEN)
        proved = found is None or found.totp is None
        return Entered(begin(tx, user, at=at, proved=proved), proved)


def confirm(ledger: Ledger, user: str, password: str, *, at: dt.datetime) -> None:
    """Have who is signed in say its password again; RefusedError as in `enter`."""
    names = _bounded(ledger, {"name": user}, at)
    with ledger.read() as conn:
        found = signin.credential(conn, user)
    if not passwords.verify(password, found and found.password):
        raise RefusedError("password-refused")
    with ledger.transaction() as tx:
        _clear(tx, names)


def prove(
    ledger: Ledger, session: Session, typed: str, *, address: str, at: dt.datetime
) -> Entered:
    """Take the one-time code of a session that has given its password; a new session begins."""
    names = _bounded(ledger, {"code": session.user, "address": address}, at)
    with ledger.transaction() as tx:
        found = signin.credential(tx.conn, session.user)
        if found is None or found.totp is None:
            raise RefusedError("sign-in-refused")
        step = onetime.step_of(found.totp, typed, at, after=found.totp_step)
        if step is None:
            raise RefusedError("code-refused")
        _clear(tx, names)
        signin.put(tx, "credentials", session.user, {"totp_step": step})
        signin.put(tx, "sessions", session.id, {"ended_at": at})
        return Entered(begin(tx, session.user, at=at, proved=True), proved=True)


def begin(tx: Transaction, user: str, *, at: dt.datetime, proved: bool) -> str:
    """Begin a session of `user` and return its cookie; only its hash is kept."""
    cookie = secrets.token_urlsafe(32)
    was = _was(people.user(tx.conn, user))
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
        found = access.actor(conn, session.user, on)
    except (ConflictError, NotFoundError):
        return None
    return found if session.proved and _was(found.users[0]) == session.was else None


def seen(ledger: Ledger, session: Session, at: dt.datetime) -> None:
    """Keep the session from idling away."""
    if at - session.seen_at >= SEEN:
        with ledger.transaction() as tx:
            signin.put(tx, "sessions", session.id, {"seen_at": at})


def leave(ledger: Ledger, cookie: str, at: dt.datetime) -> None:
    """End the session of a cookie."""
    with ledger.transaction() as tx:
        if tx.present("sessions", [hashed(cookie)]):
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


def _was(user: people.User) -> str:
    return f"{user.role}/{user.agency}"


def _bounded(ledger: Ledger, names: dict[str, str], at: dt.datetime) -> tuple[str, ...]:
    """Count a try under each of `names` and return their ids; RefusedError while one must wait."""
    ids = tuple(f"{what}:{hashed(value)}" for what, value in names.items())
    with ledger.transaction() as tx:
        failed = {t.id: t for t in signin.tries(tx.conn, ids) if at - t.last_at < FORGOTTEN}
        for each in failed.values():
            if at < each.last_at + _wait(each):
                raise RefusedError("sign-in-waits", minutes=_minutes(each, at))
        for each_id in ids:
            times = failed[each_id].failed + 1 if each_id in failed else 1
            signin.put(tx, "tries", each_id, {"failed": times, "last_at": at})
    return ids


def _clear(tx: Transaction, ids: tuple[str, ...]) -> None:
    for each in signin.tries(tx.conn, ids):
        # An address is given back its one try: another person's failures there still count.
        left = each.failed - 1 if each.id.startswith("address:") else 0
        signin.put(tx, "tries", each.id, {"failed": left})


def _wait(failed: signin.Try) -> dt.timedelta:
    over = failed.failed - FREE[failed.id.partition(":")[0]]
    return min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else dt.timedelta()


def _minutes(failed: signin.Try, at: dt.datetime) -> int:
    return max(1, -(-(failed.last_at + _wait(failed) - at).seconds // 60))
