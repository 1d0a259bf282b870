"""A person with several posts: asked at sign-in, shown in the head, changed on a page."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest

from catalog.errors import ConflictError
from desk.access import onetime, signin
from ledger.people import signin as ledger_signin
from ledger.proof import chain
from tasks.people import passwords, users
from tasks.people.users import Newcomer
from tasks.today import Now
from tests.desk.visitors import PASSWORD, SINCE, Browser, enter, is_in

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
POST = "/sign-in/post"


@pytest.fixture(autouse=True)
def _posts(desk_ledger, _chen):
    """The officer of the office belongs to Jiangmen, too, and administers."""
    newcomers = [
        Newcomer("chen-jm", "陳文靜", "jiangmen", of="chen"),
        Newcomer("chen-admin", "陳文靜", "office", "administrator", of="chen"),
    ]
    users.add(desk_ledger, newcomers, since=SINCE, at=AT, actor="test")


def take(browser, post):
    return browser.post_form(POST, shown_on=POST, post=post, then="/account")


def deeds(desk_ledger):
    with desk_ledger.read() as conn:
        return [(e.deed, e.subject, e.actor) for e in chain.entries(conn)]


def test_no_page_opens_before_a_post_is_chosen(browser, desk_ledger):
    answer = enter(browser)
    assert answer.headers["Location"] == "/sign-in/post?then=%2Faccount"
    assert not is_in(browser)
    asked = browser.get(POST).text
    assert [f'value="{post}"' in asked for post in ("chen", "chen-jm", "chen-admin")] == [True] * 3

    page = take(browser, "chen-jm").text
    assert is_in(browser)
    assert "用戶名 chen-jm" in page
    assert 'href="/sign-in/post?then=/"' in page
    assert deeds(desk_ledger)[-2:] == [
        ("signed-in", "chen", "chen"),
        ("post-taken", "chen-jm", "chen-jm"),
    ]


def test_a_change_of_post_ends_the_session_before_and_lasts_no_longer(browser, desk_ledger, clock):
    enter(browser)
    take(browser, "chen-jm")
    cookie = browser.cookies["duban"]
    clock.pass_(minutes=20)
    take(browser, "chen")
    with desk_ledger.read() as conn:
        before = ledger_signin.session(conn, signin.hashed(cookie))
        after = ledger_signin.session(conn, signin.hashed(browser.cookies["duban"]))
    assert before is None
    assert after.user == "chen"
    assert clock() - after.made_at == dt.timedelta(minutes=20)


def test_the_login_of_a_post_opens_that_post_alone(browser):
    assert enter(browser, "chen-jm").headers["Location"] == "/account"
    assert "用戶名 chen-jm" in browser.get("/account").text


def test_a_person_with_one_post_left_is_not_asked(browser, desk_ledger):
    for login in ("chen", "chen-admin"):
        users.disable(desk_ledger, login, on=AT.date(), at=AT, actor="test")
    assert enter(browser).headers["Location"] == "/account"
    page = browser.get("/account").text
    assert "用戶名 chen-jm" in page
    assert "/sign-in/post" not in page


@pytest.mark.parametrize("post", ["li", "nobody", ""])
def test_nobody_takes_a_post_of_another(browser, post):
    enter(browser)
    assert take(browser, post).status_code == 404
    assert not is_in(browser)


def test_a_post_that_has_ended_is_taken_by_nobody(browser, desk_ledger):
    enter(browser)
    users.disable(desk_ledger, "chen-jm", on=AT.date(), at=AT, actor="test")
    assert take(browser, "chen-jm").status_code == 404


def test_who_is_not_signed_in_has_no_posts(browser):
    assert browser.get(POST, follow_redirects=False).status_code == 303
    answer = browser.post(POST, data={"post": "chen"}, follow_redirects=False)
    assert answer.headers["Location"].startswith("/sign-in")


def test_a_new_password_ends_the_sessions_of_every_post(browser, app):
    other = Browser(app)
    enter(other, "chen-jm")
    enter(browser)
    take(browser, "chen")
    new = {"password": PASSWORD, "new": "another phrase of hers", "again": "another phrase of hers"}
    browser.post_form("/account/password", **new)
    assert is_in(browser)
    assert not is_in(other)
    assert enter(Browser(app), "chen-jm", "another phrase of hers").status_code == 303


def test_a_one_time_password_is_the_persons_and_is_changed_before_a_post_is_chosen(
    browser, desk_ledger
):
    given = passwords.give_once(desk_ledger, "chen-jm", at=AT, on=AT.date(), actor="lin")
    assert enter(browser, "chen", given).headers["Location"].startswith("/sign-in/password")
    assert browser.get(POST, follow_redirects=False).headers["Location"].startswith("/sign-in?")
    new = {"new": "another phrase of hers", "again": "another phrase of hers"}
    page = browser.post_form("/sign-in/password", shown_on="/sign-in/password", **new)
    assert page.url.path == POST
    take(browser, "chen")
    assert is_in(browser)


def test_nobody_gives_themselves_a_password_by_another_post(desk_ledger):
    with pytest.raises(ConflictError, match="chen"):
        passwords.give_once(desk_ledger, "chen", at=AT, on=AT.date(), actor="chen-admin")


def test_the_code_is_asked_once_for_all_posts(browser, signed_in, clock):
    secret = onetime.new_secret()
    chen = signed_in("chen-jm")
    chen.post_form("/account/codes", secret=secret, code=pyotp.TOTP(secret).at(clock()))
    clock.pass_(seconds=30)
    assert enter(browser, "chen").headers["Location"].startswith("/sign-in/code")
    token = signin.form_token(browser.cookies["duban"])
    code = pyotp.TOTP(secret).at(clock())
    page = browser.post("/sign-in/code", data={"token": token, "code": code})
    assert page.url.path == POST


def test_sessions_of_all_posts_are_listed_and_ended_together(signed_in):
    signed_in("chen-jm")
    chen = signed_in("chen")
    assert chen.get("/account/sessions").text.count('action="/account/sessions/end"') == 1
    chen.post_form("/account/sessions/end-others", shown_on="/account/sessions")
    assert chen.get("/account/sessions").text.count('action="/account/sessions/end"') == 0


def test_the_provider_vouches_for_the_person(desk_ledger, clock):
    caller = signin.Caller("10.1.1.1", clock(), Now(AT.date(), AT))
    assert signin.enter_by_provider(desk_ledger, "chen", caller, "https://id").needs == "post"
    assert signin.enter_by_provider(desk_ledger, "chen-jm", caller, "https://id").needs == ""
