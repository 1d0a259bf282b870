"""Phrases of a plan's text and their readings (docs/rules.md, From phrase to date)."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.amounts import AMOUNTS, amount_of, quota_of
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.recurring_phrases import TIMES
from catalog.reading.grammar.rule import EXAMPLE, Setting, Timing, month_end

if TYPE_CHECKING:
    from datetime import date

    from catalog.plans.contents import Quota
    from catalog.reading.grammar.amounts import Amount
    from catalog.reading.grammar.rule import Sort

# Of two rules that match at one place the first one wins.
RULES = (*TIMES, *AMOUNTS)
_RULES = {rule.name: rule for rule in RULES}
# What a phrase can begin with: at any other sign no rule is tried.
_FIRST = (
    r"0-9〇零一二两三四五六七八九十百千每按分逐半季月周年本今明当全去上下次近以从自由比较第“(\["
    "为有试建连满不持长常定适及如限尽早短择届翌春元清五端中国汛采夏秋冬暑寒截限只仅印下发公若研抓制出起拟修编超至突高多控"
    "民未接经日立即节最跑开放雨台"
)
_AT_LEAST = re.compile(r"(?:至少|最少)[^\d,、;。]{1,6}$")  # 每月至少開展1次
_APART = 10  # characters
_FROM_ISSUE = ("this-year", "this-month", "after-issue", "some-time")
_SENTENCE = re.compile("[。!?;\n]")
_GROUPS = {rule.name.replace("-", "_"): rule.name for rule in RULES}


class Mark(NamedTuple):
    """A phrase at its place, in the text's own characters: `text[start:end] == phrase`."""

    rule: str
    phrase: str
    start: int
    end: int

    @property
    def sort(self) -> Sort:
        """The kind of phrase: a date, a count, a trap, ..."""
        return _RULES[self.rule].sort


class Window(NamedTuple):
    """The days of a time phrase; None where it leaves that side open."""

    opens_on: date | None
    due_on: date | None


@functools.lru_cache(maxsize=4096)
def marks(text: str) -> tuple[Mark, ...]:
    """Return the phrases of `text` in the order they stand, traps among them."""
    return tuple(
        Mark(_GROUPS[str(m.lastgroup)], text[m.start() : m.end()], m.start(), m.end())
        for m in _any().finditer(fold(text))
    )


class Phrase(NamedTuple):
    """A phrase with its readings where it stands; none where it gives no date."""

    mark: Mark
    readings: tuple[Timing, ...]


def interpret(text: str, setting: Setting) -> tuple[Phrase, ...]:
    """Return the phrases of a measure's text with their readings.

    A date without a year takes the year of the one before it, or its recurrence when both stand
    in one sentence (每年4月底前…12月底前…). A later year than that of the issue, or of the plan, is
    only offered beyond its sentence (到2035年…。6月底前…).
    """
    folded, phrases = fold(text), list[Phrase]()
    end, home, far = 0, setting, None
    for mark in marks(text):
        if _SENTENCE.search(folded, end, mark.start):
            setting = setting._replace(recurs=False)
            if setting.year and setting.year > (home.year or home.issued_on.year):
                far, setting = setting, home
        end = mark.end
        phrase = Phrase(mark, readings(mark, text, setting))
        if not setting.sure and mark.rule in _FROM_ISSUE:
            phrase = _maybe(phrase, tuple(map(_a_year_later, phrase.readings)))
        if far and setting == home:
            phrase = _maybe(phrase, readings(mark, text, far))
        setting = _onward(setting, phrase)
        phrases.append(phrase)
    return tuple(phrases)


def _maybe(phrase: Phrase, others: tuple[Timing, ...]) -> Phrase:
    """Return a date without a year that may be one of a later year a sentence before has named."""
    later = (when for when in others if when.recurs == "once")
    return phrase._replace(readings=tuple(dict.fromkeys((*phrase.readings, *later))))


def _a_year_later(when: Timing) -> Timing:
    """Return a reading as it is where the document was issued a year later than was guessed."""
    opens_on, due_on = (day and _next_year(day) for day in (when.opens_on, when.due_on))
    return when._replace(opens_on=opens_on, due_on=due_on)


def _next_year(day: date) -> date:
    return month_end(day.year + 1, day.month) if _is_last(day) else day.replace(year=day.year + 1)


def _is_last(day: date) -> bool:
    return day == month_end(day.year, day.month)


def _onward(setting: Setting, phrase: Phrase) -> Setting:
    """Return the setting of the next phrase."""
    if phrase.mark.sort == "recurs":
        yearly = bool(phrase.readings) and phrase.readings[0].recurs == "yearly"
        return setting._replace(recurs=yearly)
    if phrase.mark.sort != "time" or len(phrase.readings) != 1 or setting.recurs:
        return setting
    due_on = phrase.readings[0].due_on
    return setting._replace(year=due_on.year, after=due_on) if due_on else setting


def readings(mark: Mark, text: str, setting: Setting) -> tuple[Timing, ...]:
    """Return the readings of a time phrase: one when it is plain, none when it leaves no date."""
    return tuple(dict.fromkeys(_RULES[mark.rule].reads(_match(mark, text), setting)))


def figure(mark: Mark, text: str) -> Amount:
    """Return the amount of a count or figure; ValueError for a phrase of another kind."""
    if mark.sort not in ("count", "figure"):
        raise ValueError(mark.phrase)
    amount = amount_of(_match(mark, text))
    apart = amount.bound == "reach" and amount.most is None and mark.sort == "count"
    if apart and _AT_LEAST.search(fold(text), max(0, mark.start - _APART), mark.start):
        return amount._replace(bound="at-least")
    return amount


def window(phrase: str) -> Window:
    """Return the days of a phrase that names its year: N年前 ends with the year before N."""
    for mark in _alone(phrase, ("time", "since", "base")):
        when = readings(mark, phrase, EXAMPLE)[0]
        return Window(when.opens_on, when.due_on)
    raise ValueError(phrase)


def quota(phrase: str) -> Quota | None:
    """Return the quota of a phrase of the sort "count": 若干 is one or more."""
    for mark in _alone(phrase, ("count",)):
        return quota_of(figure(mark, phrase))
    raise ValueError(phrase)


def _alone(phrase: str, sorts: tuple[Sort, ...]) -> list[Mark]:
    return [m for m in marks(phrase) if m.phrase == phrase and m.sort in sorts]


def _match(mark: Mark, text: str) -> re.Match[str]:
    match = _RULES[mark.rule].regex.match(fold(text), mark.start)
    if match is None:
        raise ValueError(mark.phrase)
    return match


@functools.cache
def _any() -> re.Pattern[str]:
    groups = (f"(?P<{group}>{_RULES[name].pattern})" for group, name in _GROUPS.items())
    return re.compile(f"(?=[{_FIRST}])(?:{'|'.join(groups)})")
