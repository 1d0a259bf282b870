"""Working days, from tables of the published holiday notices."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate, compress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TABLES = Path(__file__).parent / "holidays"

_A_WEEK = 7
_WORKED = 5  # Monday to Friday; day 1 of the ordinals is a Monday


@dataclass(frozen=True, slots=True, eq=False)
class Workdays:
    """A working-day calendar; `version` changes with the notices, not with comments.

    Years without a published notice are worked Monday to Friday, and provisional.
    """

    code: str
    version: str
    years: frozenset[int]
    _first: int = field(repr=False)  # ordinal of the first day with a table
    _before: tuple[int, ...] = field(repr=False)  # working days before each day, and after the last
    _worked: tuple[date, ...] = field(repr=False)  # the working days of the table, in order

    def is_workday(self, day: date) -> bool:
        """Tell whether `day` is worked; a make-up weekend (調休) is."""
        ordinal = day.toordinal()
        return self._count(ordinal) != self._count(ordinal + 1)

    def is_provisional(self, day: date) -> bool:
        """Tell whether the notice for the year of `day` is not published."""
        return day.year not in self.years

    def roll_back(self, day: date) -> date:
        """Return `day`, or the last working day before it."""
        return self._day(self._count(day.toordinal() + 1) - 1)

    def roll_forward(self, day: date) -> date:
        """Return `day`, or the first working day after it."""
        return self._day(self._count(day.toordinal()))

    def add(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`, before it when negative; 0 is `day`."""
        if count > 0:
            return self._day(self._count(day.toordinal() + 1) + count - 1)
        return self._day(self._count(day.toordinal()) + count) if count else day

    def _count(self, ordinal: int) -> int:
        """Return how many working days lie before the day of that ordinal, since the year 1."""
        index = ordinal - self._first
        if 0 <= index < len(self._before):
            return self._before[index]
        return _weekdays(ordinal) + (self._surplus() if index > 0 else 0)

    def _day(self, number: int) -> date:
        """Return the working day that has `number` working days before it."""
        index = number - self._before[0]
        if 0 <= index < len(self._worked):
            return self._worked[index]
        weeks, rest = divmod(number - (self._surplus() if index > 0 else 0), _WORKED)
        return date.fromordinal(weeks * _A_WEEK + rest + 1)

    def _surplus(self) -> int:
        """Return by how many days the table works more than Monday to Friday does."""
        return self._before[-1] - _weekdays(self._first + len(self._before) - 1)


class Notice(NamedTuple):
    """The published holiday arrangement of a year: its papers, stretches off and make-up days."""

    year: int
    papers: tuple[str, ...]
    off: tuple[tuple[date, date], ...]
    work: tuple[date, ...]


@cache
def load_workdays(code: str) -> Workdays:
    """Return the calendar of that code, from `<code>.toml`; NotFoundError when there is none."""
    return workdays_of(code, tuple(notices(code)))


@lru_cache(maxsize=32)
def workdays_with(code: str, own: tuple[Notice, ...]) -> Workdays:
    """Return the calendar of that code where the years of `own` have other notices than shipped."""
    return workdays_of(code, tuple(notices_with(code, own)))


def calendar_codes() -> list[str]:
    """Return the codes of the calendars."""
    return sorted(path.stem for path in TABLES.glob("*.toml"))


def notices(code: str) -> list[Notice]:
    """Return the shipped notices behind the calendar of that code, the last year first."""
    if code not in (codes := calendar_codes()):
        raise NotFoundError("workdays-unknown", code=code, known=", ".join(codes))
    return read_notices((TABLES / f"{code}.toml").read_text(encoding="utf-8"))


def notices_with(code: str, own: Iterable[Notice]) -> list[Notice]:
    """Return the notices in force where `own` have precedence, the last year first."""
    by_year = {notice.year: notice for notice in (*notices(code), *own)}
    return [by_year[year] for year in sorted(by_year, reverse=True)]


def read_notices(table: str) -> list[Notice]:
    """Return the notices of a TOML text, a table a year; the last year first."""
    years = tomllib.loads(table)
    return [
        Notice(
            int(year),
            tuple(table.get("papers", ())),
            tuple((first, last) for first, last in table["off"]),
            tuple(table["work"]),
        )
        for year, table in sorted(years.items(), reverse=True)
    ]


def read_workdays(code: str, table: str) -> Workdays:
    """Return the calendar of a TOML text: a table a year, with `off` stretches and `work` days."""
    return workdays_of(code, tuple(read_notices(table)))


def workdays_of(code: str, of: tuple[Notice, ...]) -> Workdays:
    """Return the calendar that notices make."""
    years = {notice.year for notice in of}
    work = {day for notice in of for day in notice.work}
    off = {day for notice in of for first, last in notice.off for day in _days(first, last)}
    days = list(_days(date(min(years), 1, 1), date(max(years), 12, 31)))
    worked = [d in work or (d.weekday() < _WORKED and d not in off) for d in days]
    first = days[0].toordinal()
    return Workdays(
        code=code,
        version=_digest(sorted(years), sorted(off), sorted(work)),
        years=frozenset(years),
        _first=first,
        _before=tuple(accumulate(worked, initial=_weekdays(first))),
        _worked=tuple(compress(days, worked)),
    )


def _days(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _weekdays(ordinal: int) -> int:
    """Return how many days from Monday to Friday lie before the day of that ordinal."""
    weeks, rest = divmod(ordinal - 1, _A_WEEK)
    return weeks * _WORKED + min(rest, _WORKED)


def _digest(*parts: Iterable[object]) -> str:
    text = "\n".join(" ".join(map(str, part)) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
