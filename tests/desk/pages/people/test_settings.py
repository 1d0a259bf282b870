"""Settings: contacts, logins, passwords, tokens and working days, by the administrator alone."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tasks.people import users

PAGES = ("/settings", "/settings/users", "/settings/tokens", "/settings/workdays")
TOLD = re.compile(r'<p class="hash whole">([^<]{40,})</p>')
ONCE = re.compile(r'<p class="hash whole">([a-z2-9-]{19})</p>')
LONG = "a phrase long enough"


@pytest.mark.parametrize("user", ["li", "he"])
@pytest.mark.parametrize("path", PAGES)
def test_nobody_else_enters(signed_in, user, path):
    assert signed_in(user).get(path).status_code == 403


def test_the_office_looks_at_contacts_and_working_days_and_changes_nothing(signed_in):
    chen = signed_in("chen")
    shown = {path: chen.get(path).status_code for path in PAGES}
    assert shown == dict(zip(PAGES, (200, 403, 403, 200), strict=True))
    assert 'method="post" action="/settings' not in chen.get("/settings/agencies/wjmt").text
    assert chen.post_form("/settings/contacts", agency="wjmt").status_code == 403


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans", "en"])
def test_each_page_reads_in_every_language(signed_in, path, lang):
    lin = signed_in("lin")
    lin.post_form("/language", to=lang, then="/account")
    assert lin.get(path).status_code == 200


@pytest.mark.both
def test_a_contact_is_said_and_shown(signed_in):
    lin = signed_in("lin")
    page = lin.post_form(
        "/settings/contacts",
        agency="dongguan",
        position="leader",
        channel="mail",
        address="mayor@example.invalid",
    ).text
    assert "mayor@example.invalid" in page


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"position": "king"}, "position"),
        ({"channel": "pigeon"}, "channel"),
        ({"address": "two words"}, "address"),
    ],
)
def test_what_is_wrong_with_a_contact_stands_at_its_field(signed_in, given, field):
    right = {"agency": "dongguan", "position": "head", "channel": "mail", "address": "a@b.invalid"}
    answer = signed_in("lin").post_form("/settings/contacts", **(right | given))
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text


CONTACT = {"agency": "dongguan", "position": "officer", "channel": "mail"}


def test_a_position_has_a_person_and_several_addresses_of_which_one_ends(signed_in):
    lin = signed_in("lin")
    person = {"person": "李敏", "telephone": "000-0001"}
    said = lin.post_form(
        "/settings/contacts", **CONTACT, **person, address="a@x.invalid, b@x.invalid"
    )
    assert "李敏" in said.text
    assert {"a@x.invalid", "b@x.invalid"} <= set(re.findall(r">(\S+@x.invalid)<", said.text))

    ended = lin.post_form("/settings/contacts/end", **CONTACT, address="a@x.invalid")

    assert ">b@x.invalid<" in ended.text
    assert "a@x.invalid" not in ended.text
    assert "李敏" in ended.text


def test_a_person_is_named_where_the_addresses_stay(signed_in):
    lin = signed_in("lin")
    before = "officer.dongguan@demo.invalid"
    said = lin.post_form("/settings/contacts", **CONTACT, person="李敏", address="")
    assert "李敏" in said.text
    assert before in said.text


def test_an_address_that_is_not_there_cannot_end(signed_in):
    lin = signed_in("lin")
    for wrong in ({"address": "nobody@x.invalid"}, {"address": ""}):
        answer = lin.post_form("/settings/contacts/end", **CONTACT, **wrong)
        assert answer.status_code == 422


def test_a_test_letter_is_sent_and_its_outcome_shown(signed_in, desk_ledger):
    lin = signed_in("lin")
    page = lin.post_form("/settings/contacts/test", agency="dongguan", position="officer")
    assert page.status_code == 200
    assert "officer.dongguan@demo.invalid：服務器已接收" in page.text
    assert 'value="演示聯絡員"' in page.text
    box = desk_ledger.settings.home / "outbox"
    assert len(list(box.rglob("*test-*"))) == 1
    assert lin.post_form("/settings/contacts/test", agency="nobody").status_code == 404


def test_a_user_has_a_mail_address_of_their_own(signed_in):
    lin = signed_in("lin")
    new = {"user": "mei", "name": "梅新", "agency": "dongguan", "role": "officer"}
    assert "mei@x.invalid" in lin.post_form("/settings/users", **new, mail="mei@x.invalid").text
    page = lin.post_form("/settings/users/mail", person="mei", own="xin@x.invalid").text
    assert ("xin@x.invalid" in page, "mei@x.invalid" in page) == (True, False)
    for wrong, field in (({"own": "xin"}, "own"), ({"person": "nobody"}, "person")):
        form = {"person": "mei", "own": "xin@x.invalid"} | wrong
        answer = lin.post_form("/settings/users/mail", **form)
        assert (answer.status_code, f'id="{field}-wrong"' in answer.text) == (422, True)


@pytest.mark.both
def test_a_login_is_given_a_one_time_password_and_ended(signed_in, browser):
    lin = signed_in("lin")
    new = {"user": "mei", "name": "梅新", "agency": "dongguan", "role": "officer"}
    assert "梅新" in lin.post_form("/settings/users", **new).text
    [once] = ONCE.findall(lin.post_form("/settings/users/password", whose="mei").text)
    sign_in = {"user": "mei", "password": once, "then": "/account"}
    page = browser.post_form("/sign-in", shown_on="/sign-in", **sign_in)
    assert page.url.path == "/sign-in/password"
    form = {"new": LONG, "again": LONG, "then": "/account"}
    page = browser.post_form("/sign-in/password", shown_on=str(page.url), **form)
    assert "梅新" in page.text

    lin.post_form("/settings/users/end", user="mei")
    assert browser.get("/account").url.path == "/sign-in"


def test_a_login_that_ends_on_a_day_ahead_shows_the_day(signed_in, desk_ledger):
    on = dt.date(2014, 3, 1)
    users.disable(desk_ledger, "li", on=on, at=dt.datetime(2014, 1, 24, tzinfo=dt.UTC), actor="lin")
    assert "至 2014年2月28日" in signed_in("lin").get("/settings/users").text


@pytest.mark.parametrize(
    ("given", "field"),
    [({"user": "li"}, "user"), ({"agency": "nowhere"}, "agency"), ({"role": "king"}, "role")],
)
def test_what_is_wrong_with_a_login_stands_at_its_field(signed_in, given, field):
    right = {"user": "mei", "name": "梅新", "agency": "dongguan", "role": "officer"}
    answer = signed_in("lin").post_form("/settings/users", **(right | given))
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text


def test_nobody_ends_their_own_login(signed_in):
    lin = signed_in("lin")
    assert lin.post_form("/settings/users/end", user="lin").status_code == 409
    assert lin.get("/settings").status_code == 200


@pytest.mark.parametrize("whose", ["nobody", "lin", ""])
def test_a_password_for_nobody_or_oneself_is_refused(signed_in, whose):
    answer = signed_in("lin").post_form("/settings/users/password", whose=whose)
    assert answer.status_code == 422
    assert 'id="whose-wrong"' in answer.text


@pytest.mark.both
def test_a_token_of_somebody_is_shown_and_ended_and_never_made(signed_in, browser):
    lin, li = signed_in("lin"), signed_in("li")
    [token] = TOLD.findall(li.post_form("/account/tokens").text)
    bearer = {"Authorization": f"Bearer {token}"}
    page = lin.get("/settings/tokens").text
    assert ("li" in page, token in page) == (True, False)
    assert browser.get("/api/duties", headers=bearer).status_code == 200

    assert lin.post_form("/settings/tokens", user="li").status_code == 405
    lin.post_form("/settings/tokens/end", user="li", kind="api")
    assert browser.get("/api/duties", headers=bearer).status_code == 401


def test_working_days_name_the_notice_they_come_from(signed_in):
    page = signed_in("lin").get("/settings/workdays").text
    assert "http://www.gov.cn/zhengce/zhengceku/2009-12/08/content_1476.htm" in page
