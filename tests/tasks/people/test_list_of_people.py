"""A list of people: heads in any order and language, errors by row, all of them or nobody."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from catalog.errors import ConflictError, InvalidError
from ledger.people import signin
from ledger.people import users as ledger_users
from ledger.proof import chain
from tasks.people import list_of_people, passwords
from tests.world import ISSUED, PostOffice, World, small_plan


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {"parties": ["city"]}))
    return stage


def read(world, text):
    with world.ledger.read() as conn:
        return list_of_people.read(conn, list_of_people.pasted(text))


def admit(world, lines):
    people = [line.newcomer for line in lines]
    return list_of_people.admit(world.ledger, people, since=ISSUED, at=world.at, actor="lin")


@pytest.mark.parametrize(
    "text",
    [
        "li,李敏,trade\nwu，吴强，广州市人民政府，核查人员，wu@example.gov.cn",
        "姓名\t用户名\t单位\t角色\t邮箱\n李敏\tli\t省外经贸厅\n吴强\twu\tcity\t核查\twu@example.gov.cn",
        "用戶名單\n單位\t姓名\t用戶名\t電子郵箱\t角色\nTRADE\t李敏\tli\n廣州市人民政府\t吴强\twu\twu@example.gov.cn\treviewer",
        "login;role;agency;name;mail\nli;;trade;李敏\nwu;Reviewer;city;吴强;wu@example.gov.cn",
    ],
)
def test_heads_stand_in_any_order_and_language(world, text):
    people = [line.newcomer for line in read(world, text)]
    assert [tuple(person) for person in people] == [
        ("li", "李敏", "trade", "officer", "", ""),
        ("wu", "吴强", "city", "reviewer", "wu@example.gov.cn", ""),
    ]


def test_every_row_names_what_is_wrong_with_it(world):
    lines = read(
        world,
        "li,李敏,trade\nli,李明,trade\ncity/officer,王,city\nzhao,赵,某局,头目,zhao＠x.cn\n,周,trade",
    )
    assert [{c: e.key for c, e in line.errors.items()} for line in lines] == [
        {},
        {"login": "user-exists"},
        {"login": "user-exists"},
        {"agency": "people-agency-unknown", "role": "people-role-unknown"}
        | {"mail": "address-full-width"},
        {"login": "user-unfit"},
    ]


def test_a_list_of_nobody_or_of_too_many_is_refused(world):
    with pytest.raises(InvalidError, match="nobody"):
        read(world, "login,name,agency\n")
    with pytest.raises(InvalidError, match="at most 1000"):
        read(world, "\n".join(f"u{n},某,trade" for n in range(1001)))


def test_a_workbook_is_read_with_titles_above_and_numbers_as_logins(world):
    book = Workbook()
    for row in (["用户名单"], [], ["用户名", "姓名", "单位"], [1024, "李敏", "trade"]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    rows = list_of_people.of_file(content, name="people.xlsx")
    with world.ledger.read() as conn:
        (line,) = list_of_people.read(conn, rows)
    assert line.number == 4
    assert line.newcomer.id == "1024"


def test_a_broken_file_is_refused_in_words():
    with pytest.raises(InvalidError):
        list_of_people.of_file(io.BytesIO(b"PK\x03\x04 and no more"), name="people.xlsx")


def test_a_text_file_of_an_office_program_is_read():
    content = io.BytesIO("用户名,姓名,单位\r\nli,李敏,trade\r\n".encode("gb18030"))
    rows = list_of_people.of_file(content, name="people.csv")
    assert rows == [(1, ("用户名", "姓名", "单位")), (2, ("li", "李敏", "trade"))]


def test_everybody_gets_a_password_that_is_stored_nowhere(world):
    lines = read(world, "".join(f"u{n},某,trade\n" for n in range(30)))
    given = admit(world, lines)
    assert len({each.password for each in given}) == 30
    with world.ledger.read() as conn:
        row = signin.credential(conn, "u7")
        history = "".join(str(entry) for entry in chain.entries(conn))
    assert row.one_time
    assert passwords.verify(given[7].password, row.password)
    assert not passwords.verify(given[8].password, row.password)
    assert not any(each.password in history or each.password in row.password for each in given)


def test_one_login_taken_meanwhile_leaves_nobody_added(world):
    lines = read(world, "li,李敏,trade\nwu,吴强,city")
    admit(world, lines[1:])
    with pytest.raises(ConflictError):
        admit(world, lines)
    with world.ledger.read() as conn:
        logins = {user.id for user in ledger_users.listed(conn)}
    assert "wu" in logins
    assert "li" not in logins


def test_a_further_post_of_a_person_gets_no_password_of_its_own(world):
    lines = read(
        world,
        "用户名,姓名,单位,本人用户名\nli,李敏,trade,\nli2,李敏,city,li\nx,某,city,nobody",
    )
    assert [sorted(line.errors) for line in lines] == [[], [], ["of"]]
    assert [bool(each.password) for each in admit(world, lines[:2])] == [True, False]
    with world.ledger.read() as conn:
        assert signin.credential(conn, "li2") == signin.credential(conn, "li")


def test_a_post_that_the_person_has_already_adds_nobody(world):
    lines = read(world, "li,李敏,trade,,,\nli2,李敏,trade,,,li")
    with pytest.raises(ConflictError):
        admit(world, lines)
    with world.ledger.read() as conn:
        assert "li" not in {user.id for user in ledger_users.listed(conn)}
