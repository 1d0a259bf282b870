"""Signing in: with a password and a code or by a provider; sessions, and the token of a form."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from catalog.dates.days import SKEW
from catalog.errors import ConflictError, InvalidError, NotFoundError
from desk.access import known_browser, onetime, slowdown, visibility
from desk.access.slowdown import RefusedError
from ledger.people import signin, users
from tasks.people import passwords

if TYPE_CHECKING:
    from desk.access.visibility import Actor
    from ledger.people.signin import Credential, Session
    from ledger.people.users import User
    from ledger.session import Connection, Ledger, Transaction
    from tasks.today import Now

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)
TOUCH = dt.timedelta(minutes=1)  # the shortest time between two writes of `seen_at`
RETENTION = dt.timedelta(days=30)  # older sessions are removed, and their addresses unfamiliar

Step = Literal["", "code", "password", "post"]


class SignIn(NamedTuple):
    """A session that has begun: its cookie, and what it still needs before it opens a page.

    `known` is the cookie by which the browser is known from now on, empty before that.
    """

    cookie: str
    needs: Step
    known: str = ""


class Caller(NamedTuple):
    """The caller of a sign-in: their address, the real instant, and day and instant of the ledger.

    `before` is the cookie of the session that ends when the new one begins, `known` that of a
    known browser, `browser` the browser in words.
    """

    address: str
    at: dt.datetime
    now: Now
    before: str = ""
    known: str = ""
    browser: str = ""


class _Person(NamedTuple):
    """The person who signs in with a login, and the posts that it opens.

    `login` is their first one, or as typed where nobody has it; `user` is None where nobody may
    sign in. Their first login opens all their posts, another only itself.
    """

    login: str
    user: User | None
    row: Credential | None
    is_known: bool
    is_familiar: bool
    posts: tuple[User, ...] = ()


def enter(ledger: Ledger, login: str, password: str, caller: Caller) -> SignIn:
    """Sign `login` in; RefusedError for a wrong pair, and while they must wait."""
    person = _person(ledger, login, caller)
    _check(ledger, person, password, caller, refusal="sign-in-refused")
    assert person.row is not None
    if person.row.totp is not None:
        return SignIn(_begin(ledger, login, caller, proved=False), "code")
    return _entered(ledger, person, caller)


def prove(ledger: Ledger, session: Session, code: str, caller: Caller) -> SignIn:
    """Check the one-time code of a session with a correct password, and begin a new session."""
    person = _person(ledger, session.user, caller)
    names = _names(person, caller, "code", "codes")
    with slowdown.counted(ledger, names, caller.at), ledger.transaction() as tx:
        tx.hold("code", session.user)  # each code is good once, however many try it at once
        row = signin.credential(tx.conn, session.user)
        is_same = users.position(users.user(tx.conn, session.user)) == session.was
        proof = _proof(row, code, caller.at) if row and person.user and is_same else {}
        if not proof:
            raise RefusedError("code-refused")
        signin.put_credential(tx, session.user, proof)
    note = {"recovery-codes-left": str(len(proof["recovery"]))} if "recovery" in proof else {}
    return _entered(ledger, person, caller, **note)


def _proof(row: Credential, code: str, at: dt.datetime) -> dict[str, Any]:
    """Return what uses up this code, of the authenticator or a recovery code; empty if wrong."""
    if row.totp is None:
        return {}
    if (spent := onetime.hashed(code)) in row.recovery:
        return {"recovery": tuple(each for each in row.recovery if each != spent)}
    step = onetime.step_of(row.totp, code, at, after=row.totp_step)
    return {} if step is None else {"totp_step": step}


def confirm(ledger: Ledger, login: str, password: str, caller: Caller) -> None:
    """Check the password of the person signed in once more; RefusedError as in `enter`."""
    person = _person(ledger, login, caller)
    _check(ledger, person, password, caller, refusal="password-refused")


def require_same(new: str, again: str) -> None:
    """Refuse a new password that was not typed alike twice: nobody can read what they typed."""
    if new != again:
        raise InvalidError("passwords-differ", place="again")


def confirm_here(ledger: Ledger, login: str, password: str) -> None:
    """Check a password typed at this machine; RefusedError for a wrong or a one-time one."""
    with ledger.read() as conn:
        row = signin.credential(conn, login)
    matches = passwords.verify(password, row.password if row else None)
    if not matches or row is None:
        raise RefusedError("password-refused")
    if row.one_time:
        raise RefusedError("password-once")


def set_out(ledger: Ledger, caller: Caller) -> None:
    """Count a trip to the provider; RefusedError while there are too many from this address.

    A sign-in by the provider resets the count of its address.
    """
    with ledger.transaction() as tx:
        slowdown.count(tx, [_trip(caller)], caller.at)


def enter_by_provider(ledger: Ledger, login: str, caller: Caller, by: str) -> SignIn:
    """Sign in the user the provider `by` vouches for; RefusedError without a valid login.

    Nobody is created: the provider says who a person is, the ledger says what they may do.
    """
    person = _person(ledger, login, caller)
    if person.user is None:
        raise RefusedError("oidc-no-login")
    with ledger.transaction() as tx:
        slowdown.forgive(tx, [_trip(caller)], caller.at)
    return _entered(ledger, person, caller, by=by)


def renew(ledger: Ledger, login: str, caller: Caller, *, chosen: bool = True) -> SignIn:
    """Begin another session where what proves the person has changed and all sessions ended.

    Without `chosen` it asks which of their posts they go on as.
    """
    person = _person(ledger, login, caller)
    with ledger.transaction() as tx:
        cookie = begin(tx, login, caller=caller, at=caller.at, proved=True, chosen=chosen)
    return _welcome(person, cookie, caller, chosen=chosen)


def take_post(ledger: Ledger, session: Session, post: str, caller: Caller) -> SignIn:
    """Go on as another post of the same person, in a session of its own that ends no later.

    RefusedError for a session that opens nothing, NotFoundError for a post that is not theirs.
    """
    with ledger.transaction() as tx:
        if post not in {each.id for each in choices(tx.conn, session, caller.now.on)}:
            raise NotFoundError("post-unknown", post=post)
        _end(tx, caller.before, caller.at)
        note = {} if is_choosing(session) else {"from": session.user}
        tx.record("post-taken", post, note=note, at=caller.now.at, actor=post)
        cookie = begin(tx, post, caller=caller, at=session.made_at, proved=True)
        signin.put(tx, "sessions", hashed(cookie), {"seen_at": caller.at})
    return SignIn(cookie, "")


def choices(conn: Connection, session: Session, on: dt.date) -> list[User]:
    """Return the posts that the person of the session may go on as; none where it opens nothing."""
    row = signin.credential(conn, session.user)
    is_once = row is not None and row.one_time
    is_open = is_choosing(session) or _holder(conn, session, on) is not None
    return users.posts(conn, session.user, on) if is_open and not is_once else []


def is_choosing(session: Session) -> bool:
    """Tell whether the person has not said yet as which of their posts they go on."""
    return session.proved and not session.was


def _entered(ledger: Ledger, person: _Person, caller: Caller, **note: str) -> SignIn:
    only = person.posts[0].id if len(person.posts) == 1 else None
    login = only or person.login
    cookie = _begin(ledger, login, caller, proved=True, chosen=only is not None, **note)
    return _welcome(person, cookie, caller, chosen=only is not None)


def _welcome(person: _Person, cookie: str, caller: Caller, *, chosen: bool) -> SignIn:
    row, user = person.row, person.user
    needs: Step = "" if chosen else "post"
    if row is None or user is None:
        return SignIn(cookie, needs)
    if row.one_time:
        return SignIn(cookie, "password")
    return SignIn(cookie, needs, known_browser.introduced(caller.known, user, row))


def _person(ledger: Ledger, login: str, caller: Caller) -> _Person:
    with ledger.read() as conn:
        first, row = users.person_of(conn, login), signin.credential(conn, login)
        posts = tuple(
            post for post in users.posts(conn, login, caller.now.on) if login in {first, post.id}
        )
        if not posts:
            return _Person(first, None, row, is_known=False, is_familiar=False)
        user = users.user(conn, first)
        is_known = row is not None and known_browser.is_known(caller.known, user, row)
        is_familiar = signin.is_familiar(conn, login, slowdown.network(caller.address))
        return _Person(first, user, row, is_known, is_familiar, posts)


def _check(ledger: Ledger, person: _Person, password: str, caller: Caller, *, refusal: str) -> None:
    """Check a password within the limits on tries; RefusedError(`refusal`) for a wrong one.

    Whether the login exists, has ended, or its one-time password has, nobody is told.
    """
    row, line = person.row, passwords.KNOWN if person.is_known else passwords.STRANGERS
    names = _names(person, caller, "here", "login")
    with line.place(), slowdown.counted(ledger, names, caller.at):
        matches = passwords.verify(password, row.password if row else None, line)
        is_stale = row is not None and passwords.has_lapsed(row, caller.now.at)
        if not matches or is_stale or person.user is None:
            raise RefusedError(refusal)


def _names(person: _Person, caller: Caller, here: str, anywhere: str) -> list[str]:
    """Return the names under which a try of this person counts, the narrowest first.

    A known browser counts by itself. Tries from where the person was signed in lately do not
    wait for those from everywhere else.
    """
    if person.is_known:
        browser, *_ = caller.known.split(".")
        return [slowdown.name("browser", here, person.login, browser)]
    network = slowdown.network(caller.address)
    names = [slowdown.name(here, person.login, network), slowdown.name("address", network)]
    return names if person.is_familiar else [*names, slowdown.name(anywhere, person.login)]


def _trip(caller: Caller) -> str:
    return slowdown.name("trip", slowdown.network(caller.address))


def _begin(
    ledger: Ledger, user: str, caller: Caller, *, proved: bool, chosen: bool = True, **note: str
) -> str:
    with ledger.transaction() as tx:
        signin.forget(tx, caller.at, unused_since=caller.at - RETENTION)
        _end(tx, caller.before, caller.at)
        if proved:
            tx.record("signed-in", user, note=note, at=caller.now.at, actor=user)
        return begin(tx, user, caller=caller, at=caller.at, proved=proved, chosen=chosen)


def begin(
    tx: Transaction,
    user: str,
    *,
    at: dt.datetime,
    proved: bool,
    caller: Caller | None = None,
    chosen: bool = True,
) -> str:
    """Begin a session of `user` and return its cookie; only its hash is stored.

    It opens no page before the person has `chosen` one of their posts.
    """
    cookie = secrets.token_urlsafe(32)
    was = users.position(users.user(tx.conn, user)) if chosen else ""
    values = {"user": user, "was": was, "proved": proved}
    if caller is not None:
        place = {"address": slowdown.network(caller.address), "browser": caller.browser}
        values |= place
    signin.put(tx, "sessions", hashed(cookie), values | {"made_at": at, "seen_at": at})
    return cookie


def session(conn: Connection, cookie: str, at: dt.datetime) -> Session | None:
    """Return the session of a cookie, None when it has ended, idled away or grown too old.

    One that began ahead of the clock is not valid: it would stay so until the clock is there.
    """
    row = signin.session(conn, hashed(cookie))
    return row if row is not None and _is_live(row, at) else None


def sessions(conn: Connection, user: str, at: dt.datetime) -> list[Session]:
    """Return the sessions of `user` that have not ended, the last used one first."""
    return [row for row in signin.sessions(conn, user) if _is_live(row, at)]


def end_sessions(ledger: Ledger, user: str, caller: Caller, *, only: str | None = None) -> None:
    """End the session `only` of `user`, or without it all but the one of this browser."""
    with ledger.transaction() as tx:
        ids = {row.id for row in sessions(tx.conn, user, caller.at)}
        ended = ids - {hashed(caller.before)} if only is None else ids & {only}
        if ended:
            signin.end_sessions(tx, sorted(ended), caller.at)
            note = {"sessions": len(ended)}
            tx.record("sessions-ended", user, note=note, at=caller.now.at, actor=user)


def _is_live(row: Session, at: dt.datetime) -> bool:
    """Tell whether a session is valid; one that began ahead of the clock is not."""
    is_used = at - row.seen_at <= IDLE and -SKEW <= at - row.made_at <= LONGEST
    return row.ended_at is None and is_used


def actor(conn: Connection, session: Session, on: dt.date) -> Actor | None:
    """Return the actor of a proved session on day `on`.

    None when the user has ended, has another role or agency than when they signed in, or must
    change their password first.
    """
    actor = _holder(conn, session, on)
    row = signin.credential(conn, session.user)
    return None if row is not None and row.one_time else actor


def must_change(conn: Connection, session: Session, on: dt.date) -> bool:
    """Tell whether the person of a proved session has to change their password first."""
    row = signin.credential(conn, session.user)
    if row is None or not row.one_time:
        return False
    if is_choosing(session):
        return bool(users.posts(conn, session.user, on))
    return _holder(conn, session, on) is not None


def _holder(conn: Connection, session: Session, on: dt.date) -> Actor | None:
    try:
        actor = visibility.actor(conn, session.user, on)
    except (ConflictError, NotFoundError):
        return None
    is_same = users.position(actor.users[0]) == session.was
    return actor if session.proved and is_same else None


def touch(ledger: Ledger, session: Session, at: dt.datetime) -> None:
    """Note that the session is in use, so that it does not end as idle."""
    if at - session.seen_at >= TOUCH:
        with ledger.transaction() as tx:
            signin.put(tx, "sessions", session.id, {"seen_at": at})


def leave(ledger: Ledger, user: str, caller: Caller) -> None:
    """End the session `before` of `user`."""
    with ledger.transaction() as tx:
        _end(tx, caller.before, caller.at)
        tx.record("signed-out", user, at=caller.now.at, actor=user)


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
