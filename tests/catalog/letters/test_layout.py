"""What letters say: the first two lines, the most urgent first, a sentence for each rung."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.letters.asks import EVENTS
from catalog.letters.layout import (
    NoticeLine,
    Text,
    TidingLine,
    digest_text,
    one_line,
    slip_text,
)
from catalog.wording import languages, say, spell

LINE = NoticeLine(
    key="guangdong-2013/40.meeting/-/2014",
    measure="40",
    title="召開粵港、粵澳合作聯席會議",
    says="每年召開1-2次",
    lead="省外經貿廳",
    performer="省外經貿廳",
    participants=("省港澳辦", "省商務廳"),
    due_on=date(2014, 6, 30),
    rung="before-30",
    light="green",
    quota_min=1,
    quota_max=2,
)
LATE = replace(
    LINE, key="b", title="舉辦推介會", due_on=date(2014, 5, 1), rung="late-7", light="red"
)
RUNGS = ["issue", "unsigned-5", "before-30", "behind:2014-Q1", "late-1", "late-every-15:30"]


def told(*lines: NoticeLine, on: date = date(2014, 5, 30), language="zh-Hant", **more) -> Text:
    return digest_text(lines, language=language, recipient="省外經貿廳", on=on, **more)


def slip(line: NoticeLine, **more) -> Text:
    facts = {"language": "zh-Hant", "recipient": "省外經貿廳", "office": "協調辦公室"}
    return slip_text(line, **(facts | more), on=date(2014, 5, 30), plan="實施方案")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-Hant", "2014年6月30日"), ("zh-Hans", "2014年6月30日"), ("en", "30 June 2014")],
)
def test_a_date_is_written_as_the_language_does(language: str, expected: str):
    assert spell(language, date(2014, 6, 30)) == expected


def test_the_subject_has_light_title_and_due_date():
    assert told(LINE).subject == "【綠燈】召開粵港、粵澳合作聯席會議，2014年6月30日到期"


def test_a_duty_is_one_item_however_much_there_is_to_say_of_it():
    returned = replace(LINE, rung="returned:1", remark="材料不齊")
    planned = replace(LINE, rung="meeting-planned:1", remark="2014-06-20")
    text = told(planned, returned, LINE)

    assert text.subject == told(LINE).subject
    assert "2. " not in text.body
    assert text.body.count("期限：") == 1
    places = [text.body.index(words) for words in ("材料不齊", "距期限尚有31天", "2014-06-20")]
    assert places == sorted(places)


def test_the_first_two_lines_say_what_by_when_and_where():
    what, where, *_ = told(LINE, base_url="http://duban.example/").body.splitlines()
    assert what == "請於2014年6月30日或之前完成：召開粵港、粵澳合作聯席會議"
    assert where == "答覆：http://duban.example/duty/guangdong-2013/40.meeting/-/2014"


def test_without_a_page_the_command_is_named():
    assert f"duban file {LINE.key}" in told(LINE).body.splitlines()[1]


def test_a_digest_begins_with_the_most_urgent():
    text = told(LINE, LATE, base_url="http://h")
    assert text.subject == "【紅燈】舉辦推介會，2014年5月1日到期 等2項"
    assert text.body.startswith("已逾期29天，請立即完成：舉辦推介會")
    assert text.body.index("1. 【紅燈】舉辦") < text.body.index("2. 【綠燈】召開")


def test_a_digest_is_the_same_in_whatever_order_it_is_given():
    assert told(LINE, LATE) == told(LATE, LINE)


def test_a_block_has_the_plans_words_the_parties_and_what_is_reported():
    body = told(replace(LINE, delivered=1, acknowledged_on=date(2014, 1, 6))).body
    assert "文件原文（措施40）：「每年召開1-2次」" in body
    assert "牽頭單位：省外經貿廳；承辦單位：省外經貿廳；配合單位：省港澳辦、省商務廳" in body
    assert "已報情況：已完成1項，要求1-2項；2014年1月6日簽收；尚未報送" in body


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1, 2, "要求1-2項"), (2, 2, "要求2項"), (3, None, "要求不少於3項")],
)
def test_a_quota_is_said_as_the_plan_has_it(low: int, high: int | None, expected: str):
    assert expected in told(replace(LINE, quota_min=low, quota_max=high)).body


def test_a_duty_without_a_quota_speaks_of_none():
    assert "要求" not in told(replace(LINE, quota_min=None, quota_max=None)).body


@pytest.mark.parametrize(
    ("rung", "on", "expected"),
    [
        ("issue", date(2014, 1, 2), "本事項現予交辦，請簽收。"),
        ("unsigned-5", date(2014, 1, 9), "交辦已滿5個工作日，尚未簽收"),
        ("before-30", date(2014, 5, 30), "距期限尚有31天"),
        ("before-1", date(2014, 6, 29), "距期限尚有1天"),
        ("before-1", date(2014, 6, 30), "今日到期"),
        ("before-1", date(2014, 7, 2), "已逾期2天，請立即報送"),
        ("behind:2014-Q1", date(2014, 3, 31), "截至2014年第1季度"),
        ("late-1", date(2014, 7, 1), "已逾期1天，請立即報送"),
        ("late-every-15:30", date(2014, 7, 30), "已逾期30天仍未銷號"),
        ("a-rung-of-its-own", date(2014, 6, 1), "距期限尚有29天"),
    ],
)
def test_each_rung_has_its_sentence(rung: str, on: date, expected: str):
    assert expected in told(replace(LINE, rung=rung), on=on).body


@pytest.mark.parametrize("language", languages())
def test_no_two_families_of_rungs_say_the_same(language: str):
    said = set()
    for rung in RUNGS:
        on = date(2014, 7, 30) if rung.startswith("late") else date(2014, 3, 31)
        said.add(told(replace(LINE, rung=rung), on=on, language=language).body.splitlines()[-5])
    assert len(said) == len(RUNGS)


def test_one_day_is_singular_in_english():
    assert "Overdue by 1 day:" in told(LINE, on=date(2014, 7, 1), language="en").body


def test_a_participant_is_told_and_asked_for_nothing():
    body = told(replace(LINE, rung="issue", information=True)).body
    assert body.startswith("請知悉：")
    assert "請簽收" not in body
    assert "duban file" not in body


def test_the_office_is_told_that_a_draft_waits():
    body = told(replace(LATE, awaits_release=True)).body
    assert body.startswith("請審核督辦單：")
    assert "督辦單已擬好，待貴辦審核發出" in body


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_has_its_sentence_and_what_was_said_with_it(event: str):
    body = told(replace(LINE, rung=f"{event}:2", remark="缺少\n附件")).body
    assert "說明：缺少 附件" in body
    assert "距期限" not in body


@pytest.mark.parametrize(
    ("event", "first"),
    [
        ("returned", "請於2014年6月30日或之前完成："),
        ("filed", "請審閱並作出決定："),
        ("closed", "請知悉："),
    ],
)
def test_the_first_line_says_what_an_event_wants(event: str, first: str):
    assert told(replace(LINE, rung=f"{event}:1")).body.startswith(first)


def test_a_provisional_date_is_said_to_be_one():
    assert "暫定" in told(replace(LINE, provisional=True)).body


@pytest.mark.parametrize("language", languages())
def test_demonstration_letters_are_marked_in_subject_and_body(language: str):
    mark = say(language, "notice.demo")
    letters = [told(LINE, demo=True, language=language), slip(LATE, demo=True, language=language)]
    for text in letters:
        assert text.subject.startswith(mark)
        assert text.body.startswith(mark)
        assert say(language, "notice.demo-foot") in text.body


@pytest.mark.parametrize(("grade", "word"), [("amber", "黃燈督辦單"), ("red", "紅燈督辦單")])
def test_a_slip_has_its_grade_and_its_finding(grade: str, word: str):
    text = slip(LATE, grade=grade)
    assert text.subject == f"【{word}】舉辦推介會，2014年5月1日到期"
    assert "應於2014年5月1日前（含當日）完成。截至2014年5月30日，已逾期29天。" in text.body
    assert "協調辦公室\n2014年5月30日" in text.body


def test_the_two_slips_ask_for_different_things():
    amber, red = slip(LATE, grade="amber").body, slip(LATE, grade="red").body
    assert "分管領導" in amber
    assert "責任領導" in red


@given(st.text())
def test_one_line_has_no_line_end_control_or_bidi_mark(text: str):
    line = one_line(text)
    assert {unicodedata.category(c) for c in line}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    assert line == " ".join(line.split())


@given(st.text(), st.sampled_from(languages()))
def test_no_title_makes_a_line_of_its_own(title: str, language: str):
    text = told(replace(LINE, title=title), language=language, base_url="http://h")
    plain = told(LINE, language=language, base_url="http://h")
    assert len(text.body.splitlines()) == len(plain.body.splitlines())
    assert len(text.subject.splitlines()) == 1


@pytest.mark.parametrize("language", languages())
def test_a_digest_may_tell_of_no_duty_at_all(language):
    news = TidingLine("督辦通報〔2014〕1號", "https://duban.example/circulars/2014-12")
    letter = told(language=language, tidings=[news])
    assert letter.subject == news.title
    first, second, *_ = letter.body.splitlines()
    assert news.title in first
    assert second == news.where


def test_what_is_about_no_duty_stands_after_the_duties():
    letter = told(LINE, tidings=[TidingLine("督辦通報〔2014〕1號", "查閱")])
    assert LINE.title in letter.subject
    assert letter.body.index("1. ") < letter.body.index("2. 督辦通報〔2014〕1號")


def test_the_title_of_a_tiding_is_one_line():
    letter = told(tidings=[TidingLine("通報\r\nBcc: x@example.com", "查閱")])
    assert letter.subject == "通報 Bcc: x@example.com"
