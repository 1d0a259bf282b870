"""One-time codes at sign-in: those of the standard, each good once."""

from __future__ import annotations

import datetime as dt
import html
import re
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest

from desk.access import onetime, signin, slowdown
from ledger.people import signin as kept
from tasks.people import passwords
from tasks.today import Now
from tests.desk.visitors import PASSWORD, Browser, enter, is_in

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
NOW = Now(AT.date(), AT)


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

    assert "動態口令不對" in again.text
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


@pytest.mark.parametrize("user", ["li", "he", "lin"])
def test_everybody_may_enrol(desk_ledger, signed_in, clock, user):
    passwords.set_password(desk_ledger, [user], PASSWORD, at=AT, actor="test")
    secret = onetime.new_secret()
    person, code = signed_in(user), pyotp.TOTP(secret).at(clock())

    assert "驗證器" in person.get("/account/codes").text
    assert "啟用" in person.post_form("/account/codes", secret=secret, code=code).text


@pytest.mark.usefixtures("_chen")
def test_an_authenticator_takes_the_secret_by_picture_and_by_link(signed_in):
    page = signed_in("chen").get("/account/codes").text
    found = re.search(r'href="(otpauth://totp/duban:chen\?[^"]+)"', page)
    assert found is not None
    link = pyotp.parse_uri(html.unescape(found[1]))
    assert (link.name, link.issuer) == ("chen", "duban")
    assert f'name="secret" value="{link.secret}"' in page
    assert '<span class="qr" role="img" aria-label="密鑰的二維碼"><svg ' in page


@pytest.mark.usefixtures("_chen")
def test_a_recovery_code_signs_in_once(browser, signed_in, clock):
    chen = signed_in("chen")
    page = chen.get("/account/codes").text
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)[1]
    recovery = re.search(r'name="recovery" value="([^"]+)"', page)[1]
    code = pyotp.TOTP(secret).at(clock())
    chen.post_form("/account/codes", secret=secret, recovery=recovery, code=code)
    assert "還有10個備用碼" in chen.get("/account/codes").text

    enter(browser)
    form = {"token": signin.form_token(browser.cookies["duban"])}
    spent = recovery.split()[3].upper().replace("-", " ")
    browser.post("/sign-in/code", data={**form, "code": spent})
    assert is_in(browser)
    assert "還有9個備用碼" in browser.get("/account/codes").text
    enter(again := Browser(browser.app))
    form = {"token": signin.form_token(again.cookies["duban"])}
    assert again.post("/sign-in/code", data={**form, "code": spent}).status_code == 403


@pytest.mark.usefixtures("_chen")
def test_the_administrator_ends_the_codes_of_who_lost_the_telephone(signed_in, clock, desk_ledger):
    secret, users = onetime.new_secret(), "/settings/users"
    chen, lin = signed_in("chen"), signed_in("lin")
    chen.post_form("/account/codes", secret=secret, code=pyotp.TOTP(secret).at(clock()))
    lin.post_form(f"{users}/password", shown_on=users, whose="chen", codes_too="yes")
    with desk_ledger.read() as conn:
        row = kept.credential(conn, "chen")
    assert (row.totp, row.one_time) == (None, True)


@pytest.mark.usefixtures("_chen")
def test_codes_are_ended_and_recovery_codes_replaced_by_the_password(signed_in, clock, desk_ledger):
    secret = onetime.new_secret()
    chen, path = signed_in("chen"), "/account/codes"
    chen.post_form(path, secret=secret, code=pyotp.TOTP(secret).at(clock()))
    assert chen.post_form(f"{path}/recovery", shown_on=path, password="wrong").status_code == 403
    assert chen.post_form(f"{path}/end", shown_on=path, own="wrong").status_code == 403
    page = chen.post_form(f"{path}/recovery", shown_on=path, password=PASSWORD)
    made = re.findall(r"<li>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</li>", page.text)
    with desk_ledger.read() as conn:
        row = kept.credential(conn, "chen")
    assert row.recovery == tuple(onetime.hashed(code) for code in made)
    assert len(set(made)) == 10
    ended = chen.post_form(f"{path}/end", shown_on=path, own=PASSWORD)
    assert "不再要求動態口令" in ended.text
    with desk_ledger.read() as conn:
        row = kept.credential(conn, "chen")
    assert (row.totp, row.recovery) == (None, ())
