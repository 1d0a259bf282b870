"""Proofs of a person end with what made them, as the table of docs/sign-in.md says."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyotp
import pytest

from catalog.errors import ConflictError
from desk.access import known_browser, onetime, signin, tokens
from desk.access.slowdown import RefusedError
from ledger.people import signin as ledger_signin
from ledger.people import users as ledger_users
from ledger.store.changes import Change
from tasks.people import codes, passwords, users
from tasks.today import Now
from tests.desk.visitors import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from tests.desk.visitors import Clock

PAGE = Path(__file__).parents[3] / "docs" / "sign-in.md"
AT, ON = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC), dt.date(2014, 1, 24)
WHO, OLD, NEW = "chen", "correct horse battery", "a new long sentence"
TABLE = re.compile(r"\| event \|(.+)\|\n\|[-|]+\n((?:\|.+\|\n)+)")
LASTING = ("stay", "renewed")


class Proofs(NamedTuple):
    """What proves one person at one moment, and the desk that it proves them to."""

    app: FastAPI
    clock: Clock
    own: Browser
    known: str
    half: str
    other: str
    api: str
    feed: str


@pytest.fixture
def proofs(app, clock) -> Proofs:
    ledger = app.state.desk.ledger
    passwords.set_password(ledger, [WHO], OLD, at=AT, actor=WHO)
    own = Browser(app)
    own.post("/sign-in", data={"user": WHO, "password": OLD})
    with ledger.transaction() as tx:
        half = signin.begin(tx, WHO, at=clock(), proved=False)
        other = signin.begin(tx, WHO, at=clock(), proved=True)
        api, feed = (tokens.issue(tx, WHO, kind, on=ON) for kind in ("api", "feed"))
    return Proofs(app, clock, own, own.cookies["duban-known"], half, other, api, feed)


def change_password(proofs: Proofs) -> None:
    proofs.own.post_form("/account/password", password=OLD, new=NEW, again=NEW)


def give_once(proofs: Proofs) -> None:
    passwords.give_once(proofs.app.state.desk.ledger, WHO, at=AT, on=ON, actor="lin")


def enrol(proofs: Proofs) -> None:
    secret = onetime.new_secret()
    proofs.own.post_form(
        "/account/codes", secret=secret, code=pyotp.TOTP(secret).at(proofs.clock())
    )


def end_codes(proofs: Proofs) -> None:
    later = AT + dt.timedelta(minutes=1)
    codes.end(proofs.app.state.desk.ledger, WHO, at=later, actor="lin")


def end_own_codes(proofs: Proofs) -> None:
    proofs.own.post_form("/account/codes/end", own=OLD)


def promote(proofs: Proofs) -> None:
    with proofs.app.state.desk.ledger.transaction() as tx:
        change = Change("users", WHO, {"role": "administrator"})
        tx.record("promoted", WHO, changes=[change], at=AT, actor="lin")


def disable(proofs: Proofs) -> None:
    users.disable(proofs.app.state.desk.ledger, WHO, on=ON, at=AT, actor="lin")


def sign_out(proofs: Proofs) -> None:
    cookie, known = proofs.own.cookies["duban"], proofs.own.cookies["duban-known"]
    proofs.own.post_form("/sign-out")
    proofs.own.cookies.clear()
    proofs.own.cookies.update({"duban": cookie, "duban-known": known})


def end_others(proofs: Proofs) -> None:
    proofs.own.post_form("/account/sessions/end-others")


def make_anew(proofs: Proofs) -> None:
    proofs.own.post_form("/account/tokens")
    proofs.own.post_form("/feeds")


EVENTS: dict[str, Callable[[Proofs], None]] = {
    "password changed by its owner": change_password,
    "one-time password given": give_once,
    "one-time codes turned on": enrol,
    "one-time codes turned off by their owner": end_own_codes,
    "one-time codes turned off by an administrator": end_codes,
    "role or agency changed": promote,
    "user ended": disable,
    "signed out": sign_out,
    "all other sessions ended by their owner": end_others,
    "new token or calendar address made": make_anew,
}
OFF = "one-time codes turned off by"
WITH_CODES = {f"{OFF} an administrator", f"{OFF} their owner"}


def table() -> dict[str, dict[str, str]]:
    """Return what docs/sign-in.md says of each event and kind of proof."""
    head, body = TABLE.search(PAGE.read_text("utf-8")).groups()
    kinds = [cell.strip() for cell in head.split("|")]
    lines = ([cell.strip() for cell in line.strip("|\n").split("|")] for line in body.splitlines())
    return {event: dict(zip(kinds, cells, strict=True)) for event, *cells in lines}


def holds(proofs: Proofs) -> dict[str, bool]:
    """Tell of each kind of proof whether it still proves the person."""
    at = proofs.clock()
    with proofs.app.state.desk.ledger.read() as conn:
        row, user = ledger_signin.credential(conn, WHO), ledger_users.user(conn, WHO)
        other, half = (signin.session(conn, each, at) for each in (proofs.other, proofs.half))
        lasts = {
            "other sessions": other is not None and signin.actor(conn, other, ON) is not None,
            "API token": tokens.holder(conn, proofs.api, "api", on=ON) is not None,
            "calendar address": tokens.holder(conn, proofs.feed, "feed", on=ON) is not None,
            "known browsers": user.until is None
            and known_browser.is_known(proofs.known, user, row),
        }
    page = proofs.own.get("/account", follow_redirects=False)
    lasts["this session"] = page.status_code == 200
    lasts["sign-ins under way"] = half is not None and can_finish(proofs, half)
    return lasts


def can_finish(proofs: Proofs, half: ledger_signin.Session) -> bool:
    """Tell whether the right code finishes this sign-in; everybody is asked for one meanwhile."""
    ledger, secret = proofs.app.state.desk.ledger, onetime.new_secret()
    with ledger.transaction() as tx:
        ledger_signin.put(tx, "credentials", WHO, {"totp": secret})
    at = proofs.clock()
    caller = signin.Caller("", at, Now(ON, AT))
    try:
        signin.prove(ledger, half, pyotp.TOTP(secret).at(at), caller)
    except RefusedError:
        return False
    return True


def test_the_table_has_every_event():
    assert list(table()) == list(EVENTS)


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_ends_what_the_table_says(proofs, event):
    if event in WITH_CODES:
        enrol_first(proofs)
    EVENTS[event](proofs)

    assert holds(proofs) == {kind: said in LASTING for kind, said in table()[event].items()}


def enrol_first(proofs: Proofs) -> None:
    with proofs.app.state.desk.ledger.transaction() as tx:
        ledger_signin.put(tx, "credentials", WHO, {"totp": onetime.new_secret()})


def test_an_ended_user_neither_signs_in_nor_gets_a_token(proofs, browser, desk_ledger):
    disable(proofs)
    answer = browser.post("/sign-in", data={"user": WHO, "password": OLD})

    assert (answer.status_code, "用戶名或密碼不對" in answer.text) == (403, True)
    for kind in ("api", "feed"):
        with pytest.raises(ConflictError), desk_ledger.transaction() as tx:
            tokens.issue(tx, WHO, kind, on=ON)
    with pytest.raises(ConflictError):
        give_once(proofs)
