"""Who gets in, for how long, and what is left of it."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pyotp
import pytest
import sqlalchemy as sa

from catalog.errors import InvalidError
from desk.access import known_browser, onetime, signin, slowdown
from desk.app import create_app
from ledger.people import signin as kept
from ledger.people import users as ledger_users
from ledger.proof import chain
from ledger.store.changes import Change
from tasks.people import passwords, users
from tasks.today import Now
from tests.databases import rows
from tests.desk.visitors import Browser

PASSWORD = "correct horse battery"
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
NOW = Now(AT.date(), AT)
MONTH_LATER = dt.datetime(2026, 12, 21, tzinfo=dt.UTC)


@pytest.fixture
def _chen(desk_ledger):
    passwords.set_password(desk_ledger, ["chen"], PASSWORD, at=AT, actor="test")


def enter(browser, user="chen", password=PASSWORD, then="/account", headers=None):
    return browser.post(
        "/sign-in",
        data={"user": user, "password": password, "then": then},
        headers=headers,
        follow_redirects=False,
    )


def is_in(browser) -> bool:
    return browser.get("/account", follow_redirects=False).status_code == 200


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
    answer = enter(browser)
    secure.state.desk.ledger.close()

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
    answer = chen.post_form("/account/password", password=PASSWORD, new="a new long sentence")

    assert "密碼已更改" in answer.text
    assert enter(browser).status_code == 403
    assert enter(browser, password="a new long sentence").status_code == 303


@pytest.mark.usefixtures("_chen")
@pytest.mark.parametrize(
    ("typed", "new", "field"),
    [("wrong", "a new long sentence", "password"), (PASSWORD, "short", "new")],
)
def test_what_is_wrong_stands_at_its_field_and_in_the_summary(signed_in, typed, new, field):
    answer = signed_in("chen").post_form("/account/password", password=typed, new=new)

    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}-wrong"' in answer.text


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 257])
def test_a_password_too_short_or_too_long_is_refused(desk_ledger, password):
    with pytest.raises(InvalidError) as refused:
        passwords.set_password(desk_ledger, ["chen"], password, at=AT, actor="test")

    assert refused.value.key == "password-unfit"
    assert "password:" not in str(refused.value)


def fail(browser, times, user="chen"):
    for _ in range(times):
        answer = enter(browser, user=user, password="wrong horse battery")
    return answer


def at(app, address) -> Browser:
    """A browser that nobody has signed in with, at this address."""
    return Browser(app, client=(address, 50000))


@pytest.mark.both
@pytest.mark.usefixtures("_chen")
def test_after_five_failures_a_name_waits_even_with_the_right_password(browser, clock):
    assert "嘗試次數過多" not in fail(browser, 5).text

    waits = enter(browser)
    clock.pass_(minutes=5)

    assert (waits.status_code, "嘗試次數過多" in waits.text) == (403, True)
    assert enter(browser).status_code == 303


@pytest.mark.usefixtures("_chen")
def test_wrong_passwords_from_elsewhere_keep_nobody_out(app):
    for number in range(6):
        fail(at(app, f"10.0.0.{number}"), 7)

    assert enter(at(app, "10.0.1.1")).status_code == 303


@pytest.mark.usefixtures("_chen")
def test_tries_from_many_places_wait_together_but_not_those_of_a_known_browser_or_place(
    app, clock, monkeypatch
):
    monkeypatch.setitem(slowdown.LIMITS, "login", slowdown.Limit(3, slowdown.MINUTE))
    own, office = at(app, "10.0.0.1"), at(app, "10.0.0.1")
    enter(own)
    own.cookies.delete("duban")
    for number in range(3):
        fail(at(app, f"10.0.1.{number}"), 1)
    moved = at(app, "10.0.0.2")
    moved.cookies.update(own.cookies)

    assert "嘗試次數過多" in enter(at(app, "10.0.0.3")).text
    assert enter(moved).status_code == 303
    assert enter(office).status_code == 303
    clock.pass_(minutes=1)
    assert enter(at(app, "10.0.0.3")).status_code == 303


@pytest.mark.usefixtures("_chen")
def test_a_known_browser_gets_through_the_limit_of_its_address_and_has_one_of_its_own(
    browser, app, monkeypatch
):
    enter(browser)
    browser.cookies.delete("duban")
    monkeypatch.setitem(slowdown.LIMITS, "address", slowdown.Limit(2, slowdown.MINUTE))
    fail(Browser(app), 2, user="nobody")

    assert enter(Browser(app)).status_code == 403
    assert enter(browser).status_code == 303
    browser.cookies.delete("duban")
    fail(browser, 5)
    assert "嘗試次數過多" in enter(browser).text


@pytest.mark.usefixtures("_chen")
def test_a_browser_is_known_to_those_who_signed_in_with_it_and_no_secret_is_in_its_cookie(
    browser, desk_ledger
):
    passwords.set_password(desk_ledger, ["wu"], PASSWORD, at=AT, actor="test")
    answer = enter(browser)
    cookie = browser.cookies["duban-known"]
    browser.cookies.delete("duban")
    enter(browser, user="wu")
    both = browser.cookies["duban-known"]
    with desk_ledger.read() as conn:
        people = {user: (ledger_users.user(conn, user), kept.credential(conn, user))
                  for user in ("chen", "wu")}  # fmt: skip

    assert "Max-Age=34560000" in answer.headers["Set-Cookie"]
    assert both.split(".")[0] == cookie.split(".")[0]
    assert [known_browser.is_known(both, *people[user]) for user in people] == [True, True]
    assert [known_browser.is_known(cookie, *people[user]) for user in people] == [True, False]
    assert "chen" not in both


@pytest.mark.usefixtures("_chen")
def test_an_address_waits_whatever_name_it_tries(browser, monkeypatch):
    monkeypatch.setitem(slowdown.LIMITS, "address", slowdown.Limit(3, slowdown.MINUTE))
    for number in range(3):
        enter(browser, user=f"nobody{number}")

    assert "嘗試次數過多" in enter(browser).text


@pytest.mark.usefixtures("_chen")
def test_tries_of_a_clock_that_was_once_ahead_are_no_reason_to_wait(browser, clock):
    clock.pass_(days=365)
    fail(browser, 5)
    clock.pass_(days=-365)

    assert enter(browser).status_code == 303


@pytest.fixture
def behind_proxy(app, clock):
    """Return the desk of `app` that believes these proxies."""
    made = []

    def _behind(*proxies: str):
        made.append(create_app(replace(app.state.desk.settings, proxies=proxies), clock=clock))
        return made[-1]

    yield _behind
    for each in made:
        each.state.desk.ledger.close()


def callers(app, proxy, forwarded, monkeypatch) -> int:
    """Return how many addresses a desk sees when one caller after the other comes by a proxy."""
    seen = set()
    monkeypatch.setattr(slowdown, "network", lambda address: seen.add(address) or address)
    for each in forwarded:
        enter(Browser(app, client=(proxy, 50000)), headers={"X-Forwarded-For": each})
    return len(seen)


@pytest.mark.usefixtures("_chen")
@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "count"),
    [
        ((), "127.0.0.1", ["10.0.0.1", "10.0.0.2"], 1),
        (("127.0.0.1/32",), "127.0.0.1", ["10.0.0.1", "10.0.0.2"], 2),
        (("10.1.0.0/16",), "10.1.2.3", ["10.0.0.1", "10.0.0.2"], 2),
        (("10.1.0.0/16",), "10.2.2.3", ["10.0.0.1", "10.0.0.2"], 1),
        (("127.0.0.1/32",), "127.0.0.1", ["1.1.1.1, 10.0.0.1", "2.2.2.2, 10.0.0.1"], 1),
        (("10.1.0.0/16", "127.0.0.1/32"), "127.0.0.1", ["10.0.0.1, 10.1.0.9", "10.0.0.1"], 1),
    ],
)
def test_only_configured_proxies_are_believed_about_an_address(  # noqa: PLR0917  a table
    behind_proxy, monkeypatch, proxies, peer, forwarded, count
):
    assert callers(behind_proxy(*proxies), peer, forwarded, monkeypatch) == count


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_of_ipv6_counts_as_its_subscribers_network(address, network):
    assert slowdown.network(address) == network


@pytest.mark.usefixtures("_chen")
def test_strangers_wait_in_a_short_line_of_their_own(browser, app, desk_ledger):
    enter(browser)
    browser.cookies.delete("duban")
    with ExitStack() as others:
        for _ in range(passwords.PLACES):
            others.enter_context(passwords.STRANGERS.place())
        answers = [enter(at(app, "10.0.0.1")) for _ in range(6)]
        known = enter(browser)

    assert {answer.status_code for answer in answers} == {503}
    assert "登入人數過多" in answers[0].text
    assert known.status_code == 303
    with desk_ledger.read() as conn:
        assert kept.tries(conn, [slowdown.name("address", "10.0.0.1")]) == []


@pytest.mark.both
@pytest.mark.usefixtures("_chen")
def test_what_failed_and_what_ended_is_forgotten(browser, desk_ledger, clock):
    enter(browser, user="nobody")
    enter(browser)
    clock.at = MONTH_LATER
    browser.cookies.clear()
    enter(browser)

    with desk_ledger.read() as conn:
        assert len(conn.execute(sa.select(kept.SESSIONS)).all()) == 1
        assert len(conn.execute(sa.select(kept.TRIES)).all()) < 4


def test_the_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, the last six of its eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    times = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}

    for at, code in times.items():
        instant = dt.datetime.fromtimestamp(at, dt.UTC)
        assert onetime.step_of(secret, code, instant, after=None) == at // 30


@pytest.mark.parametrize(("drift", "good"), [(-2, False), (-1, True), (0, True), (1, True)])
def test_a_clock_may_be_half_a_minute_off(drift, good):
    at = dt.datetime(2014, 3, 14, tzinfo=dt.UTC)
    secret = onetime.new_secret()
    typed = pyotp.TOTP(secret).at(at + drift * dt.timedelta(seconds=30))

    assert (onetime.step_of(secret, typed, at, after=None) is not None) is good


@pytest.mark.both
@pytest.mark.usefixtures("_chen")
def test_who_has_enrolled_is_asked_for_a_code_and_each_is_good_once(browser, signed_in, clock):
    secret = onetime.new_secret()
    code = pyotp.TOTP(secret).at(clock())
    chen = signed_in("chen")
    assert "啟用" in chen.post_form("/account/codes", secret=secret, code=code).text

    asked = enter(browser)
    half = browser.cookies["duban"]
    assert asked.headers["Location"].startswith("/sign-in/code")
    assert not is_in(browser)
    form = {"then": "/account", "token": signin.form_token(half)}
    again = browser.post("/sign-in/code", data={**form, "code": code})
    clock.pass_(seconds=30)
    code = pyotp.TOTP(secret).at(clock())
    browser.post("/sign-in/code", data={**form, "code": code})

    assert "驗證碼不對" in again.text
    assert is_in(browser)
    assert browser.cookies["duban"] != half


@pytest.mark.both
@pytest.mark.usefixtures("_chen")
def test_a_code_tried_by_many_at_once_is_good_once(desk_ledger, clock):
    secret = onetime.new_secret()
    with desk_ledger.transaction() as tx:
        kept.put(tx, "credentials", "chen", {"totp": secret})
        cookie = signin.begin(tx, "chen", at=clock(), proved=False)
    with desk_ledger.read() as conn:
        session = signin.session(conn, cookie, clock())
    code = pyotp.TOTP(secret).at(clock())

    def prove(number: int) -> bool:
        try:
            signin.prove(desk_ledger, session, code, signin.Caller(f"{number}", clock(), NOW))
        except slowdown.RefusedError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(prove, range(4))) == 1


def test_an_agency_has_no_codes_to_enrol(signed_in):
    li = signed_in("li")

    assert "驗證器" not in li.get("/account").text
    secret = onetime.new_secret()
    assert li.post_form("/account/codes", secret=secret, code="000000").status_code == 409


@pytest.mark.parametrize("cookie", ["", "x", "a" * 5000, "%00", "全", "'; DROP TABLE sessions"])
def test_a_cookie_that_is_none_of_ours_is_nobody(browser, cookie):
    answer = browser.get(
        "/account", headers={"Cookie": f"duban={cookie}".encode()}, follow_redirects=False
    )

    assert answer.status_code == 303
