"""An office sets itself up: from an empty home to the first letters, by the pages alone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from desk.access import setup_code
from desk.app import create_app
from ledger.office_file import office_values
from ledger.people import users
from ledger.plans import editions
from ledger.post import contacts
from ledger.proof import chain
from tests.desk.visitors import Browser, Clock, is_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx2
    from fastapi import FastAPI

    from ledger.session import Ledger

PASSWORD = "a long enough password"
LIST = """\
单位\t联系人\t邮箱\t电话\t岗位
市政府督查室\t李敏\tli@city.example\t010-1\t经办人
市教育局\t王芳\twang@edu.example\t010-2\t经办人
市教育局\t赵局\tzhao@edu.example\t\t分管领导
市财政局\t钱多\tqian@fin.example\t010-3\t经办人
"""
DOCUMENT = """\
市促进就业行动方案(2026-2027年)
2026年3月1日
一、培训
1.开展培训。2027年3月底前完成培训。(市教育局、市财政局负责)
2.定期会商。每年召开2-3次会商会议。(市财政局负责)
"""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def empty(home: Path, database, clock: Clock) -> Iterator[FastAPI]:
    """The desk of a home that nobody has used."""
    made = create_app(database.settings(home), clock=clock)
    yield made
    made.state.desk.ledger.close()


@pytest.fixture
def ledger_of_it(empty: FastAPI) -> Ledger:
    ledger: Ledger = empty.state.desk.ledger
    return ledger


@pytest.fixture
def code(empty: FastAPI, clock: Clock) -> str:
    return setup_code.issue(empty.state.desk.settings.home, clock())


@pytest.fixture
def browser(empty: FastAPI) -> Browser:
    made = Browser(empty)
    made.headers["Accept-Language"] = "zh-CN"
    return made


def shown(browser: Browser, code: str) -> httpx2.Response:
    """Show the code, and return the answer."""
    return browser.post_form("/setup/code", shown_on="/setup", code=code)


def named(browser: Browser, code: str) -> None:
    """Show the code and name the office."""
    assert shown(browser, code).status_code == 200
    post(browser, "/setup/office", name="市政府督查室", lang="zh-Hans")


def founded(browser: Browser, code: str, **more: str) -> httpx2.Response:
    """Show the code, name the office, and add the administrator and the officer."""
    named(browser, code)
    fields = {
        "name": "李敏",
        "login": "admin",
        "password": PASSWORD,
        "again": PASSWORD,
        "same": "yes",
        "officer": "li",
        "mail": "li@city.example",
        "telephone": "010-1",
    }
    return post(browser, "/setup/administrator", **fields | more)


def post(browser: Browser, path: str, **fields: str) -> httpx2.Response:
    """Post the form of a page of the setting up."""
    return browser.post_form(path, shown_on="/setup/office", **fields)


def upload(browser: Browser, path: str, name: str, content: bytes, **fields: str):
    token = browser.get("/setup/office").text.split('name="token" value="')[1][:64]
    files = {"upload": (name, content)}
    return browser.post(path, data={"token": token, **fields}, files=files)


def workbook(text: str) -> bytes:
    book = Workbook()
    for line in text.splitlines():
        book.active.append(line.split("\t"))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.usefixtures("code")
def test_every_page_of_an_empty_home_leads_to_the_code(browser):
    for path in ("/", "/ledger", "/sign-in", "/settings", "/setup/office", "/setup/go", "/account"):
        answer = browser.get(path)
        assert (answer.url.path, answer.status_code) == ("/setup", 200), path
        assert 'name="code"' in answer.text


def test_a_wrong_code_is_refused_and_tries_slow_down(browser, code):
    for _ in range(5):
        assert shown(browser, "aaaa-bbbb-cccc-dddd").status_code == 403
    answer = shown(browser, code)
    assert (answer.status_code, 'name="code"' in answer.text) == (403, True)


def test_a_code_is_good_once(browser, empty, code):
    assert shown(browser, code).url.path == "/setup/office"
    other = Browser(empty)
    assert shown(other, code).status_code == 409
    assert other.get("/setup/office").url.path == "/setup"


def test_a_code_is_good_for_an_hour(browser, clock, code):
    clock.pass_(minutes=61)
    assert shown(browser, code).status_code == 409


def test_a_new_start_ends_the_code_and_the_browser_before(browser, home, clock, code):
    named(browser, code)
    new = setup_code.issue(home, clock())
    assert browser.get("/setup/office").url.path == "/setup"
    assert shown(browser, f" {new.upper().replace('-', ' ')} ").url.path == "/setup/office"


def test_the_code_is_kept_as_a_hash_for_its_owner_alone(home, code):
    file = home / setup_code.CODE
    assert code.replace("-", "") not in file.read_text().replace("-", "")
    assert file.stat().st_mode & 0o077 == 0


def test_a_form_of_another_site_is_refused(browser, code):
    assert (
        browser.post(
            "/setup/code", data={"code": code}, headers={"Origin": "https://evil.example"}
        ).status_code
        == 403
    )
    named(browser, code)
    assert browser.post("/setup/office", data={"name": "x"}).status_code == 403


def test_the_first_administrator_ends_the_code_and_goes_on(
    browser, empty, home, code, ledger_of_it
):
    answer = founded(browser, code)
    assert answer.url.path == "/setup/mail"
    assert is_in(browser)
    assert [path.name for path in home.glob("setup-*")] == []
    with ledger_of_it.read() as conn:
        assert {u.id: u.role for u in users.listed(conn)} == {
            "admin": "administrator",
            "li": "officer",
        }
        entries = list(chain.entries(conn))
    assert {e.actor for e in entries if e.deed in {"admitted", "office-named"}} == {"setup"}
    assert PASSWORD not in str(entries)
    stranger = Browser(empty)
    assert stranger.get("/setup").url.path == "/sign-in"
    assert stranger.get("/setup/administrator").url.path == "/sign-in"


def test_another_officer_gets_a_password_shown_once(browser, empty, code):
    answer = founded(browser, code, same="", officer_name="王芳")
    assert answer.status_code == 200
    password = answer.text.split('class="hash whole">')[1].split("<")[0]
    other = Browser(empty)
    entered = other.post(
        "/sign-in", data={"user": "li", "password": password}, follow_redirects=False
    )
    assert entered.headers["location"].startswith("/sign-in/password")


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short", "again": "short"},
        {"again": "another one"},
        {"login": "two words"},
        {"officer": "admin"},
        {"officer": ""},
        {"mail": "not-an-address"},
        {"name": ""},
    ],
)
def test_nobody_is_added_by_a_form_that_is_wrong(browser, code, ledger_of_it, wrong):
    assert founded(browser, code, **wrong).status_code == 422
    with ledger_of_it.read() as conn:
        assert users.listed(conn) == []
    assert founded_again(browser).url.path == "/setup/mail"


def founded_again(browser: Browser) -> httpx2.Response:
    fields = {"name": "李敏", "login": "admin", "password": PASSWORD, "again": PASSWORD}
    return post(browser, "/setup/administrator", same="yes", officer="li", **fields)


def test_a_mail_server_is_kept_in_the_home_and_never_told(browser, code, home, ledger_of_it):
    founded(browser, code)
    fields = {"host": "127.0.0.1", "port": "2", "way": "none", "user": "duban"}
    secret = "s3cret words"
    answer = post(browser, "/setup/mail", password=secret, mail_from="duban@city.example", **fields)
    assert (answer.status_code, secret in answer.text) == (200, False)
    file = home / "office.toml"
    assert file.stat().st_mode & 0o077 == 0
    assert office_values(home)["mail_url"] == "smtp://duban:s3cret%20words@127.0.0.1:2"
    with ledger_of_it.read() as conn:
        assert "s3cret" not in str(list(chain.entries(conn)))
    again = post(browser, "/setup/mail", mail_from="d@city.example", **fields)  # the former one
    assert again.status_code == 200
    assert "s3cret%20words" in office_values(home)["mail_url"]
    elsewhere = {**fields, "host": "evil.example"}
    post(browser, "/setup/mail", mail_from="d@city.example", **elsewhere)
    assert "s3cret" not in office_values(home)["mail_url"]


def test_a_test_letter_gives_the_answer_of_the_server(browser, code):
    founded(browser, code)
    fields = {"host": "127.0.0.1", "port": "2", "way": "none", "mail_from": "d@city.example"}
    post(browser, "/setup/mail", **fields)
    answer = post(browser, "/setup/mail/test", to="li@city.example")
    assert "服务器答复" in answer.text


@pytest.mark.parametrize(
    "wrong", [{"host": "two words"}, {"port": "x"}, {"mail_from": "x"}, {"base_url": "ftp://x"}]
)
def test_a_mail_server_that_is_none_is_refused(browser, code, home, wrong):
    founded(browser, code)
    fields = {"host": "127.0.0.1", "port": "2", "way": "none", "mail_from": "d@city.example"}
    assert post(browser, "/setup/mail", **fields | wrong).status_code == 422
    assert "mail_url" not in office_values(home)


def test_a_list_with_a_doubled_name_is_shown_and_not_taken(browser, code):
    founded(browser, code)
    doubled = LIST + "市教育局\t孙某\tsun@edu.example\t\t经办人\n"
    answer = upload(browser, "/setup/agencies", "单位.xlsx", workbook(doubled))
    assert answer.status_code == 422
    assert "sun@edu.example" in answer.text
    assert upload(browser, "/setup/agencies", "单位.xlsx", workbook(LIST)).url.path == (
        "/setup/agencies"
    )


def test_an_office_begins_with_a_document_and_a_list(browser, code, ledger_of_it):
    begin(browser, code)
    preview = browser.get("/setup/go")
    assert "wang@edu.example" in preview.text
    with ledger_of_it.read() as conn:
        assert editions.all_in_force(conn) == []
        assert list(contacts.agencies(conn)) == ["office"]

    assert post(browser, "/setup/go", knowingly="yes").url.path == "/settings"
    with ledger_of_it.read() as conn:
        (edition,) = editions.all_in_force(conn)
        assert edition.title == "市促进就业行动方案(2026-2027年)"
        assert {a.name for a in contacts.agencies(conn).values()} == {
            "市政府督查室",
            "市教育局",
            "市财政局",
        }
        assert {u.id for u in users.listed(conn)} == {"admin", "li", "wang", "qian"}
    assert browser.get("/setup").status_code == 404
    assert browser.get("/setup/go").status_code == 404
    assert browser.get("/plans/drafts").status_code == 403  # the office's again


def test_a_position_without_an_address_is_accepted_knowingly_alone(browser, code, ledger_of_it):
    founded(browser, code)
    post(browser, "/setup/plan", of="catalogue", plan="kindergartens-2019")
    assert post(browser, "/setup/go").status_code == 409
    with ledger_of_it.read() as conn:
        assert editions.all_in_force(conn) == []


def test_a_step_is_undone(browser, code):
    founded(browser, code)
    post(browser, "/setup/plan", of="catalogue", plan="kindergartens-2019")
    assert post(browser, "/setup/undo", step="plan").url.path == "/setup/plan"
    assert post(browser, "/setup/go", knowingly="yes").status_code == 409


def test_nothing_is_published_beside_the_steps(browser, empty, code):
    founded(browser, code)
    post(browser, "/setup/mail/later")
    assert browser.get("/plans/publish").url.path == "/setup/plan"
    assert browser.get("/").url.path == "/setup"
    officer = Browser(empty)
    officer.post("/sign-in", data={"user": "li", "password": PASSWORD})
    assert officer.get("/plans/publish").status_code == 409
    assert officer.get("/setup").status_code == 403
    assert officer.get("/setup/go").status_code == 403


@pytest.mark.parametrize("plan", ["guangdong-2013", "kindergartens-2019"])
def test_a_plan_of_the_catalogue_fits_an_office_of_another_name(browser, code, ledger_of_it, plan):
    founded(browser, code)
    post(browser, "/setup/plan", of="catalogue", plan=plan)
    assert post(browser, "/setup/go", knowingly="yes").url.path == "/settings"
    with ledger_of_it.read() as conn:
        offices = [a for a in contacts.agencies(conn).values() if a.kind == "office"]
    assert [a.name for a in offices] == ["市政府督查室"]


def test_an_office_begins_with_an_empty_plan(browser, code, ledger_of_it):
    founded(browser, code)
    fields = {"title": "交办事项", "ends_on": "2027-12-31", "zone": "Asia/Shanghai"}
    assert post(browser, "/setup/plan/empty", workdays="XX", **fields).status_code == 422
    post(browser, "/setup/plan/empty", workdays="CN", **fields)
    assert post(browser, "/setup/go", knowingly="yes").url.path == "/settings"
    with ledger_of_it.read() as conn:
        assert [e.title for e in editions.all_in_force(conn)] == ["交办事项"]


def begin(browser: Browser, code: str) -> None:
    """Go through every step but the last."""
    founded(browser, code)
    post(browser, "/setup/mail/later")
    post(browser, "/setup/agencies", text=LIST)
    answer = upload(browser, "/setup/plan/document", "方案.txt", DOCUMENT.encode(), code="jobs")
    draft = answer.url.path
    settle(browser, draft)
    post(browser, "/setup/plan", of="draft", draft=draft.rpartition("/")[2])
    people = {"take-0": "yes", "login-0": "wang", "take-1": "yes", "login-1": "qian"}
    post(browser, "/setup/people", **people)
    post(browser, "/setup/start", on="2026-11-20")


def settle(browser: Browser, draft: str) -> None:
    """Take every proposal of a draft."""
    while 'value="take"' in (page := browser.get(draft).text):
        about = page.split('value="take"')[0].rpartition('name="about" value="')[2].split('"')[0]
        browser.post_form(f"{draft}/say", shown_on=draft, about=about, deed="take")
