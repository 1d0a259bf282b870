"""The steps from the list of agencies to the go."""

from __future__ import annotations

import pytest

from catalog.plans.load import plan_path
from ledger.people import users
from ledger.plans import editions
from ledger.post import contacts
from tasks.setup.choices import choices
from tests.desk.pages.setup.way import LIST, PASSWORD, begin, founded, post, upload, workbook
from tests.desk.visitors import Browser


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


def test_an_upload_cut_off_in_the_middle_is_refused(browser, code, ledger_of_it):
    founded(browser, code)
    token = browser.get("/setup/agencies").text.split('name="token" value="')[1][:64]
    body = (
        f'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="upload"; filename="a.csv"\r\n\r\n'
    ) + LIST[:80]
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = browser.post("/setup/agencies", content=body.encode(), headers=kind)
    assert answer.status_code == 422
    with ledger_of_it.read() as conn:
        assert "agencies" not in choices(conn)


def test_an_office_begins_with_the_file_of_a_plan(browser, code, ledger_of_it):
    founded(browser, code)
    assert upload(browser, "/setup/plan/file", "x.toml", b"plan = 1").status_code == 422
    content = plan_path("kindergartens-2019").read_bytes()
    assert upload(browser, "/setup/plan/file", "x.toml", content).url.path == "/setup/plan"
    assert post(browser, "/setup/go", knowingly="yes").url.path == "/settings"
    with ledger_of_it.read() as conn:
        assert [e.plan for e in editions.all_in_force(conn)] == ["kindergartens-2019"]


def test_a_spreadsheet_becomes_a_plan_with_the_agencies_of_the_list(browser, code):
    founded(browser, code)
    post(browser, "/setup/agencies", text=LIST)
    tracker = "序号\t事项\t责任单位\t完成时限\n1\t建成就业服务平台\t市财政局\t2027年6月30日\n"
    answer = upload(browser, "/setup/plan/document", "台账.xlsx", workbook(tracker), code="jobs")
    assert answer.url.path.startswith("/plans/drafts/")
    assert "建成就业服务平台" in answer.text
    assert "市财政局" in answer.text


def test_a_spreadsheet_with_named_columns_becomes_a_plan_too(browser, code):
    founded(browser, code)
    post(browser, "/setup/agencies", text=LIST)
    tracker = "做什么\t谁来做\t几时\n建成就业服务平台\t市财政局\t2027年6月30日\n"
    answer = upload(browser, "/trackers", "台账.xlsx", workbook(tracker), use="plan")
    columns = {"column-0": "title", "column-1": "lead", "column-2": "due"}
    path = answer.url.path
    draft = browser.post_form(path, shown_on=path, code="jobs", use="plan", **columns)
    assert draft.url.path.startswith("/plans/drafts/")
    assert "市财政局" in draft.text


def test_what_is_missing_is_named_with_the_page_that_mends_it(browser, empty, code):
    founded(browser, code, telephone="")
    post(browser, "/setup/plan", of="catalogue", plan="kindergartens-2019")
    post(browser, "/setup/go", knowingly="yes")
    listed = browser.get("/settings").text
    listed = listed[listed.index('id="h-missing"') :].partition("</section>")[0]
    paths = [part.partition('"')[0] for part in listed.split('href="')[1:]]
    assert paths == ["/settings/mail", "/settings", "/settings/agencies/office", "/settings/mail"]
    assert {browser.get(path).status_code for path in paths} == {200}
    officer = Browser(empty)
    officer.post("/sign-in", data={"user": "li", "password": PASSWORD})
    assert 'href="/settings/mail"' not in officer.get("/").text
