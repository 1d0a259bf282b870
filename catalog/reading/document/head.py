"""Head of a document: its title, number, day of issue and term."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.numerals import number
from catalog.reading.grammar.numerals import year as year_of

DAY = re.compile(
    r"(?:中华)?((?:民国)?1[01]\d|[12]\d{3}|[一二][〇零一二三四五六七八九]{3})年"
    r"(\d{1,2}|[一二三四五六七八九十]+)月(\d{1,2}|[一二三四五六七八九十]+)[日号]"
    r"|([12]\d{3})[.\-/](\d{1,2})[.\-/](\d{1,2})(?: \d\d:\d\d(?::\d\d)?)?"
)
_POSTED = re.compile("发布|公开|更新|时间|来源")
_MONTH = re.compile(
    r"\(([12]\d{3}|[一二][〇零一二三四五六七八九]{3})年(\d{1,2}|[一二三四五六七八九十]+)月\)"
)
_MONTH_AND_DAY = 2  # parts of a day of issue: a month alone does not tell it
# What may stand beside the day: 成文日期:, …府環字第1號函頒
_AROUND = re.compile(
    "^(?:成文|印发|签发|发文|发布|公布|公开|颁布|更新)(?:日期|时间):|[()]"
    "|(?<=日).{0,30}(?:函[颁发]|核定|订定)$"
)
_KINDS = (
    "计划|方案|意见|通知|要点|规划|任务|清单|措施|办法|安排|分工表?|分解表?|决定|行动|细则"
    "|任务书|台账|时间表|路线图|蓝图|纲要|一览表|登记表"
)
_TITLE = re.compile(rf"[^。;:]*(?:{_KINDS})(?:》?的通知)?(?:\([^()]*\))?》?")
_NUMBER = re.compile(r"[^\s,。;:()\d]{2,12}\[(?:19|20)\d\d\]\d+号")
_OF = r"((?:19|20)\d\d|(?<!\d)1[01]\d(?=年))"
_YEARS = re.compile(rf"{_OF}年?(?:-|至){_OF}年?")
_YEAR = re.compile(rf"{_OF}年(?!\d+月)")
_FIVE = re.compile("十([二三四五六])五")
# A line of the head that no title goes on from.
_WHOLE = re.compile(rf"[>|]|[。:;日号]$|(?:文件|附件\d*|政府|办公室|委员会|[厅局部院]|{_KINDS})$")
_BRACKETED = re.compile(r"\([^()]*\d{3}[^()]*\)")  # the years below a title
_LONGEST = 100  # characters of a title


class Head(NamedTuple):
    """The parts of a head, None where it lacks one. A term is its first and last day.

    `posted_on` is when a page says that it was put there, which may be later than the issue.
    """

    title: str
    number: str | None
    issued_on: date | None
    posted_on: date | None
    term: tuple[date, date] | None


def head_of(text: str, *, until: int) -> Head:
    """Return the head of a document whose first item begins at `until`."""
    lines = [line for line in text[:until].split("\n") if line.strip()]
    title = _title(lines)
    number = next((line for line in lines if _NUMBER.fullmatch(fold(line))), None)
    return Head(title, number, *_days(text), _term(title))


def _title(lines: list[str]) -> str:
    """Return the last line of the head that reads like a title, with one it was broken from."""
    folded = [fold(line) for line in lines]
    titles = [n for n, line in enumerate(folded) if _TITLE.fullmatch(line)]
    if not titles:
        return lines[0][:_LONGEST] if lines else ""
    at = titles[-1]
    before = folded[at - 1] if at else ""
    broken = before and not _WHOLE.search(before) and not _NUMBER.fullmatch(before)
    after = "".join(folded[at + 1 : at + 2])
    years = lines[at + 1] if _BRACKETED.fullmatch(after) else ""
    return ((lines[at - 1] if broken else "") + lines[at] + years)[:_LONGEST]


def _days(text: str) -> tuple[date | None, date | None]:
    """Return the days of issue and posting: each the first in a line of its own."""
    issued_on = posted_on = None
    for line in fold(text).split("\n"):
        bare = _AROUND.sub("", line).strip()
        if not (match := DAY.fullmatch(bare) or _MONTH.fullmatch(line)):
            continue
        year, *rest = [part for part in match.groups() if part]
        try:
            day = date(year_of(year), *map(number, (*rest, "1")[:2]))
        except ValueError:
            continue
        if _POSTED.match(line) or len(rest) < _MONTH_AND_DAY:
            posted_on = posted_on or day
        else:
            issued_on = issued_on or day
    return issued_on, posted_on


def _term(title: str) -> tuple[date, date] | None:
    folded = fold(title)
    if years := _YEARS.search(folded):
        first, last = year_of(years[1]), year_of(years[2])
    elif year := _YEAR.search(folded):
        first = last = year_of(year[1])
    elif five := _FIVE.search(folded):
        first = 2001 + 5 * number(five[1])
        last = first + 4
    else:
        return None
    return (date(first, 1, 1), date(last, 12, 31)) if first <= last else None
