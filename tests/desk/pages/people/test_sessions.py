"""A person's own sessions and token, and the one-time password that they have to change."""

from __future__ import annotations

import datetime as dt
import re

import pyotp
import pytest

from desk.access import onetime, signin
from desk.access.user_agent import describe
from ledger.people import signin as ledger_signin
from ledger.proof import chain
from tasks.people import passwords
from tests.desk.visitors import PASSWORD, Browser, is_in

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
ON = AT.date()
NEW = "a new long sentence"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"
SESSION = re.compile(r'name="session" value="([0-9a-f]{64})"')
TOLD = re.compile(r'<p class="hash whole">([^<]{40,})</p>')


@pytest.fixture
def once(desk_ledger) -> str:
    return passwords.give_once(desk_ledger, "chen", at=AT, on=ON, actor="lin")


def enter(browser, password, then="/account"):
    data = {"user": "chen", "password": password, "then": then}
    return browser.post_form("/sign-in", shown_on="/sign-in", **data)


def test_a_session_shows_where_from_since_when_and_last_seen(app, desk_ledger):
    passwords.set_password(desk_ledger, ["chen"], PASSWORD, at=AT, actor="test")
    browser = Browser(app, client=("10.1.2.3", 50000))
    browser.headers["User-Agent"] = FIREFOX
    enter(browser, PASSWORD)
    page = browser.get("/account/sessions").text

    assert [word for word in ("Firefox, Windows", "10.1.2.3", "本瀏覽器") if word not in page] == []
    assert page.count("2026年11月20日") == 2


def test_one_session_or_all_others_are_ended_by_their_owner(signed_in, desk_ledger):
    own, second, third = (signed_in("chen") for _ in range(3))
    ids = {signin.hashed(each.cookies["duban"]): each for each in (second, third)}
    first, *_ = SESSION.findall(own.get("/account/sessions").text)
    own.post_form("/account/sessions/end", session="")
    own.post_form("/account/sessions/end", session=first)
    left = {key: is_in(browser) for key, browser in ids.items()}
    page = own.post_form("/account/sessions/end-others").text

    assert left == {key: key != first for key in ids}
    assert [is_in(each) for each in (own, second, third)] == [True, False, False]
    assert "其他登錄均已退出" in page
    with desk_ledger.read() as conn:
        last = list(chain.entries(conn, subject="chen"))[-1]
    assert (last.deed, last.payload["sessions"]) == ("sessions-ended", 1)


def test_nobody_ends_a_session_of_somebody_else(signed_in):
    chen, li = signed_in("chen"), signed_in("li")
    li.post_form("/account/sessions/end", session=signin.hashed(chen.cookies["duban"]))

    assert is_in(chen)


@pytest.mark.parametrize("who", ["li", "he", "chen"])
def test_a_token_is_made_shown_once_and_ended_by_its_owner(signed_in, browser, who):
    owner = signed_in(who)
    [first] = TOLD.findall(owner.post_form("/account/tokens").text)
    [token] = TOLD.findall(owner.post_form("/account/tokens").text)
    ask = [browser.get("/api/duties", headers={"Authorization": f"Bearer {each}"}).status_code
           for each in (first, token)]  # fmt: skip
    assert ask == [401, 200]
    assert token not in owner.get("/account/tokens").text
    owner.post_form("/account/tokens/end")

    answer = browser.get("/api/duties", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.mark.both
def test_nothing_opens_before_a_one_time_password_is_changed(browser, once):
    page = enter(browser, once)
    assert page.url.path == "/sign-in/password"
    assert "duban-known" not in browser.cookies
    for path in ("/account", "/", "/ledger", "/feeds", "/account/tokens", "/account/sessions"):
        assert browser.get(path, follow_redirects=False).status_code == 303
    form = {"shown_on": "/sign-in/password", "then": "/account"}
    typed = [(once, once), ("short", "short"), (NEW, ""), (NEW, f"{NEW} ")]
    refused = {browser.post_form("/sign-in/password", new=new, again=again, **form).status_code
               for new, again in typed}  # fmt: skip
    page = browser.post_form("/sign-in/password", new=NEW, again=NEW, **form)

    assert refused == {422}
    assert (page.url.path, is_in(browser)) == ("/account", True)
    assert browser.get("/sign-in/password", follow_redirects=False).status_code == 303
    assert "duban-known" in browser.cookies


def test_a_one_time_password_lapses_and_is_good_until_it_is_changed(browser, desk_ledger, once):
    with desk_ledger.read() as conn:
        row = ledger_signin.credential(conn, "chen")

    assert not passwords.has_lapsed(row, AT + passwords.LASTS)
    assert passwords.has_lapsed(row, AT + passwords.LASTS + dt.timedelta(seconds=1))
    with desk_ledger.transaction() as tx:
        longer_ago = AT - passwords.LASTS - dt.timedelta(days=1)
        ledger_signin.put(tx, "credentials", "chen", {"changed_at": longer_ago})
    assert enter(browser, once).status_code == 403


def test_a_code_is_asked_for_before_a_one_time_password_is_changed(
    browser, desk_ledger, clock, once
):
    secret = onetime.new_secret()
    with desk_ledger.transaction() as tx:
        ledger_signin.put(tx, "credentials", "chen", {"totp": secret})
    half = enter(browser, once)
    skipped = browser.post_form("/sign-in/password", shown_on="/sign-in/code", new=NEW, again=NEW)
    code = pyotp.TOTP(secret).at(clock())
    enter(browser, once)
    page = browser.post_form("/sign-in/code", shown_on="/sign-in/code", code=code, then="/account")

    assert half.url.path == "/sign-in/code"
    assert skipped.url.path == "/sign-in"
    assert (page.url.path, is_in(browser)) == ("/sign-in/password", False)


def test_nobody_with_a_password_of_their_own_skips_their_present_one(signed_in):
    chen = signed_in("chen")
    answer = chen.post_form("/sign-in/password", shown_on="/account", new=NEW, again=NEW)

    assert answer.url.path != "/sign-in/password"


EDGE = (
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
    " Safari/537.36 Edg/131.0.0.0"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5"
    " Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (EDGE, "Edge, Windows"),
        (IPHONE, "Safari, iPhone"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_described_by_its_name_and_system(user_agent, words):
    assert describe(user_agent) == words
