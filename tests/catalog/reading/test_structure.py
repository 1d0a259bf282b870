"""A document falls into its chapters, sections and items, whatever way it numbers them."""

from __future__ import annotations

import pytest

from catalog.reading.head import head
from catalog.reading.paper import paper
from catalog.reading.structure import beginning, items


def read(text):
    return items(paper(text, name="test.txt").text)


def told(text):
    return [(i.number, i.chapter, i.section, i.title) for i in read(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "一、任务\n（一）推进试点。\n1.召开会议。明确分工。\n2.开展检查。\n（二）加强宣传。\n3.编发简报。",
            [
                ("1", "一、任务", "（一）推进试点", "召开会议"),
                ("2", "一、任务", "（一）推进试点", "开展检查"),
                ("3", "一、任务", "（二）加强宣传", "编发简报"),
            ],
        ),
        (
            "一、任务\n1．召开会议。\n2．开展检查。\n二、保障措施\n（一）加强领导。健全机制。",
            [
                ("1", "一、任务", "一、任务", "召开会议"),
                ("2", "一、任务", "一、任务", "开展检查"),
                ("S1", "二、保障措施", "（一）加强领导", "加强领导"),
            ],
        ),
        (
            "一、任务\n1、召开会议。\n2、开展检查。\n二、要求\n1、编发简报。",
            [
                ("1", "一、任务", "一、任务", "召开会议"),
                ("2", "一、任务", "一、任务", "开展检查"),
                ("3", "二、要求", "二、要求", "编发简报"),
            ],
        ),
        (
            (
                "第一章 总则\n第一条 制定本办法。\n第二章 职责\n第二条 财政部门安排资金。\n"
                "第三条 开展检查。"
            ),
            [
                ("2", "第二章 职责", "第二章 职责", "财政部门安排资金"),
                ("3", "第二章 职责", "第二章 职责", "开展检查"),
            ],
        ),
        (
            "一、推进试点。明确分工。\n二、召开会议。",
            [
                ("1", "一、推进试点", "一、推进试点", "推进试点"),
                ("2", "二、召开会议", "二、召开会议", "召开会议"),
            ],
        ),
        (
            "1.推进试点。\n（1）召开会议。\n（2）开展检查。",
            [("1", "1.推进试点", "1.推进试点", "推进试点")],
        ),
        (
            "1.推进试点。\n（1）召开会议。（市商务局负责）\n（2）开展检查。（市财政局负责）",
            [
                ("1", "1.推进试点", "1.推进试点", "召开会议"),
                ("2", "1.推进试点", "1.推进试点", "开展检查"),
            ],
        ),
        (
            "一、指导思想\n以改革为动力。\n二、发展目标\n到2025年达到80%。\n三、任务\n1.召开会议。",
            [
                ("S1", "二、发展目标", "二、发展目标", "发展目标"),
                ("1", "三、任务", "三、任务", "召开会议"),
            ],
        ),
        (
            "工作要点\n推进试点。\n责任单位：市商务局\n时限：6月底前\n召开会议。（市财政局负责）",
            [("1", "推进试点", "推进试点", "推进试点"), ("2", "召开会议", "召开会议", "召开会议")],
        ),
    ],
)
def test_items_are_found_with_their_headings(text, parts):
    assert told(text) == parts


def test_the_signature_and_what_follows_belong_to_no_item():
    text = "1.召开会议。\n江河市人民政府\n2024年1月5日\n（此件公开发布）\n抄送：市委办公室"
    assert read(text)[0].text == "召开会议。"


def test_who_answers_is_blanked_out_of_the_words_and_every_place_is_kept():
    text = paper("1.召开会议。（市商务局负责）开展检查。", name="x").text
    (item,) = items(text)
    assert len(item.text) == len(text) - item.start
    assert item.text.split() == ["召开会议。", "开展检查。"]
    (role,) = item.roles
    assert text[role.start : role.end] == "市商务局负责"


def test_a_line_that_says_by_when_stays_among_the_words():
    (item,) = read("1.召开会议。\n责任单位：市商务局；完成时限：2024年底前")
    assert item.text.split() == ["召开会议。", "完成时限：2024年底前"]


@pytest.mark.parametrize(
    ("text", "title", "number", "term"),
    [
        (
            "关于推进试点的通知\n江政发〔2024〕3号\n一、任务",
            "关于推进试点的通知",
            "江政发〔2024〕3号",
            None,
        ),
        (
            "江河市人民政府文件\n关于推进试点\n工作的意见\n一、任务",
            "关于推进试点工作的意见",
            None,
            None,
        ),
        (
            "试点三年行动计划（2024—2026年）\n一、任务",
            "试点三年行动计划（2024—2026年）",
            None,
            (2024, 2026),
        ),
        ("2024年工作要点\n一、任务", "2024年工作要点", None, (2024, 2024)),
        ("“十四五”规划任务\n一、任务", "“十四五”规划任务", None, (2021, 2025)),
    ],
)
def test_the_head_tells_title_number_and_term(text, title, number, term):
    read = head(text, until=beginning(text))
    years = read.term and (read.term[0].year, read.term[1].year)
    assert (read.title, read.number, years) == (title, number, term)
