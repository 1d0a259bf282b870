"""Who gets in, for how long, and what is left of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from catalog.errors import InvalidError
from desk.access import signin
from desk.app import create_app
from ledger.proof import chain
from ledger.store.changes import Change
from tasks.people import passwords, users
from tests.databases import rows
from tests.desk.visitors import PASSWORD, Browser, enter, is_in

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)


@pytest.mark.both
@pytest.mark.usefixtures("_chen")
def test_the_right_password_signs_in(browser):
    answer = enter(browser)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert is_in(browser)


@pytest.mark.usefixtures("_chen")
def test_who_is_not_signed_in_is_asked_and_comes_back_to_the_page(browser):
    answer = browser.get("/account?plan=guangdong-2013", follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?then=%2Faccount%3Fplan%3Dguangdong-2013"


@pytest.mark.usefixtures("_chen")
def test_a_wrong_name_and_a_wrong_password_read_the_same(browser):
    wrong = enter(browser, password="wrong horse battery")
    unknown = enter(browser, user="nobody")

    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert wrong.text.replace("chen", "") == unknown.text.replace("nobody", "")


def test_an_unknown_name_costs_as_much_as_a_known_one(monkeypatch):
    reckoned = []
    argon2id = passwords._argon2id()
    monkeypatch.setattr(type(argon2id), "verify", lambda *said: reckoned.append(said[-1]) or False)

    assert not passwords.verify(PASSWORD, None)
    assert [each.startswith("$argon2id$") for each in reckoned] == [True]


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/\\evil", "", "\n/a"])
@pytest.mark.usefixtures("_chen")
def test_nobody_is_sent_to_another_site(browser, then):
    assert enter(browser, then=then).headers["Location"] == "/"


@pytest.mark.usefixtures("_chen")
def test_the_cookie_on_loopback_is_for_this_server_and_no_script(browser):
    cookie = enter(browser).headers["Set-Cookie"]

    assert cookie.startswith("duban=")
    assert "HttpOnly; Path=/; SameSite=lax" in cookie
    assert "Secure" not in cookie


@pytest.mark.usefixtures("_chen")
def test_the_cookie_of_an_https_address_is_bound_to_its_host(app, clock):
    settings = replace(app.state.desk.settings, base_url="https://duban.example.org")
    secure = create_app(settings, clock=clock)
    browser = Browser(secure)
    browser.headers |= {"Host": "duban.example.org", "Origin": "https://duban.example.org"}
    chosen = browser.post("/language", data={"to": "en"}, follow_redirects=False)
    answer = enter(browser)
    secure.state.desk.ledger.close()

    assert chosen.headers["Set-Cookie"].endswith("; Secure")
    for cookie in answer.headers.get_list("Set-Cookie"):
        assert cookie.startswith(("__Host-duban=", "__Host-duban-known="))
        assert cookie.endswith("HttpOnly; Path=/; SameSite=lax; Secure") or "Max-Age" in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.usefixtures("_chen")
def test_neither_cookie_nor_password_is_kept(browser, desk_ledger):
    enter(browser)
    with desk_ledger.read() as conn:
        dumped = str(rows(conn))

    assert browser.cookies["duban"] not in dumped
    assert PASSWORD not in dumped
    assert "$argon2id$" in dumped


@pytest.mark.usefixtures("_chen")
def test_signing_in_gives_another_cookie_and_ends_the_one_before(browser):
    enter(browser)
    before = browser.cookies["duban"]
    token = signin.form_token(before)
    form = {"user": "chen", "password": PASSWORD, "token": token}
    browser.post("/sign-in", data=form, follow_redirects=False)
    after = browser.cookies["duban"]
    browser.cookies.clear()
    browser.cookies.set("duban", before)

    assert after != before
    assert not is_in(browser)


def test_signing_out_ends_the_session_at_the_server(signed_in):
    chen = signed_in("chen")
    cookie = chen.cookies["duban"]

    answer = chen.post_form("/sign-out")
    chen.cookies.set("duban", cookie)

    assert "已退出" in answer.text
    assert not is_in(chen)


@pytest.mark.both
@pytest.mark.usefixtures("_chen")
def test_the_history_tells_who_came_and_went_and_no_secret(browser, desk_ledger):
    enter(browser)
    browser.post_form("/sign-out")

    with desk_ledger.read() as conn:
        told = list(chain.entries(conn, subject="chen"))
    assert [e.deed for e in told][-3:] == ["password-changed", "signed-in", "signed-out"]
    assert [set(e.payload) for e in told[-3:]] == [{"changes", "sealed"}, {"changes"}, {"changes"}]
    assert all(e.payload["changes"] == [] for e in told[-3:])


def test_a_session_idles_away(signed_in, clock):
    chen = signed_in("chen")
    clock.pass_(minutes=29)
    stays = is_in(chen)
    clock.pass_(minutes=29)
    goes_on = is_in(chen)
    clock.pass_(minutes=31)

    assert (stays, goes_on, is_in(chen)) == (True, True, False)


def test_a_session_ends_after_twelve_hours_of_work(signed_in, clock):
    chen = signed_in("chen")
    for _ in range(12 * 3):
        assert is_in(chen)
        clock.pass_(minutes=20)
    clock.pass_(seconds=1)

    assert not is_in(chen)


def test_a_disabled_user_is_out_at_once(signed_in, desk_ledger):
    li = signed_in("li")
    users.disable(desk_ledger, "li", on=dt.date(2014, 1, 24), at=AT, actor="lin")

    assert not is_in(li)


def test_who_changes_agency_or_role_signs_in_anew(signed_in, desk_ledger):
    li = signed_in("li")
    with desk_ledger.transaction() as tx:
        move = [Change("users", "li", {"agency": "foshan"})]
        tx.record("moved", "li", changes=move, at=AT, actor="lin")

    assert not is_in(li)


def test_a_new_password_signs_everybody_else_out(signed_in, desk_ledger):
    chen = signed_in("chen")
    passwords.set_password(desk_ledger, ["chen"], PASSWORD, at=AT, actor="lin")

    assert not is_in(chen)


@pytest.mark.usefixtures("_chen")
def test_one_changes_ones_own_password_and_stays(signed_in, browser):
    chen = signed_in("chen")
    new = "a new long sentence"
    answer = chen.post_form("/account/password", password=PASSWORD, new=new, again=new)

    assert "密碼已更改" in answer.text
    assert enter(browser).status_code == 403
    assert enter(browser, password=new).status_code == 303


@pytest.mark.usefixtures("_chen")
@pytest.mark.parametrize(
    ("given", "field"),
    [({"password": "wrong"}, "password"), ({"new": "short", "again": "short"}, "new"),
     ({"again": "a new long sentense"}, "again")],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field_and_in_the_summary(signed_in, given, field):
    new = "a new long sentence"
    right = {"password": PASSWORD, "new": new, "again": new}
    answer = signed_in("chen").post_form("/account/password", **(right | given))

    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}-wrong"' in answer.text


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 257])
def test_a_password_too_short_or_too_long_is_refused(desk_ledger, password):
    with pytest.raises(InvalidError) as refused:
        passwords.set_password(desk_ledger, ["chen"], password, at=AT, actor="test")

    assert refused.value.key == "password-unfit"
    assert "password:" not in str(refused.value)


@pytest.mark.parametrize("cookie", ["", "x", "a" * 5000, "%00", "全", "'; DROP TABLE sessions"])
def test_a_cookie_that_is_none_of_ours_is_nobody(browser, cookie):
    answer = browser.get(
        "/account", headers={"Cookie": f"duban={cookie}".encode()}, follow_redirects=False
    )

    assert answer.status_code == 303
