"""No letter doubles its stops or blanks, in any language, whatever it is about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from catalog.letters.ask_rules import rule
from catalog.letters.inquiry import Inquiry, Word
from catalog.letters.line import News, TidingLine
from catalog.letters.matters import EVENTS
from catalog.wording import languages, texts
from tests.catalog.letters.lines import LINE, letter, new

RUNGS = ("open", "unsigned", "before", "late", "pace", "progress", "silent", "draft")
DOUBLED = re.compile(r"[。，；：、.,;:]\s*[。，；：、.,;:]|\S  +\S|\( | \)|\{|\}| [,.;:]")
WORD = Word(date(2014, 3, 3), "省外經貿廳", "已完成初稿。")
INQUIRY = Inquiry(asked_on=date(2014, 3, 31), workdays=10, word=WORD)
# Terms of Taiwan and Hong Kong that offices of the mainland do not write.
FOREIGN = re.compile(
    "介面|字元|登入|列印|[资資]料[夹夾]|[档檔]案|巨集|伺服器|资讯|软体|网路|预设|程式|資料庫"
)


def doubled(text: str) -> list[str]:
    """Return the places of `text` with two stops or blanks, addresses aside."""
    rows = (row for row in text.splitlines() if row != "-- " and "://" not in row)
    return [row for row in rows if DOUBLED.search(row.strip())]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("matter", [*RUNGS, *EVENTS])
def test_nothing_is_doubled_whatever_a_letter_is_about(matter: str, language: str):
    inquiry = INQUIRY if matter in {"progress", "silent"} else None
    words = "已商財政廳。" if matter in EVENTS else ""
    for part, ask in rule(matter).asks.items():
        news = News(matter, ask, 5, "2014-Q1", remark=words, inquiry=inquiry)
        line = replace(LINE, ask=ask, part=part, news=(news,), returned_on=date(2014, 5, 20))
        tidings = [TidingLine("督辦通報")]
        for lines in ([line], [line, *map(new, range(3))]):
            for more in ([], tidings):
                text = letter(*lines, language=language, tidings=more, attached="list.xlsx")
                assert doubled(f"{text.subject}\n{text.body}") == []


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_letters_and_pages_for_the_mainland_write_its_terms(language: str):
    wrong = {key: text for key, text in texts(language).items() if FOREIGN.search(text)}
    assert wrong == {}


def test_simplified_texts_quote_as_the_mainland_does():
    assert {key: text for key, text in texts("zh-Hans").items() if re.search("[「」]", text)} == {}
