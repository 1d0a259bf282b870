"""A list of agencies is read as people have it, compared, and taken whole or not at all."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from catalog.errors import InvalidError
from ledger.post import contacts
from ledger.proof.ledger_verification import differences
from tasks.agencies.list_of_agencies import compare, read, table_of, take
from tasks.plans.publish import publish
from tests.world import dump, small_plan

AT = dt.datetime(2013, 8, 5, 0, 30, tzinfo=dt.UTC)
BY = {"at": AT, "actor": "office/administrator"}
FIELDS = ("name", "position", "person", "mail", "telephone")


def facts(line):
    return tuple(getattr(line, field) for field in FIELDS)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("市教育局\n市財政局\n", [("市教育局",), ("市財政局",)]),
        ("單位\n市教育局\n", [("市教育局",)]),
        (
            "單位\t職位\t聯絡員\t電話\t郵箱\n市教育局\t分管領導\t李明\t0571-1234\tli@edu.example\n",
            [("市教育局", "分管領導", "李明", "li@edu.example", "0571-1234")],
        ),
        (
            "E-mail\tAgency\tContact person\nli@edu.example\t市教育局\t李明\n",
            [("市教育局", "", "李明", "li@edu.example")],
        ),
        (
            "市教育局，李明，li@edu.example，0571-88880000",
            [("市教育局", "", "李明", "li@edu.example", "0571-88880000")],
        ),
        (
            "\n序号\t责任单位\t分管领导\t分管领导电话\t联络员\t联系电话\t邮箱\n1\t市教育局\t王强\t111222\t李明\t333444\tli@edu.example\n",
            [
                ("市教育局", "head", "王强", "", "111222"),
                ("市教育局", "officer", "李明", "li@edu.example", "333444"),
            ],
        ),
        (
            "單位\t職位\t姓名\n市教育局\t經辦人\t李明\n\t責任領導\t王強\n",
            [("市教育局", "經辦人", "李明"), ("市教育局", "責任領導", "王強")],
        ),
    ],
)
def test_a_list_is_read_in_any_order_and_language(text, lines):
    assert [facts(line) for line in read(text)] == [
        (*line, *[""] * (len(FIELDS) - len(line))) for line in lines
    ]


def test_a_cell_is_named_as_the_spreadsheet_does():
    (line,) = read("名單\n單位\t郵箱\n市教育局\tli@\n")

    assert (line.place("name"), line.place("mail"), line.place("kind")) == ("A3", "B3", "3")


@pytest.mark.parametrize("text", ["", "a@b.example\n", "郵箱\t電話\nli@edu.example\t1\n"])
def test_a_list_without_names_is_refused(text):
    with pytest.raises(InvalidError, match="no column holds the names"):
        read(text)


@pytest.fixture
def started(ledger, tmp_path):
    publish(ledger, small_plan(tmp_path, {}), at=AT, actor="office/officer")
    return ledger


LIST = """\
單位\t簡稱\t職位\t姓名\t郵箱\t電話
廣州市人民政府\t穗府\t經辦人\t陳一\tchen@city.example\t020-1
省博物馆\t\t\t\t\t
市教育局\t教育局\t\t李明\tli@edu.example、wang@edu.example\t0571-1
\t\t分管領導\t王強\t\t0571-2
"""


def test_a_list_registers_changes_and_leaves(started):
    rows = compare(started, read(LIST), **BY)

    assert [(r.agency, r.effect) for r in rows] == [
        ("city", "changed"),
        ("stranger", "same"),
        ("a-1", "new"),
        ("a-1", "changed"),
    ]
    assert [r.effect for r in take(started, read(LIST), **BY)] == [r.effect for r in rows]
    with started.read() as conn:
        assert contacts.ways(conn, "a-1", "officer") == {"mail": "li@edu.example, wang@edu.example"}
        assert contacts.person(conn, "a-1", "head") == ("王強", "0571-2")
        assert contacts.agencies(conn)["city"].aliases == ("穗府",)
    assert {row.effect for row in compare(started, read(LIST), **BY)} == {"same"}
    with started.read() as conn:
        assert list(differences(conn)) == []


@pytest.mark.parametrize(
    ("row", "key", "place"),
    [
        ("市教育局\t\t\t李明\tli＠edu.example", "address-full-width", "E2"),
        ("市教育局\t\t\t李明\tnot-an-address", "address-invalid", "E2"),
        ("市教育局\t\t科長\t李明", "position-unknown", "C2"),
        ("市教育局\t俱樂部", "agency-kind", "B2"),
        ("廣州市人民政府\t部門", "agency-kind-other", "B2"),
        ("、", "agency-name", "A2"),
    ],
)
def test_a_row_says_in_which_cell_it_is_wrong_and_stops_the_list(started, row, key, place):
    lines = read(f"單位\t類別\t職位\t姓名\t郵箱\n{row}\n市財政局\t\t\t\t\n")
    before = dump(started)

    rows = take(started, lines, **BY)

    assert [r.effect for r in rows] == ["refused", "new"]
    assert (rows[0].error.key, rows[0].error.values["place"]) == (key, place)
    assert dump(started) == before


def test_two_persons_of_one_position_are_asked_about(started):
    rows = compare(started, read("單位\t姓名\n省博物館\t李明\n省博物館\t王強\n"), **BY)

    assert [r.effect for r in rows] == ["changed", "refused"]
    assert rows[1].error.key == "contact-twice"


def test_a_name_like_a_registered_one_is_pointed_at(started):
    (row,) = compare(started, read("廣州市政府\n"), **BY)

    assert (row.effect, row.similar) == ("new", ("廣州市人民政府",))


def test_a_refused_line_says_nothing_of_the_next_agency(started):
    text = "單位\t郵箱\n市教育局\tｌi@edu.example\n市財政局\tli@fin.example\n"

    rows = compare(started, read(text), **BY)

    assert [row.effect for row in rows] == ["refused", "new"]


def test_a_sheet_of_heads_is_the_list_and_no_cover_before_it():
    book = Workbook()
    book.active.append(["單位通訊錄"])
    sheet = book.create_sheet()
    sheet.append(["單位", "郵箱"])
    sheet.append(["市教育局", "li@edu.example"])
    book.save(file := io.BytesIO())
    file.seek(0)

    (line,) = read(table_of(file, name="list.xlsx"))

    assert (line.name, line.mail, line.place("mail")) == ("市教育局", "li@edu.example", "B2")


def test_a_telephone_typed_in_full_width_is_recorded_as_it_is_dialled(started):
    take(started, read("單位\t聯絡員\t電話\n市教育局\t李明\t８０００－１００１\n"), **BY)

    with started.read() as conn:
        assert [p.telephone for p in contacts.persons(conn).values()] == ["8000-1001"]
