"""Times that a cell of a tracker sets: a due date, an opening, a recurrence, or no end."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.matching import interpret
from catalog.reading.grammar.rule import Setting
from catalog.trackers.days import EPOCH, DayDoubt, first_of, likely, plain, typed_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catalog.dates.recurrence import Recurs
    from catalog.reading.grammar.matching import Phrase
    from catalog.reading.grammar.rule import Timing

_EVERY: tuple[tuple[Recurs, str], ...] = (
    ("half-yearly", "half[- ]?yearly|semi-?annual(?:ly)?|every (?:six|6) months|twice a year"),
    ("quarterly", "quarterly|every quarter|each quarter|every (?:three|3) months"),
    ("monthly", "monthly|every month|each month"),
    ("yearly", "yearly|annual(?:ly)?|every year|each year|once a year"),
)
_OFTEN = re.compile(
    "(?:bi-?|semi-?)?weekly|fortnightly|daily|bi-?monthly"
    "|every (?:day|(?:two |2 )?weeks?|two months)"
)
_NOW = re.compile(
    "(?<!每)(?:[本当下次上]个?(?:月|周|旬|季度)|今[天日]|明[天日])"
)  # of no known day
_STANDING = re.compile(
    "长期|持续|常态|常年|经常|日常|全程|贯穿|随时|ongoing|on-going|continu|long[- ]term|standing"
)
_VAGUE = re.compile("asap|as soon as possible|immediate|urgent|立即|马上|尽快|近期|适时")
_RANGE = re.compile(r"(.+?) ?(?:至|到|~|-{1,2}| to | until ) ?(.+)")
_DAYS = re.compile(r"((?:\d{4}年)?\d{1,2}月)(\d{1,2})日?(?:-|至|到|~)(\d{1,2})[日号]")  # 2月10-12日
_YEARS, _YEAR = re.compile(r"(20\d\d)年?(?:-|至|到|~)(20\d\d)年?"), re.compile(r"20\d\d")
_SAMPLES = (2001, 2003)  # two years that no tracker has: what differs needs a year


class When(NamedTuple):
    """The time that a cell sets; `due_on` of a recurrence is the first due date it fixes.

    `in_words` tells that the day stands among other words. `doubt` is what a person must answer.
    """

    due_on: date | None = None
    opens_on: date | None = None
    recurrence: Recurs | None = None
    in_words: bool = False
    doubt: DayDoubt | None = None


def typed_when(text: str, *, year: int | None = None, epoch: date = EPOCH) -> When:
    """Return the time that a cell's text sets; `year` is that of days without one.

    A recurrence is returned as one (每季度, quarterly). Several days, one before a bare month
    (6月前), 長期 and 尽快 are doubts with the readings that the text allows.
    """
    day = typed_day(text, year=year, epoch=epoch)
    if isinstance(day, date):
        return When(day)
    if day.key != "day-unread":
        return When(doubt=day)
    words = plain(text)
    for recurrence, pattern in _EVERY:
        if re.fullmatch(f"(?:{pattern})(?: review| report| update)?s?", words):
            return When(recurrence=recurrence)
    if _OFTEN.fullmatch(words):
        return When(doubt=DayDoubt("day-often", ("monthly", "half-yearly")))
    if _NOW.search(words):
        return When(doubt=DayDoubt("day-vague"))
    return _stretch(words, year, epoch) or _phrases(words, year)


def _stretch(words: str, year: int | None, epoch: date) -> When | None:
    """Return a stretch between two typed days, None where there is none."""
    if match := _YEARS.fullmatch(words):
        return When(date(int(match[2]), 12, 31), date(int(match[1]), 1, 1))
    if match := _YEAR.fullmatch(words):
        return When(doubt=DayDoubt("day-either", (f"{match[0]}-12-31",)))
    if match := _DAYS.fullmatch(words):
        words = f"{match[1]}{match[2]}日-{match[1]}{match[3]}日"
    for match in filter(None, [_RANGE.fullmatch(words)]):
        first, last = (typed_day(part, year=year, epoch=epoch) for part in match.groups())
        if isinstance(first, date) and isinstance(last, date) and first <= last:
            return When(last, first_of(match[1], first))
    return None


def _phrases(words: str, year: int | None) -> When:
    """Return the time that the phrases of a text set, by the grammar of documents."""
    if year is None:
        one, other = (_read(words, sample) for sample in _SAMPLES)
        if one == other:
            return one
        same = one.doubt and other.doubt and one.doubt.key == other.doubt.key
        return When(doubt=DayDoubt(one.doubt.key if one.doubt and same else "day-year"))
    return _read(words, year)


def _read(words: str, year: int) -> When:
    setting = Setting(issued_on=date(year, 1, 1), only=year, year=year)
    phrases = [p for p in interpret(words, setting) if p.mark.sort != "trap"]
    times = [p for p in phrases if p.mark.sort in ("time", "recurs") and p.readings]
    if not times:
        return When(doubt=_undated(words, phrases, year))
    if len(times) > 1:
        every = dict.fromkeys(answer for p in times for answer in _answers(p.readings))
        return When(doubt=DayDoubt("day-several", tuple(every)))
    readings = times[0].readings
    if len(readings) > 1:
        before = "day-before" if times[0].mark.phrase.endswith("前") else "day-either"
        key = "day-often" if times[0].mark.sort == "recurs" else before
        return When(doubt=DayDoubt(key, tuple(_answers(readings))))
    return _plain_time(readings[0], in_words=times[0].mark.phrase != words)


def _plain_time(when: Timing, *, in_words: bool) -> When:
    if when.recurs != "once":
        return When(when.due_on, recurrence=when.recurs, in_words=in_words)
    day = likely(when.due_on) if when.due_on else DayDoubt("day-unread")
    if isinstance(day, DayDoubt):
        return When(doubt=day)
    return When(day, when.opens_on, in_words=in_words)


def _answers(readings: Iterable[Timing]) -> Iterable[str]:
    for when in readings:
        if when.recurs != "once":
            yield when.recurs
        elif when.due_on:
            yield when.due_on.isoformat()


def _undated(words: str, phrases: Iterable[Phrase], year: int) -> DayDoubt:
    sorts = {p.mark.sort for p in phrases}
    if "standing" in sorts or _STANDING.search(words):
        return DayDoubt("day-standing", (f"{year}-12-31", "quarterly", "yearly"))
    if sorts & {"vague", "manner"} or _VAGUE.search(words):
        return DayDoubt("day-vague")
    return DayDoubt("day-unread")
