"""Agencies are found, added one by one or by a list, and reorganised on pages of their own."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from ledger.people import agencies
from ledger.post import contacts

LIST = "單位\t簡稱\t職位\t姓名\t郵箱\n市教育局\t教育局\t經辦人\t李明\tli@edu.invalid\n"
ORDER = {"on": "2014-01-20", "document": "粵府〔2014〕1號"}


@pytest.fixture
def lin(signed_in):
    return signed_in("lin")


def register(ledger):
    with ledger.read() as conn:
        return contacts.agencies(conn)


def named(ledger, name):
    return next(a.id for a in register(ledger).values() if a.name == name)


def test_agencies_are_found_by_any_of_their_names(lin):
    whole = lin.get("/settings").text
    found = lin.get("/settings?q=东莞").text

    assert "佛山市" in whole
    assert ("東莞市" in found, "佛山市" in found) == (True, False)
    assert "沒有符合條件的單位" in lin.get("/settings?q=博物館").text


def test_those_that_nobody_can_write_to_are_found(lin):
    lin.post_form("/settings/agencies/new", name="市教育局")

    page = lin.get("/settings?only=unreached").text

    assert ("市教育局" in page, "東莞市" in page) == (True, False)


def test_an_agency_is_added(lin, desk_ledger):
    page = lin.post_form(
        "/settings/agencies/new", name="市教育局", aliases="教育局、市教委", kind="department"
    )

    agency = register(desk_ledger)[named(desk_ledger, "市教育局")]
    assert page.url.path == f"/settings/agencies/{agency.id}"
    assert agency.aliases == ("教育局", "市教委")
    assert "單位已登記" in page.text


def test_what_is_wrong_with_an_agency_stands_at_its_field(lin):
    for wrong, field in (
        ({"name": ""}, "name"),
        ({"name": "东莞市人民政府"}, "name"),
        ({"kind": "club"}, "kind"),
        ({"id": "A B"}, "id"),
        ({"id": "dongguan"}, "id"),
    ):
        fields = {"name": "市教育局", "sure": "yes"} | wrong
        page = lin.post_form("/settings/agencies/new", **fields)

        assert page.status_code == 422
        assert f'id="{field}-wrong"' in page.text


def test_a_name_like_another_is_asked_about(lin, desk_ledger):
    first = lin.post_form("/settings/agencies/new", name="東莞市政府")
    assert "東莞市人民政府" in first.text
    assert 'name="sure"' in first.text

    lin.post_form("/settings/agencies/new", name="東莞市政府", sure="yes")
    assert named(desk_ledger, "東莞市政府")


def test_a_list_is_shown_and_then_taken(lin, desk_ledger):
    page = lin.post_form("/settings/agencies/list", shown_on="/settings/agencies/new", text=LIST)
    assert "li@edu.invalid" in page.text
    assert "市教育局" not in {a.name for a in register(desk_ledger).values()}

    taken = lin.post_form(
        "/settings/agencies/list/take", shown_on="/settings/agencies/new", text=LIST
    )

    assert "名單已導入" in taken.text
    with desk_ledger.read() as conn:
        agency = named(desk_ledger, "市教育局")
        assert contacts.ways(conn, agency, "officer") == {"mail": "li@edu.invalid"}


def test_the_blank_workbook_is_filled_in_and_brought_back(lin, desk_ledger):
    book = load_workbook(io.BytesIO(lin.get("/settings/agencies/list.xlsx").content))
    book.active.append(["市教育局", "", "", "分管領導", "王強", "wang@edu.invalid", "000-1"])
    content = io.BytesIO()
    book.save(content)
    token = re.search(r'name="token" value="(\w+)"', lin.get("/settings/agencies/new").text)[1]

    page = lin.post(
        "/settings/agencies/list",
        data={"token": token},
        files={"upload": ("list.xlsx", content.getvalue())},
    )
    text = re.search(r'name="text" value="([^"]*)"', page.text)[1]
    lin.post_form("/settings/agencies/list/take", shown_on="/settings/agencies/new", text=text)

    with desk_ledger.read() as conn:
        agency = named(desk_ledger, "市教育局")
        assert contacts.person(conn, agency, "head") == ("王強", "000-1")


def test_a_list_with_a_wrong_row_is_not_taken(lin, desk_ledger):
    before = register(desk_ledger)
    shown_on, text = "/settings/agencies/new", LIST + "市財政局\t\t科長\t\t\n"

    for step in ("list", "list/take"):
        page = lin.post_form(f"/settings/agencies/{step}", shown_on=shown_on, text=text)
        empty = lin.post_form(f"/settings/agencies/{step}", shown_on=shown_on, text="")

        assert "C3" in page.text
        assert "list/take" not in page.text
        assert empty.status_code == 422
        assert 'id="text-wrong"' in empty.text
    assert register(desk_ledger) == before


def test_further_names_are_recorded(lin):
    path = "/settings/agencies/dongguan"
    page = lin.post_form(f"{path}/aliases", shown_on=path, aliases="莞府")
    assert "莞府" in page.text
    wrong = lin.post_form(f"{path}/aliases", shown_on=path, aliases="佛山市人民政府")
    assert wrong.status_code == 422
    assert 'id="aliases-wrong"' in wrong.text


def test_an_agency_has_its_contacts_users_duties_and_history_on_one_page(lin):
    lin.post_form(
        "/settings/contacts",
        shown_on="/settings/agencies/dongguan",
        agency="dongguan",
        position="head",
        channel="mail",
        address="new@x.invalid",
    )

    page = lin.get("/settings/agencies/dongguan").text

    for text in (
        ">new@<wbr>x.invalid<",
        "李志強",
        "/ledger?agency=dongguan",
        "登記聯繫地址",
        "東莞市",
    ):
        assert text in page
    assert lin.get("/settings/agencies/nobody").status_code == 404


def change(browser, agency="dongguan", step="", **fields):
    path = f"/settings/agencies/{agency}/change"
    return browser.post_form(f"{path}{step}", shown_on=path, **ORDER, **fields)


def test_a_merger_shows_its_effects_and_is_carried_out(signed_in, desk_ledger):
    chen = signed_in("chen")
    page = change(chen, kind="merged", to="foshan").text
    count = int(re.search(r"(\d+)項事項轉出", page)[1])
    assert count > 0
    assert "李志強" in page
    with desk_ledger.read() as conn:
        assert len(agencies.open_duties(conn, "dongguan")) == count

    done = change(chen, step="/do", kind="merged", to="foshan")

    assert "機構調整已辦理" in done.text
    with desk_ledger.read() as conn:
        assert agencies.open_duties(conn, "dongguan") == []
        assert f"{agencies.ended_on(conn, 'dongguan')}" == "2014-01-20"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kind": "renamed", "name": "莞市人民政府"}, "莞市人民政府"),
        ({"kind": "closed", "name": "大灣市人民政府"}, "大灣市人民政府"),
        (
            {"kind": "split", "name": "松山湖管委會", "measures": "guangdong-2013/18"},
            "松山湖管委會",
        ),
    ],
)
def test_each_kind_of_change_is_carried_out(lin, desk_ledger, fields, name):
    assert change(lin, **fields).status_code == 200
    assert change(lin, step="/do", **fields).status_code == 200
    assert name in {agency.name for agency in register(desk_ledger).values()}


def test_a_function_moves(lin, desk_ledger):
    fields = {"kind": "moved", "to": "foshan", "measures": "guangdong-2013/18"}
    assert change(lin, step="/do", **fields).status_code == 200
    with desk_ledger.read() as conn:
        assert all(d.measure != "18" for d in agencies.open_duties(conn, "dongguan"))


WRONG = (
    ({"kind": "renamed"}, "name"),
    ({"kind": "renamed", "name": "佛山市人民政府"}, "name"),
    ({"kind": "merged"}, "to"),
    ({"kind": "closed"}, "to"),
    ({"kind": "moved", "to": "foshan"}, "measures"),
    ({"kind": "merged", "to": "foshan", "on": "2014-09-01"}, "on"),
    ({"kind": "merged", "to": "foshan", "on": "soon"}, "on"),
    ({"kind": "merged", "to": "foshan", "document": ""}, "document"),
)


def test_what_is_wrong_with_a_change_stands_at_its_field(lin):
    path = "/settings/agencies/dongguan/change"
    for step in ("", "/do"):
        for fields, field in WRONG:
            page = lin.post_form(f"{path}{step}", shown_on=path, **(ORDER | fields))

            assert page.status_code in {409, 422}
            assert f'href="#{field}"' in page.text


def test_nobody_else_changes_an_agency(signed_in):
    for user in ("li", "he"):
        assert signed_in(user).get("/settings/agencies/dongguan/change").status_code == 403
