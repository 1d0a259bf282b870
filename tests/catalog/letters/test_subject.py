"""Subjects: what is asked, of how many duties, and the next due date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from catalog.letters.kinds import KINDS
from catalog.letters.line import News
from catalog.wording import has, languages
from tests.catalog.letters.lines import LATE, LINE, letter, new


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hant", "關於交辦26項任務的通知（最近時限6月30日）"),
        ("zh-Hans", "关于交办26项任务的通知（最近时限6月30日）"),
        ("en", "26 new duties (next due 30 Jun)"),
    ],
)
def test_many_duties_are_counted(language: str, expected: str):
    assert letter(*map(new, range(26)), language=language).subject == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hant", "關於交辦「任務1」的通知（時限6月30日）"),
        ("zh-Hans", "关于交办“任務1”的通知（时限6月30日）"),
        ("en", "New duty: 任務1 (due 30 Jun)"),
    ],
)
def test_one_duty_is_named(language: str, expected: str):
    assert letter(new(1), language=language).subject == expected


def test_the_most_pressing_come_first():
    lines = [LINE, LATE, *map(new, range(3))]
    what = "立即辦理1項逾期任務、按期辦理1項任務等"
    assert letter(*lines).subject == f"關於{what}的通知（最近時限6月30日）"


def test_where_all_is_late_the_earliest_date_is_named():
    text = letter(LATE, replace(LATE, key="c", of="p/c", due_on=date(2013, 12, 31)))
    assert text.subject == "關於立即辦理2項逾期任務的通知（最早時限2013年12月31日）"


def test_the_next_date_is_of_what_is_to_be_done():
    soon = new(1, ask="know", news=(News("prepared-report", "know"),), due_on=date(2014, 6, 1))
    assert "（最近時限6月30日）" in letter(LINE, soon).subject


def test_what_is_over_has_no_next_date():
    over = new(1, ask="know", news=(News("closed", "know"),), is_over=True)
    assert letter(over).subject == "關於「任務1」銷號的通知"


def test_a_copy_of_a_slip_is_called_one():
    copy = new(1, ask="know", news=(News("copied", "know", remark="督〔2014〕1號"),))
    text = letter(copy)
    assert text.subject == "關於抄送「任務1」督辦單的通知（時限6月30日）"
    assert "督辦單已發省外經貿廳，抄送貴單位。編號：督〔2014〕1號" in text.body


def test_a_meeting_is_not_due():
    meeting = new(1, ask="attend", news=(News("meeting-planned", "attend", remark="6月20日"),))
    assert letter(meeting).subject == "關於出席「任務1」的通知"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_words(kind: str, language: str):
    for key in (f"ask.{kind}", f"letter-subject.one.{kind}", f"letter-subject.many.{kind}-other"):
        assert has(language, key)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hant", "關於出席「任務1」的通知（6月20日）"),
        ("zh-Hans", "关于出席“任務1”的通知（6月20日）"),
        ("en", "Please attend: 任務1 (20 Jun)"),
    ],
)
def test_an_invitation_names_its_day_and_place_before_all_else(language: str, expected: str):
    news = (News("meeting-planned", "attend", remark="6月20日 09:00，一號會議室"),)
    meeting = new(1, ask="attend", part="participant", news=news, meets_on=date(2014, 6, 20))
    text = letter(meeting, language=language)
    assert text.subject == expected
    assert "6月20日 09:00，一號會議室" in text.body.splitlines()[0]
    assert text.body.count("6月20日 09:00，一號會議室") == 2
    assert "2014年6月30日" not in text.body


def test_a_letter_that_asks_for_nothing_tells_where_to_see_more():
    news = new(1, ask="know", news=(News("closed", "know"),), is_over=True)
    _, second, *_ = letter(news, base_url="http://h").body.splitlines()
    assert second == "查看詳情：http://h/duty/p/1.x/-/2014"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hant", "關於取消「任務1」的通知"),
        ("zh-Hans", "关于取消“任務1”的通知"),
        ("en", "Cancelled: 任務1"),
    ],
)
def test_a_single_piece_of_news_is_told_in_the_subject(language: str, expected: str):
    news = (News("meeting-called-off", "know"),)
    line = new(1, ask="know", news=news, is_over=True)
    assert letter(line, language=language).subject == expected
