"""Holiday notice of a year as people write it: lines of days off and days worked, or TOML."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from catalog.clean import one_line, typed
from catalog.dates.workdays import Notice, read_notices
from catalog.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_NOTICE = 20_000  # characters
LONGEST_STRETCH = 31  # days
LONGEST_QUOTE = 60  # characters of a line that an error repeats
_SATURDAY = 5
_OFF = re.compile(r"(?:放假|休假|休息|off|holiday)(?=[\W\d]|$)", re.IGNORECASE)
_WORK = re.compile(r"(?:上班|調休|调休|补班|補班|work)(?=[\W\d]|$)", re.IGNORECASE)
_PAPER = re.compile(r"(?:依據|依据|通知|source|paper)(?=\W|$)\W*", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})日?")
EXAMPLE = """\
# 一行一項：放假（首日 末日）、上班（調休的週末）、依據（通知的文號或網址）
# One item a line: days off (first and last), weekend days that are worked, the notice
放假 2027-01-01 2027-01-03
放假 2027-02-05 2027-02-11
上班 2027-02-13
依據 國辦發明電〔2026〕1號
"""


def read_notice(text: str) -> Notice:
    """Return the notice of a text; InvalidError with `place` for a line that cannot be one.

    Lines begin with `放假` or `off` and have the first and last day, with `上班` or `work` and
    have weekend days that are worked, or with `依據` or `source` and cite the notice. TOML is one
    table, as in `holidays/CN.toml`.
    """
    text = typed(text, "text", LONGEST_NOTICE)
    has_table = any(line.lstrip().startswith("[") for line in text.splitlines())
    return _checked(_of_toml(text) if has_table else _of_lines(text))


def _of_toml(text: str) -> Notice:
    try:
        (notice,) = read_notices(text)
        days = [*notice.work, *(day for stretch in notice.off for day in stretch)]
    except tomllib.TOMLDecodeError as error:
        raise InvalidError("holidays-unread", place="TOML", text=str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidError("holidays-table", place="TOML") from error
    if not all(type(day) is date for day in days) or not all(map(_is_text, notice.papers)):
        raise InvalidError("holidays-table", place="TOML")
    return notice


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _of_lines(text: str) -> Notice:
    off: list[tuple[date, date]] = []
    work: list[date] = []
    papers: list[str] = []
    lines = [(number, one_line(line)) for number, line in enumerate(text.splitlines(), 1)]
    for number, line in lines:
        if not line or line.startswith("#"):
            continue
        if match := _PAPER.match(line):
            papers.append(line[match.end() :])
        elif _OFF.match(line):
            days = _days(line, number)
            off.append((days[0], days[-1]))
        elif _WORK.match(line):
            work += _days(line, number)
        else:
            raise _unread(line, number)
    years = Counter(day.year for day in (*(first for first, _ in off), *work))
    if not years:
        raise InvalidError("holidays-none", place="1")
    return Notice(years.most_common(1)[0][0], tuple(papers), tuple(off), tuple(work))


def _days(line: str, number: int) -> list[date]:
    """Return the days of a line, which has no other figures: 至3日 names no whole day."""
    try:
        days = [date(*map(int, match)) for match in _DAY.findall(line)]
    except ValueError as error:
        raise _unread(line, number) from error
    if not days or re.search(r"\d", _DAY.sub("", line)):
        raise _unread(line, number)
    return days


def _unread(line: str, number: int) -> InvalidError:
    return InvalidError("holidays-unread", place=f"{number}", text=line[:LONGEST_QUOTE])


def _checked(notice: Notice) -> Notice:
    """Refuse a notice whose days contradict each other or lie elsewhere, and one without source."""
    if not any(paper.strip() for paper in notice.papers):
        raise InvalidError("holidays-source", place=f"{notice.year}")
    if not notice.off:
        raise InvalidError("holidays-none", place=f"{notice.year}")
    for first, last in notice.off:
        if not 0 <= (last - first).days < LONGEST_STRETCH:
            raise InvalidError("holidays-stretch", place=f"{first}", last=last)
    for day in _named(notice):
        if (day.year, day.month) not in _months(notice.year):
            raise InvalidError("holidays-year", place=f"{day}", year=notice.year)
    for day in notice.work:
        if day.weekday() < _SATURDAY:
            raise InvalidError("holidays-weekday", place=f"{day}")
        if any(first <= day <= last for first, last in notice.off):
            raise InvalidError("holidays-both", place=f"{day}")
    return notice


def _named(notice: Notice) -> Iterator[date]:
    for first, last in notice.off:
        yield from (first, last)
    yield from notice.work


def _months(year: int) -> set[tuple[int, int]]:
    """Return the months a notice speaks of: those of its year, and one on each side."""
    return {(year, month) for month in range(1, 13)} | {(year - 1, 12), (year + 1, 1)}
