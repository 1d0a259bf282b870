"""Heads of columns and the roles they name, alone and beside others."""

from __future__ import annotations

import pytest

from catalog.trackers.columns import role_of
from catalog.trackers.grid import Cell, Grid, Range
from catalog.trackers.mapping import fingerprint, guess

HEADS = {
    "number": "序号|序 号|編號|项次|督办编号|建议/提案号|No.|S/N|Ref|Action ID|登记号|提案号|段落",
    "title": (
        "事项|重點任務|议定事项|具体举措|整改措施|督办标题|案由|跟進行動|Action|"
        "Task|Recommendation|Work package"
    ),
    "lead": (
        "责任单位|牽頭單位|主办部门|承办科室|負責部門|Owner|Lead Department|Assigned to|Responsible"
    ),
    "participants": "配合单位|協辦部門|会办单位|參與單位|Supporting|Consulted",
    "person": "责任人|联系人及电话|责任领导|经办人|代表（委员）|Contact person",
    "due": (
        "完成时限|办理期限|截止日期|完成时间|要求办结时间|計劃完成日期|"
        "目標完成日期|起止年限|Due date|Deadline|Target date"
    ),
    "done": (
        "实际完成时间|办结日期|销号时间|實際完成日期|Date completed"
        "|Closed|Closure date|Actual completion"
    ),
    "opens": "开始时间|交办时间|计划开工时间|Start date|Raised|Date raised",
    "progress": "进展情况|落实情况|辦理情形|完成情况|Latest update|Progress",
    "percent": "完成率|进度（%）|% complete",
    "problem": "存在问题|需要协调事项|困难|未办结原因|Issues",
    "next_step": "下一步工作|解决措施|下步打算|下周计划|Next steps",
    "status": "状态|是否完成|現況|列管情形|Status|RAG|Completed?|Closed (Y/N)",
    "document": "佐证材料|支撑材料|销号依据|Evidence",
    "source": "来源|会议名称及时间|来文单位|收文日期|文号|Source",
    "chapter": "类别|领域|Category",
    "note": "备注|備註|Remarks",
}


@pytest.mark.parametrize("role", HEADS)
def test_a_head_names_its_role(role):
    assert {head: role_of(head) for head in HEADS[role].split("|")} == dict.fromkeys(
        HEADS[role].split("|"), role
    )


@pytest.mark.parametrize(
    "head",
    [
        "优先级",
        "总投资（万元）",
        "一季度",
        "Priority",
        "",
        "满意度",
        "更新日期",
        "是否序时",
        "是否超期",
        "是否按时完成",
        "考核单位",
        "督办时间",
    ],
)
def test_an_unknown_head_names_none(head):
    assert role_of(head) is None


def roles(*heads, rows=(), merged=()):
    mapping = guess(Grid("a", tuple(tuple(map(Cell, row)) for row in (heads, *rows)), merged))
    return [mapping.columns.get(n) for n in range(len(heads))]


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ("序号 事项 完成日期", "number title due"),
        ("序号 事项 完成时限 完成日期", "number title due done"),
        ("事项 牵头单位 责任单位 完成时限", "title lead participants due"),
        ("事项 责任单位 完成时限", "title lead due"),
        ("事项 责任单位及联系人 完成时限", "title lead due"),
        ("事项 责任人 完成时限", "title person due"),
        ("事项 会议时间 完成时限", "title source due"),
        ("事项 节点 完成时限", "title - due"),
        ("事项 完成时间 完成时限", "title done due"),
        ("事项 完成时间 计划完成时间", "title done due"),
        ("事项 完成时间 完成时限 实际完成时间", "title - due done"),
        ("事项 节点 完成时间", "title - due"),
        ("收文日期 事项 要求反馈时间 办结时间", "source title due done"),
        ("序号 批示件名称 批示时间 承办单位", "number title source lead"),
        ("段落 跟進事項/Follow-up 負責人/部門 限期", "number title lead due"),
        ("填报单位 事项 责任单位 时限", "- title lead due"),
        ("事项 原定时限 延期后时限", "title due due"),
        ("Action Owner Original/due/date Revised/due/date", "title lead due due"),
        ("Action Due Days/overdue", "title due -"),
        ("事项 领导批示内容 责任单位", "title source lead"),
        ("事项 时间进度 工作进度", "title due progress"),
    ],
)
def test_a_head_is_read_beside_the_others(heads, expected):
    assert roles(*heads.split()) == [None if r == "-" else r for r in expected.split()]


def test_a_column_of_numbers_under_a_bilingual_head_numbers_the_rows():
    heads = ("項目 Item", "跟進事項 Action", "負責部門 Lead")
    assert roles(*heads, rows=[("1", "a", "b"), ("2", "c", "d")]) == ["number", "title", "lead"]


def test_parts_of_a_wide_head_have_roles_of_their_own():
    heads = ("序号", "任务", "责任单位", "", "时限")
    parts = ("", "", "牵头", "配合", "")
    merged = (Range(0, 2, 0, 3), *(Range(0, n, 1, n) for n in (0, 1, 4)))
    found = roles(*heads, rows=[parts], merged=merged)
    assert found == ["number", "title", "lead", "participants", "due"]


def test_the_quarters_of_a_schedule_are_no_due_date():
    heads, parts = ("任务", "牵头单位", "进度安排", "", ""), ("", "", "一季度", "二季度", "三季度")
    merged = (Range(0, 2, 0, 4), *(Range(0, n, 1, n) for n in (0, 1)))
    assert roles(*heads, rows=[parts], merged=merged) == ["title", "lead", *["note"] * 3]


def test_a_form_is_found_again_whatever_its_rows():
    heads = (Cell("序号"), Cell("事项"), Cell("责任单位"))
    first = Grid("一月", ((Cell("2026年1月"),), heads, (Cell("1"), Cell("a"), Cell("b"))))
    later = Grid("二月", ((Cell("2026年2月"),), heads))
    other = Grid("二月", ((Cell("序号"), Cell("事项"), Cell("牵头单位")),))
    assert fingerprint(first) == fingerprint(later) != fingerprint(other)
