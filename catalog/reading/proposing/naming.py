"""Titles, kinds and indicators of proposals, made from the words they rest on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.plans.contents import Kind

Measurement = Literal["level", "cumulative", "average-growth"]

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("meeting", re.compile("会议|例会|会谈|座谈|通气会|联席会|调度会|推进会")),
    ("report", re.compile("报送|上报|报告|报备|通报|评价|评估|考核")),
    ("event", re.compile("活动|组织|举办|开展|培训|展会|对接|交流|认定")),
)
_LEADING = re.compile(
    r"(?:\((?:\d{1,2}|[a-z]{1,4})\)|内(?![部外容设地需河陆])|[①-⑳]|\d{1,2}[.、](?!\d)|[一二三四五六七八九十]是|第[一二三四五六七八九](?!季|阶段)|前后|并|且|同时|其中|力争|争取|确保|原则上|务必|务|须|应"
    "|努力实现|在|于|到|至(?!少)|自|从|前|底|[,:、;]| )+"
)
_LEFT = re.compile("(?:前|内|起|间|完成|底|以前|之前)$")  # what is left of a date
_TITLE = 80  # characters
_INDICATOR = 60
_FAR = 40  # characters: the words that say a figure is to be reached are fewer
_REACHES = re.compile(
    "(?:力争|争取|将|总体|分别|约|年度|逐步|稳定|进一步)*(?:达到?了?|提[升高][到至]|增[长加][到至]|扩大[到至]"
    "|[下]?降低?[到至]|减少[到至]|控制在|保持在|超过|突破|实现|完成|累计|为)*(?:分别)?(?:达到?|至|到|为)?$"
)
_ARRIVES = re.compile("(?:分别)?(?:达到?|至|到|为)?$")
_FROM = re.compile(r"[由从](?:19|20)\d\d年.*$|$")
_GROWTH = re.compile("年均(?:增长|增速|递增|增幅)?|平均增长|年增长")
_ADDED = re.compile("新增|累计|合计|新建")


def kind(words: str, *, once: bool) -> Kind:
    """Return the kind of obligation that folded words ask for; a date alone is a milestone."""
    if once:
        return "milestone"
    return next((name for name, pattern in _KINDS if pattern.search(words)), "event")


def title(words: str, dates: Sequence[str] = ()) -> str:
    """Return words as a title: one line, without what leads in and the date it begins with."""
    line = " ".join(words.split())
    folded = fold(line)
    at = _behind_leading(folded, 0)
    for date in dates:
        if line.startswith(date, at) and len(line) - at > len(date) + 1:
            at = _behind_leading(folded, at + len(date))
    return line[at : at + _TITLE].strip(" ,，、;；:：") or words.strip()[:_TITLE]


def _behind_leading(folded: str, at: int) -> int:
    """Return where the words behind what leads in at a place begin."""
    match = _LEADING.match(folded, at) or _LEFT.match(folded, at)
    return match.end() if match else at


def without(words: str, phrases: list[str]) -> str:
    """Return folded words without the phrases of their dates and what leads in."""
    for phrase in phrases:
        words = words.replace(phrase, "")
    return _inner(_inner(words.strip()))


def _inner(words: str) -> str:
    """Return folded words without what leads in and what is left of a date behind them."""
    return _LEFT.sub("", words[_behind_leading(words, 0) :])


def indicator(words: str) -> str:
    """Return the name of an indicator, from the words before its figure."""
    folded = fold(words)
    pattern = _ARRIVES if _GROWTH.search(folded) else _REACHES
    reaches = pattern.search(folded, max(0, len(folded) - _FAR))
    end = min(m.start() for m in (reaches, _FROM.search(folded)) if m)
    return title(words[:end])[-_INDICATOR:] or words.strip()[-_INDICATOR:]


def measurement(words: str, unit: str, *, over_years: bool) -> Measurement:
    """Return how a target's figures add up: a mean growth, a sum over the years, or a level."""
    if unit == "%" and _GROWTH.search(words):
        return "average-growth"
    if over_years or (unit != "%" and _ADDED.search(words)):
        return "cumulative"
    return "level"
