"""A slip on paper says its frozen words whole, and a draft becomes one, or is withdrawn."""

from __future__ import annotations

import re

from catalog.letters.line import Text
from desk.papers.slip import words

ROW = re.compile(r'class="t" lang="zh" href="(/slips/[0-9a-f]{16})"')
BODY = """【演示數據】督辦單（黃色）：報告進展
答覆：簽收

編號：粵加貿辦督〔2014〕1號
致：省外經貿廳

措施18，已逾期8天。
已報情況：尚未報送

請貴單位立即落實。

協調辦公室
2014年1月8日

--
本單經協調辦公室審核發出。
"""


def test_each_part_of_the_words_has_its_place():
    paper = words(Text("【演示數據】【黃燈督辦單】報告進展，2013年12月31日到期", BODY))
    assert paper.title == "報告進展，2013年12月31日到期"
    assert paper.marks == ("演示數據", "黃燈督辦單")
    assert paper.to == "致：省外經貿廳"
    assert paper.findings == ("措施18，已逾期8天。", "已報情況：尚未報送", "請貴單位立即落實。")
    assert paper.signed == ("協調辦公室", "2014年1月8日")
    assert paper.foot == ("本單經協調辦公室審核發出。",)


def test_words_of_another_shape_are_said_whole():
    assert words(Text("督辦", "一句話。\n又一句。")).findings == ("一句話。", "又一句。")


def test_a_draft_is_released_under_a_number_and_its_paper_verifies(signed_in):
    chen = signed_in("chen")
    draft = ROW.findall(chen.get("/slips").text)[0]
    assert "擬稿，未發出" in chen.get(f"{draft}/print").text

    chen.post_form(f"{draft}/release", shown_on=draft)
    paper = chen.get(f"{draft}/print").text
    assert re.search(r"核驗碼 [0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}", paper)
    assert draft not in chen.get("/slips").text
    assert draft in chen.get("/slips?which=register").text


def test_a_draft_is_withdrawn_only_with_a_reason(signed_in):
    chen = signed_in("chen")
    draft = ROW.findall(chen.get("/slips").text)[0]
    assert chen.post_form(f"{draft}/withdraw", shown_on=draft).status_code == 422
    chen.post_form(f"{draft}/withdraw", shown_on=draft, reason="已電話答覆")
    assert draft not in chen.get("/slips").text
    assert chen.post_form(f"{draft}/release", shown_on=draft).status_code == 422
