"""Logins from a list: errors by row, then all with a sheet of passwords, or nobody."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from ledger.people import signin
from ledger.people import users as ledger_users
from tests.desk.visitors import enter

LIST = "/settings/users/list"
TAKE = re.compile(r'<textarea name="people" hidden>([^<]*)</textarea>')
PASSWORD = re.compile(r'<dd class="hash">([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</dd>')


@pytest.fixture
def lin(signed_in):
    return signed_in("lin")


def logins(desk_ledger):
    with desk_ledger.read() as conn:
        return {user.id for user in ledger_users.listed(conn)}


def preview(lin, text):
    return lin.post_form(LIST, shown_on=LIST, pasted=text)


def test_a_pasted_list_is_previewed_then_taken_with_a_sheet_of_passwords(lin, browser, desk_ledger):
    page = preview(lin, "用户名\t姓名\t单位\nma\t馬強\t東莞\nsu\t蘇梅\t省外經貿廳\n")
    assert page.status_code == 200
    assert "ma" not in logins(desk_ledger)
    sheet = lin.post_form(f"{LIST}/take", shown_on=LIST, people=TAKE.search(page.text)[1])
    first, second = PASSWORD.findall(sheet.text)
    assert first != second
    assert {"ma", "su"} <= logins(desk_ledger)
    assert "/sign-in/password" in enter(browser, "ma", first).headers["Location"]


def test_errors_stand_in_their_rows_and_nothing_can_be_taken(lin, desk_ledger):
    page = preview(lin, "ma,馬強,東莞\nchen,陳,東莞\nsu,蘇梅,某局")
    assert page.status_code == 422
    assert page.text.count('<p class="err">') == 2
    assert "沒有名為「某局」的單位" in page.text
    assert TAKE.search(page.text) is None
    assert "ma" not in logins(desk_ledger)
    refused = lin.post_form(f"{LIST}/take", shown_on=LIST, people="chen,陳,東莞")
    assert refused.status_code == 422


def test_an_empty_list_and_a_file_that_is_none_are_refused(lin):
    assert "名單中沒有人" in preview(lin, " ").text
    token = lin.get(LIST).text
    form = {"token": re.search(r'name="token" value="([0-9a-f]{64})"', token)[1]}
    files = {"file": ("people.xlsx", b"PK\x03\x04 no more", "application/octet-stream")}
    assert lin.post(LIST, data=form, files=files).status_code == 422


def test_the_blank_workbook_comes_back_filled_in(lin):
    book = load_workbook(io.BytesIO(lin.get(f"{LIST}.xlsx").content))
    book.active.append(["ma", "馬強", "dongguan", "", "ma@example.gov.cn"])
    content = io.BytesIO()
    book.save(content)
    form = {"token": re.search(r'name="token" value="([0-9a-f]{64})"', lin.get(LIST).text)[1]}
    files = {"file": ("people.xlsx", content.getvalue(), "application/octet-stream")}
    page = lin.post(LIST, data=form, files=files)
    assert (page.status_code, "ma@example.gov.cn" in page.text) == (200, True)


def test_who_has_not_signed_in_gets_a_new_password(lin, desk_ledger):
    sheet = lin.post_form(f"{LIST}/take", shown_on=LIST, people="ma,馬強,東莞")
    (before,) = PASSWORD.findall(sheet.text)
    assert "/settings/users/passwords" in lin.get("/settings/users").text
    again = lin.post_form("/settings/users/passwords", shown_on="/settings/users")
    (after,) = PASSWORD.findall(again.text)
    assert after != before
    with desk_ledger.read() as conn:
        assert signin.with_one_time(conn) == {"ma"}


def test_a_further_post_is_added_on_the_page_of_users(lin, desk_ledger):
    values = {"user": "chen-dg", "name": "陳文靜", "agency": "dongguan", "role": "officer"}
    page = lin.post_form("/settings/users", shown_on="/settings/users", **values, of="chen")
    assert "= chen" in page.text
    values |= {"user": "chen-dg2"}
    again = lin.post_form("/settings/users", shown_on="/settings/users", **values, of="chen")
    assert again.status_code == 422
    assert "chen-dg2" not in logins(desk_ledger)
