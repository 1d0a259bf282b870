"""The calendar of a year tells the words of letters, each with its subject."""

from __future__ import annotations

from datetime import date

from catalog.letters.layout import digest
from catalog.letters.line import DutyLine, News, Office, TidingLine
from catalog.letters.sheet import plain
from tests.year import Item, grouped, items_of

LINE = DutyLine(
    key="small-2013/1.report/-/once",
    measure="1",
    title="報送實施方案",
    says=("報送",),
    lead="省外經貿廳",
    performer="省外經貿廳",
    due_on=date(2014, 6, 30),
    ask="file",
    news=(News("before", "file"),),
)


def test_each_item_of_a_letter_has_its_sentence_and_its_subject():
    sheet = digest(
        [LINE],
        language="zh-Hant",
        recipients=["省外經貿廳"],
        office=Office("協調辦公室"),
        on=date(2014, 5, 30),
        base_url="http://localhost:8180",
        tidings=[TidingLine("督辦通報〔2014〕1號", "http://localhost:8180/circulars")],
    )
    text = plain(sheet)

    assert items_of(text.subject, text.body) == [
        Item("請按時完成並報送", "報送實施方案"),
        Item("其他通知", "督辦通報〔2014〕1號"),
    ]


def test_items_of_one_sentence_stand_together_and_many_are_counted():
    items = [Item("請簽收。", f"事項{n}") for n in range(8)]

    assert grouped(items) == "請簽收。 — 事項0；事項1；事項2；事項3；事項4；事項5 等8項"
