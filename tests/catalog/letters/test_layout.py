"""Digests: one line a duty, in groups, the most pressing first, and where to answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.letters.layout import MOST_LINES, is_cut
from catalog.letters.line import News, Office, TidingLine
from catalog.letters.short import LONGEST, short
from catalog.wording import languages, say
from tests.catalog.letters.lines import LATE, LINE, letter, new, sheet


def test_the_first_two_lines_say_what_by_when_and_where():
    what, where, *_ = letter(LINE, base_url="http://duban.example/").body.splitlines()
    assert what == "按期辦理「召開粵港、粵澳合作聯席會議」。時限：2014年6月30日（還有31天）。"
    assert where == "辦理地址：http://duban.example/duty/guangdong-2013/40.meeting/-/2014"


def test_without_a_desk_the_contact_person_is_named():
    assert letter(LINE).body.splitlines()[1] == (
        "辦理或答覆，請聯繫協調辦公室（張三，電話020-12345678）。"
    )


def test_the_office_is_not_told_to_ask_itself():
    own = letter(LINE, recipients=["協調辦公室"])
    assert own.body.splitlines()[1:3] == ["", "致：協調辦公室"]
    assert (
        "辦理地址：http://h/" in letter(LINE, recipients=["協調辦公室"], base_url="http://h").body
    )


@pytest.mark.parametrize(
    ("office", "rows"),
    [
        (Office("協調辦公室", "張三", "020-1"), ["協調辦公室", "聯繫人：張三，電話020-1"]),
        (Office("協調辦公室", "張三"), ["協調辦公室", "聯繫人：張三"]),
        (Office("協調辦公室", "", "020-1"), ["協調辦公室", "聯繫人：020-1"]),
        (Office("協調辦公室"), ["協調辦公室"]),
    ],
)
def test_every_letter_ends_with_the_office_and_its_person(office: Office, rows: list[str]):
    foot = letter(LINE, office=office).body.split("\n-- \n")[1].splitlines()
    assert foot[:-1] == rows


def test_lines_stand_in_groups_the_most_pressing_first():
    mend = new(1, ask="mend", news=(News("returned", "mend"),))
    know = new(2, ask="know", news=(News("closed", "know"),), is_over=True)
    body = letter(know, new(3), LINE, LATE, mend).body
    headings = [line for line in body.splitlines() if line.startswith("■")]
    assert headings == [
        "■ 退回補正，請修改後重新報送（1項）",
        "■ 已逾期，請立即報送（1項）",
        "■ 請按時完成並報送（1項）",
        "■ 新交辦，請簽收（1項）",
        "■ 供知悉（1項）",
    ]


def test_in_a_group_lines_stand_by_due_date():
    days = {1: date(2014, 12, 31), 2: date(2014, 6, 30), 3: date(2014, 9, 30)}
    body = letter(*(new(number, due_on=day) for number, day in days.items())).body
    places = [body.index(f"任務{number}") for number in (2, 3, 1)]
    assert places == sorted(places)


def test_of_one_day_lines_stand_in_the_order_of_the_plan():
    body = letter(*(replace(new(number), key=f"p/{number}.a/-/once") for number in (10, 2))).body
    assert body.index("任務2") < body.index("任務10")


def test_a_digest_is_the_same_in_whatever_order_it_is_given():
    assert letter(LINE, LATE) == letter(LATE, LINE)


def test_a_line_is_short():
    body = letter(LINE, *map(new, range(3)), base_url="http://h").body
    block = body.split("1. ")[1].split("\n\n")[0]
    assert block.splitlines() == [
        "召開粵港、粵澳合作聯席會議",
        "   時限：2014年6月30日（還有31天）",
        "   http://h/duty/guangdong-2013/40.meeting/-/2014",
    ]


def test_a_letter_with_few_lines_has_the_plans_words_the_parties_and_the_reports():
    line = replace(LINE, delivered=1, acknowledged_on=date(2014, 1, 6))
    body = letter(line).body
    assert "文件原文（措施40）：「每年召開1-2次」" in body
    assert "牽頭單位：省外經貿廳；承辦單位：省外經貿廳；配合單位：省港澳辦、省商務廳" in body
    assert "已報情況：已完成1項，要求1-2項；2014年1月6日簽收；尚未報送" in body


def test_each_place_of_a_duty_in_the_plan_is_quoted():
    body = letter(replace(LINE, says=("每年召開1-2次", "輪流主辦"))).body
    assert "「每年召開1-2次…輪流主辦」" in body


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1, 2, "要求1-2項"), (2, 2, "要求2項"), (3, None, "要求不少於3項")],
)
def test_a_quota_is_said_as_the_plan_has_it(low: int, high: int | None, expected: str):
    assert expected in letter(replace(LINE, quota_min=low, quota_max=high)).body


def test_a_duty_without_a_quota_speaks_of_none():
    assert "要求" not in letter(replace(LINE, quota_min=None, quota_max=None)).body


def test_a_provisional_date_is_said_to_be_one():
    assert "暫定" in letter(replace(LINE, provisional=True)).body


def test_fifteen_lines_and_the_rest_in_the_list():
    lines = [new(number) for number in range(26)]
    body = letter(*lines, attached="duties.xlsx").body
    assert is_cut(lines, LINE.due_on)
    assert "以下列出26條中的前15條，全部事項見附件duties.xlsx。" in body
    assert body.count("   時限：") == MOST_LINES
    assert not is_cut(lines[:MOST_LINES], LINE.due_on)


def test_a_channel_without_files_is_told_of_none():
    body = letter(*(new(number) for number in range(26))).body
    assert "以下列出26條中的前15條。" in body
    assert "附件" not in body


def test_periods_of_one_obligation_are_one_line():
    months = [
        new(9, key=f"p/9.x/-/2014-{month:02}", due_on=date(2014, month, 10))
        for month in range(1, 13)
    ]
    text = letter(*months)
    assert "共12項，最近一項時限：2014年6月10日（還有11天）" in text.body
    assert text.body.count("任務9") == 1
    assert text.subject == "關於交辦12項任務的通知（最近時限6月10日）"


def test_parties_of_one_obligation_are_one_line_for_whoever_follows_them_up():
    news = (News("late", "follow-up"),)
    cities = [
        replace(LATE, key=name, performer=name, ask="follow-up", part="lead", news=news)
        for name in ("廣州市", "深圳市")
    ]
    assert "廣州市、深圳市尚未報送，請督促其立即報送。" in letter(*cities).body


@pytest.mark.parametrize("ask", ["mend", "accept", "decide", "release"])
def test_what_is_decided_one_by_one_keeps_a_line_each(ask):
    lines = [
        new(9, key=key, ask=ask, news=(News("open", ask),), due_on=day)
        for key, day in (("a", date(2014, 7, 1)), ("b", date(2014, 8, 1)))
    ]
    assert letter(*lines).body.count("任務9") == 2


@pytest.mark.parametrize("language", languages())
def test_demonstration_letters_are_marked_in_subject_and_body(language: str):
    mark = say(language, "notice.demo")
    text = letter(LINE, demo=True, language=language)
    assert text.subject.startswith(mark)
    assert text.body.startswith(mark)
    assert say(language, "notice.demo-foot") in text.body


@given(st.text(), st.sampled_from(languages()))
def test_no_title_makes_a_line_of_its_own(title: str, language: str):
    text = letter(replace(LINE, title=title), language=language, base_url="http://h")
    usual = letter(LINE, language=language, base_url="http://h")
    assert len(text.body.splitlines()) == len(usual.body.splitlines())
    assert len(text.subject.splitlines()) == 1


@pytest.mark.parametrize("language", languages())
def test_a_digest_may_tell_of_no_duty_at_all(language):
    news = TidingLine("督辦通報〔2014〕1號", "https://duban.example/circulars/2014-12")
    text = letter(language=language, tidings=[news], base_url="https://duban.example")
    assert text.subject == news.title
    first, second, *_ = text.body.splitlines()
    assert news.title in first
    assert second.endswith(news.url)


def test_what_is_about_no_duty_stands_after_the_duties():
    text = letter(LINE, tidings=[TidingLine("督辦通報〔2014〕1號")])
    assert LINE.title in text.subject
    assert text.body.index("1. ") < text.body.index("2. 督辦通報〔2014〕1號")


def test_the_title_of_a_tiding_is_one_line():
    assert letter(tidings=[TidingLine("通報\r\nBcc: x@example.com")]).subject == (
        "通報 Bcc: x@example.com"
    )


def test_a_mailbox_of_two_agencies_is_addressed_by_both():
    assert (
        "致：省外經貿廳、協調辦公室" in letter(LINE, recipients=["省外經貿廳", "協調辦公室"]).body
    )


@given(title=st.text(max_size=900), language=st.sampled_from(languages()))
@pytest.mark.parametrize("url", ["http://duban.example.gov.cn", ""])
def test_the_short_form_fits_and_says_where_to_answer(title: str, language: str, url: str):
    form = short(sheet(replace(LINE, title=title), language=language, base_url=url, demo=True))
    assert len(form) <= LONGEST
    assert len(form.splitlines()) == 1
    assert form.endswith("/duty/guangdong-2013/40.meeting/-/2014") if url else "020" in form
