"""Bodies named in a cell: several in one, with labels, persons and open lists."""

from __future__ import annotations

import pytest

from catalog.trackers.bodies import bodies, is_person
from tests.trackers import REGISTER

BETWEEN = ("、", "，", ",", ";", "；", "/", "\n", " ", "和", "及", "，\n")


def ids(several):
    return [agency for body in several for agency in body.agencies]


@pytest.mark.parametrize("sign", BETWEEN)
def test_several_are_parted_whatever_stands_between(sign):
    for first, second in (("市教育局", "市财政局"), ("教育局", "財政局"), ("EDB", "市财政局")):
        assert ids(bodies(f"{first}{sign}{second}", REGISTER).others) == ["edu", "finance"]


@pytest.mark.parametrize(
    "text",
    [
        "牵头单位：市教育局；配合单位：市财政局、市发改委",
        "市教育局（牵头）、市财政局（配合）、市发改委（配合）",
        "Lead: EDB\nSupport: 市财政局、市发改委",
    ],
)
def test_labels_in_a_cell_give_the_roles(text):
    named = bodies(text, REGISTER)
    assert (ids(named.leads), ids(named.helpers)) == (["edu"], ["finance", "reform"])


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("市教育局（张三 020-83123456）", "张三 020-83123456"),
        ("市教育局 张三 13800000000", "张三 13800000000"),
        ("市教育局 张三", "张三"),
        ("EDB (J. Wong)", "J. Wong"),
        ("EDB wong@edb.example", "wong@edb.example"),
    ],
)
def test_persons_and_numbers_are_set_apart(text, person):
    named = bodies(text, REGISTER)
    assert ids(named.others) == ["edu"]
    assert [each.strip("（）") for each in named.persons] == [person]


@pytest.mark.parametrize("end", ["等", "等有关部门", "、各有关部门", "、各街道", "、相关单位"])
def test_a_list_left_open_is_said(end):
    named = bodies(f"市教育局、市财政局{end}", REGISTER)
    assert ids(named.others) == ["edu", "finance"]
    assert named.open_ends == (end.strip("、"),)


@pytest.mark.parametrize(
    ("text", "leads", "helpers"),
    [
        ("市教育局牵头，市财政局、市发改委配合", ["edu"], ["finance", "reform"]),
        ("市教育局、市财政局牵头，市发改委配合", ["edu", "finance"], ["reform"]),
        ("由市教育局牵头", ["edu"], []),
        ("由市教育局牵头会同市财政局", ["edu"], []),
        ("市教育局 牵头 市财政局 配合", ["edu"], ["finance"]),
    ],
)
def test_words_behind_a_name_give_its_role(text, leads, helpers):
    named = bodies(text, REGISTER)
    assert (ids(named.leads), ids(named.helpers)) == (leads, helpers)


@pytest.mark.parametrize(
    "text",
    [
        "市教育局、市财政局（按职责分工负责）",
        "市教育局、市财政局分别负责",
        "市教育局会同市财政局",
        "市教育局：市财政局",
        "教育局 EDB、市财政局",
        "教育局\nEducation Bureau\n市财政局",
        "市教育局（EDB）、市财政局",
        "Education Bureau 教育局、市财政局",
        "市教育局 0571-8765 4321、市财政局",
    ],
)
def test_what_is_no_body_makes_none(text):
    named = bodies(text, REGISTER)
    assert [body.agencies for body in named.others] == [("edu",), ("finance",)]


@pytest.mark.parametrize("text", ["会同县人民政府", "新局 New Bureau of X"])
def test_an_unknown_name_is_one(text):
    assert [body.agencies for body in bodies(text, REGISTER).others] == [()]


def test_a_count_beside_a_name_is_no_name():
    assert ids(bodies("市教育局\n（2项）", REGISTER).others) == ["edu"]
    assert len(bodies("市教育局\n（2项）", REGISTER).others) == 1


def test_the_words_are_those_of_the_cell():
    (body,) = bodies("市水務局", REGISTER).others
    assert (body.text, body.agencies) == ("市水務局", ())


def test_similar_names_are_offered_and_never_taken():
    (body,) = bodies("市教委局", REGISTER).others
    assert body.agencies == ()
    assert "edu" in body.similar


@pytest.mark.parametrize("text", ["", "/", "-", "无", "N/A"])
def test_a_blank_names_none(text):
    assert bodies(text, REGISTER) == bodies("", REGISTER)


@pytest.mark.parametrize(
    ("text", "is_one"), [("张三", True), ("欧阳", True), ("财务处", False), ("教育局", False)]
)
def test_a_short_name_of_a_usual_family_is_a_person(text, is_one):
    assert is_person(text) is is_one
