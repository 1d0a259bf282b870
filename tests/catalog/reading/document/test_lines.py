"""Lines that a page broke are joined, and every place keeps its line."""

from __future__ import annotations

import pytest

from catalog.reading.document.lines import paper

FULL = "加快推进政务服务事项清单修订和公布工作并向社会公开"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (f"1.{FULL}\n并接受监督。", f"1.{FULL}并接受监督。"),
        (f"1.{FULL}。\n并接受监督。", f"1.{FULL}。\n并接受监督。"),
        (f"1.{FULL}\n2.并接受监督。", f"1.{FULL}\n2.并接受监督。"),
        (f"1.{FULL}\n责任单位：市商务局", f"1.{FULL}\n责任单位：市商务局"),
        (f"1.{FULL}\n2024年5月6日", f"1.{FULL}\n2024年5月6日"),
        (f"1.{FULL}\n\n并接受监督。", f"1.{FULL}\n并接受监督。"),
        ("（市商\n务局、市财\n政局）", "（市商务局、市财政局）"),
        ("每年组织 30 - 40 场活动，2024 年 5 月", "每年组织30-40场活动，2024年5月"),
        (f"1.{FULL}。（市商务局）\n专栏", f"1.{FULL}。（市商务局）\n专栏"),
        ("责任单位：市商务局 市财政局", "责任单位：市商务局 市财政局"),
        ("⼈⺠政府2024年6⽉底前", "人民政府2024年6月底前"),
        ("9. 6月底前完成", "9. 6月底前完成"),
        ("市\u200b商\x00务局", "市商 务局"),
        ("# 来源\n1.召开会议。", "1.召开会议。"),
    ],
)
def test_a_text_is_read_in_paragraphs(raw, text):
    assert paper(raw, name="test.txt").text == text


def test_a_place_is_told_by_the_line_it_stood_on():
    read = paper(f"标题\n\n1.{FULL}\n并接受监督。\n2.召开会议。", name="test.txt")
    lines = [read.line(read.text.index(words)) for words in ("标题", "加快", "监督", "召开")]
    assert lines == [1, 3, 4, 5]
