"""Sentences: one for each rung and event, by what the recipient has to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from catalog.duties.standing import Facts
from catalog.ladder.rungs import DEFAULT_LADDER
from catalog.letters.asks import ask, matter_of_rung
from catalog.letters.inquiry import Inquiry, Word
from catalog.letters.line import DutyLine, News
from catalog.letters.matters import EVENTS, Matter, Part, State
from catalog.letters.sentences import LONGEST_QUOTE, sentences
from catalog.letters.speech import Speech
from catalog.wording import languages
from tests.catalog.letters.lines import LATE, LINE, ON


def said(line: DutyLine, *news: News, language: str = "zh-Hant", on: date = ON) -> list[str]:
    line = replace(line, news=news, ask=news[0].ask)
    return sentences(line, Speech(language, on))


def lead(line: DutyLine) -> DutyLine:
    return replace(line, part="lead", performer="廣州市")


@pytest.mark.parametrize(
    ("news", "on", "expected"),
    [
        (News("open", "sign"), ON, "請簽收。"),
        (News("unsigned", "sign", workdays=5), ON, "交辦已滿5個工作日尚未簽收，請儘快簽收。"),
        (News("before", "file"), ON, "請抓緊落實，按時報送。"),
        (News("before", "file"), date(2014, 6, 30), "請於今日內報送。"),
        (News("before", "file"), date(2014, 7, 2), "請立即報送完成情況。"),
        (News("late", "file"), date(2014, 7, 2), "請立即報送完成情況。"),
        (News("late", "file", is_repeat=True), date(2014, 7, 30), "仍未辦結，請立即報送"),
        (News("pace", "deliver", period="2014-Q1"), ON, "截至2014年第1季度，完成數量不足"),
        (News("draft", "release"), ON, "督辦單已擬好，請審核發出。"),
    ],
)
def test_a_rung_has_its_sentence(news: News, on: date, expected: str):
    (sentence,) = said(LINE, news, on=on)
    assert expected in sentence


@pytest.mark.parametrize(
    ("news", "on", "expected"),
    [
        (News("open", "know"), ON, "已交廣州市承辦，由貴單位牽頭。"),
        (News("unsigned", "follow-up", workdays=10), ON, "廣州市尚未簽收，請督促。"),
        (News("before", "know"), ON, "由廣州市按時報送。"),
        (News("before", "follow-up"), ON, "廣州市尚未簽收，請督促。"),
        (News("late", "follow-up"), date(2014, 7, 2), "廣州市尚未報送，請督促其立即報送。"),
        (News("pace", "follow-up", period="2014-Q1"), ON, "廣州市完成數量不足"),
        (News("urged", "follow-up"), ON, "請督促廣州市抓緊辦理"),
        (News("reassigned", "know"), ON, "本事項改由廣州市承辦。"),
    ],
)
def test_the_lead_of_anothers_work_is_asked_to_follow_it_up(news: News, on: date, expected: str):
    (sentence,) = said(lead(LINE), news, on=on)
    assert expected in sentence
    assert "請簽收" not in sentence


def test_a_participant_is_asked_for_support_alone():
    line = replace(LINE, part="participant", performer="廣州市")
    assert said(line, News("open", "support")) == ["由廣州市承辦，請予配合。"]


def test_a_return_says_why():
    line = replace(LINE, returned_on=ON, reason="缺少\n附件")
    for news in (News("returned", "mend"), News("before", "mend"), News("urged", "mend")):
        (sentence,) = said(line, news)
        assert sentence == "2014年5月30日退回，請修改補充後重新報送。退回原因：缺少 附件"


def test_what_the_facts_ask_comes_before_the_news():
    line = replace(LATE, news=(News("problem-answered", "know", remark="已協調"),))
    first, second = sentences(line, Speech("zh-Hant", ON))
    assert first == "請立即報送完成情況。"
    assert second == "所反映的問題已答覆。說明：已協調"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("part", get_args(Part))
@pytest.mark.parametrize("event", EVENTS)
def test_an_event_has_its_sentence_and_the_words_with_it(event: str, part: Part, language: str):
    line = replace(LINE, part=part)
    (sentence,) = said(line, News(event, "know", remark="缺少\n附件"), language=language)
    assert "缺少 附件" in sentence or event == "returned"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("part", get_args(Part))
@pytest.mark.parametrize("rung", DEFAULT_LADDER.rungs, ids=lambda rung: rung.name)
def test_every_rung_can_be_said_to_everybody_it_asks_for_something(rung, part, language):
    matter = matter_of_rung(rung, part)
    late = Facts(opens_on=date(2014, 1, 2), due_on=date(2014, 5, 1), quota_min=4)
    early = replace(late, due_on=date(2014, 6, 30))
    inquiry = Inquiry(asked_on=date(2014, 3, 31), workdays=10)
    for facts in (late, early):
        answer = ask(Matter(matter, since=ON), part, State(facts, ON, lead_performs=False))
        if answer:
            line = replace(LINE, part=part, due_on=facts.due_on)
            news = News(matter, answer, workdays=5, period="2014-Q1", inquiry=inquiry)
            assert all(said(line, news, language=language))


def test_an_inquiry_quotes_the_last_word():
    word = Word(date(2014, 3, 3), "陳大文", "已\n開工")
    news = News("progress", "report", inquiry=Inquiry(word=word))
    assert said(LINE, news) == [
        "請簡要報送本項工作進展，一兩句話即可。上次（2014年3月3日，陳大文）報告：「已 開工」。"
    ]


def test_a_long_word_is_cut():
    word = Word(ON, "陳大文", "長" * 300)
    (sentence,) = said(LINE, News("progress", "report", inquiry=Inquiry(word=word)))
    assert "長" * LONGEST_QUOTE + "…" in sentence
    assert "長" * (LONGEST_QUOTE + 1) not in sentence
