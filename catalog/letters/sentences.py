"""Sentences of a line: what is to be done, and the news that led to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import one_line
from catalog.letters.asks import most_pressing
from catalog.letters.matters import EVENTS
from catalog.wording import has

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.letters.inquiry import Inquiry, Word
    from catalog.letters.line import DutyLine, News
    from catalog.letters.matters import Ask
    from catalog.letters.speech import Speech

STOPS = " .;。；"  # of a quoted text, where a sentence goes on behind it
LONGEST_QUOTE = 200  # characters of the last word or a remark that a letter repeats
# The sentence of an ask that the present facts put beside the news.
_OF_FACTS: Mapping[Ask, str] = {
    "accept": "rung.review",
    "decide": "rung.review",
    "file": "rung.late",
    "sign": "rung.open",
}
# What stands before the words of a deed, by its matter.
_REMARKS: Mapping[str, str] = {"copied": "notice.number", "meeting-planned": "rung.place"}


def sentences(line: DutyLine, speech: Speech) -> list[str]:
    """Return the sentences of `line`, first the one about its ask, each once."""
    writer = _Writer(speech, line)
    news = sorted(line.news, key=lambda one: most_pressing((one.ask, line.ask)) != one.ask)
    texts = [writer.of_news(one) for one in news]
    if line.ask not in {one.ask for one in news}:
        texts.insert(0, writer.of_ask())
    return list(dict.fromkeys(texts))


def invitation(line: DutyLine, speech: Speech) -> str:
    """Return when and where the meeting is that `line` invites to; "" if it invites to none."""
    words = next((one.remark for one in line.news if one.ask == "attend"), "")
    is_invited = line.ask == "attend" and words
    return speech.say("rung.place", words=one_line(words).rstrip(STOPS)) if is_invited else ""


class _Writer(NamedTuple):
    speech: Speech
    line: DutyLine

    @property
    def is_own(self) -> bool:
        return self.line.part == "performer"

    def of_ask(self) -> str:
        if self.line.ask == "mend":
            return self.mend()
        return self.say(_OF_FACTS[self.line.ask])

    def of_news(self, news: News) -> str:
        text = self.of_matter(news)
        if news.inquiry and news.matter not in {"progress", "silent"}:
            text += self.speech.say("rung.and", sentence=self.inquiry(news.inquiry))
        return text

    def of_matter(self, news: News) -> str:
        if news.ask == "mend" or (news.matter == "returned" and self.line.returned_on):
            return self.mend()
        if news.matter in EVENTS:
            return self.event(news)
        if news.ask == "support":
            return self.say("rung.support")
        if news.ask == "file" and self.line.is_late(self.speech.on):
            return self.say(self.late(news))
        if news.inquiry and news.matter in {"progress", "silent"}:
            return self.inquiry(news.inquiry)
        return self.rung(news)

    def event(self, news: News) -> str:
        key = f"deeds.letter.{news.matter}"
        is_known = news.ask == "know" and has(self.speech.language, f"{key}-known")
        text = news.move or self.say(f"{key}-known" if is_known else key)
        if news.remark and news.ask != "attend":
            key = _REMARKS.get(news.matter, "notice.remark")
            remark = self.speech.say(key, words=_short(news.remark))
            text += self.speech.say("rung.and", sentence=remark)
        if news.ask == "file" and self.line.is_late(self.speech.on):
            return self.say("rung.late") + self.speech.say("rung.and", sentence=text)
        return text

    def rung(self, news: News) -> str:
        """Return the sentence of a rung; one that leaves late uses the present situation."""
        values = {
            "workdays": self.speech.count("workday", news.workdays),
            "period": self.speech.period(news.period),
        }
        return self.say(self.of_rung(news), **values)

    def of_rung(self, news: News) -> str:
        if news.matter not in {"before", "late"}:
            return f"rung.{news.matter}"
        if self.line.is_late(self.speech.on):
            return self.late(news)
        if news.ask == "follow-up":
            return "rung.chase"
        return "rung.today" if self.line.due_on == self.speech.on else "rung.before"

    def late(self, news: News) -> str:
        return "rung.late-every" if news.is_repeat else "rung.late"

    def mend(self) -> str:
        day = self.line.returned_on
        text = self.say("rung.mend", returned=self.speech.day(day) if day else "")
        if not self.line.reason:
            return text
        reason = self.speech.say("rung.because", reason=_short(self.line.reason))
        return text + self.speech.say("rung.and", sentence=reason)

    def say(self, key: str, **values: object) -> str:
        """Return the sentence `key`, the one for those who follow up where it has one."""
        others = f"{key}-others"
        key = key if self.is_own or not has(self.speech.language, others) else others
        names = {"performer": self.speech.performers(self.line), "lead": one_line(self.line.lead)}
        due = self.speech.day(self.line.due_on)
        return self.speech.say(key, due=due, **names, **values)

    def inquiry(self, inquiry: Inquiry) -> str:
        """Return the sentence that asks for progress, and quotes the last word."""
        kind = "silent" if inquiry.workdays else "again" if inquiry.asked_on else "first"
        asked_on = self.speech.day(inquiry.asked_on) if inquiry.asked_on else ""
        workdays = self.speech.count("workday", inquiry.workdays)
        text = self.say(f"rung.inquiry-{kind}", asked=asked_on, workdays=workdays)
        if not inquiry.is_quoted:
            return text
        return text + self.speech.say("rung.and", sentence=self.word(inquiry.word))

    def word(self, word: Word | None) -> str:
        if word is None:
            return self.speech.say("rung.no-word")
        values = {"on": self.speech.day(word.on), "by": one_line(word.by)}
        return self.speech.say("rung.last-word", text=_short(word.text).rstrip(STOPS), **values)


def _short(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
