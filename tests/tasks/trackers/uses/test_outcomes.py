"""Outcome of a tracker's line by its status, its share, its day and a report that is a state."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog.trackers.line import Line
from tasks.trackers.uses.outcomes import outcome

DAY = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("cells", "reading"),
    [
        ({"status": "已完成"}, "done"),
        ({"status": "完成"}, "done"),
        ({"status": "是"}, "done"),
        ({"status": "Completed on time"}, "done"),
        ({"status": "100%"}, "done"),
        ({"percent": "100.0%"}, "done"),
        ({"done_on": DAY}, "done"),
        ({"progress": "已完成。"}, "done"),
        ({"status": "未完成"}, "not-done"),
        ({"status": "否"}, "not-done"),
        ({"status": "Not started"}, "not-done"),
        ({"status": "正在推進"}, "taken-up"),
        ({"status": "基本完成"}, "taken-up"),
        ({"status": "80%"}, "taken-up"),
        ({"progress": "進行中"}, "taken-up"),
        ({"status": "按期办结"}, "done"),
        ({"status": "已整改到位"}, "done"),
        ({"status": "解除列管"}, "done"),
        ({"status": "整改中"}, "taken-up"),
        ({"status": "已启动"}, "taken-up"),
        ({"status": "完成90%"}, "taken-up"),
        ({"status": "长期坚持"}, "taken-up"),
        ({"status": "已超期"}, None),
        ({"status": "已交办"}, None),
        ({"status": "完成初稿"}, None),
        ({"status": "已完成初稿"}, None),
        ({"status": "已完成，材料已归档"}, "done"),
        ({"progress": "工作进展: 已建15所\n完成情况: 已办结"}, "done"),
        ({"progress": "1月: 已完成\n2月: 复查发现遗漏"}, None),
        # What says nothing, or two things, is asked.
        ({"progress": "已完成初稿"}, None),
        ({"status": "逾期"}, None),
        ({"status": "未完成", "done_on": DAY}, None),
        ({"status": "已完成", "percent": "60%"}, None),
        ({}, None),
    ],
)
def test_the_outcome_is_what_the_cells_say_alike(cells, reading):
    assert outcome(Line(place="台賬!3", row=2, **cells)) == reading
