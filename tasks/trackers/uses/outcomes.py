"""Outcome of a tracker's line: done, not done or under way, as far as its cells say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from catalog.trackers.line import Line

Outcome = Literal["done", "not-done", "taken-up"]
OUTCOMES: tuple[Outcome, ...] = ("done", "not-done", "taken-up")

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_SHARE = re.compile(
    rf"(?:已?完成(?:率|比例|进度)?|进度|progress|complete)?[:至 ]*{_PERCENT.pattern}"
)
_WHOLE = 100
# The first pattern that fits decides; texts are folded and in small letters.
_NOT = r"^(否|不|未|没有|尚未|无法|取消|×|✗|✘|no\b|not\b|n$|cancel|abandon|dropped)"
_SOME = (
    r"正在|推进|进行|在办|持续|长期|基本|部分|阶段|滞后|延期|[办改建理实成结]中|已?(?:启动|开工|开展|受理)"
    r"|in progress|ongoing|on ?track|part|delay|under ?way|behind|^open$|started"
)
_DONE = (
    r"^(是$|(?:已经?)?(?:全部|按期|按时|如期|提前|整改)?(?:完成|办结|办毕|办理完毕|销号|结案|落实|竣工|完工|整改到位|到位"
    r"|解决|答复)"
    r"(?=$|[,.;:(。!✓√ ]|并|整改|归档|验收|销号|任务|答复|办理|工作|到位|[a-z])|解除列管|√|✓|✔"
    r"|y$|yes|done|complete|closed|finished|implemented|achieved|delivered)"
)
_HEAD = re.compile("^[^:]{1,20}: ")  # of a column, before its text
_STATE = re.compile(
    r"(尚|还)?(未|没有?|已|已经|正在?|基本|部分)?(全部|按时|按期)?"
    r"(完成|办结|销号|结案|落实|启动|开展|推进|进行|办理|办)中?|是|否|\d+(\.\d+)?%"
    r"|(not )?(done|completed?|closed|finished|implemented|started)|in progress|ongoing"
)
_WORDS: tuple[tuple[Outcome, re.Pattern[str]], ...] = (
    ("not-done", re.compile(_NOT)),
    ("taken-up", re.compile(_SOME)),
    ("done", re.compile(_DONE)),
)


def outcome(line: Line) -> Outcome | None:
    """Return the outcome of a line, None where its cells say none or contradict each other."""
    every = (_by_words(line.status), _by_progress(line), _by_percent(line), _by_day(line))
    said = {each for each in every if each}
    return said.pop() if len(said) == 1 else None


def _by_words(text: str) -> Outcome | None:
    words = fold(text).strip().lower()
    if _SHARE.fullmatch(words):
        return _of_share(words)
    return next((each for each, pattern in _WORDS if pattern.search(words)), None)


def _by_progress(line: Line) -> Outcome | None:
    """Return the outcome of a report that is nothing but a state: 已完成, and not 已完成初稿."""
    latest = fold(line.progress).rpartition("\n")[2]  # 完成情况 behind 工作进展, 3月 behind 2月
    words = _HEAD.sub("", latest).strip(" 。.").lower()
    return _by_words(words) if _STATE.fullmatch(words) else None


def _by_percent(line: Line) -> Outcome | None:
    return _of_share(fold(line.percent))


def _of_share(text: str) -> Outcome | None:
    share = _PERCENT.search(text)
    if share is None:
        return None
    return "done" if float(share[1]) >= _WHOLE else "taken-up"


def _by_day(line: Line) -> Outcome | None:
    return "done" if line.done_on else None
