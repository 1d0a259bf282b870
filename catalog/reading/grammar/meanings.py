"""Readings of time phrases, one function for each form, from the parts its rule has matched.

Each returns one reading where the phrase is plain, several where a person must choose.
"""
# ruff: noqa: D103  the rules that use these functions give their meaning by examples

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from catalog.reading.grammar.numerals import number
from catalog.reading.grammar.numerals import year as year_of
from catalog.reading.grammar.rule import Setting, Timing, month_end

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from catalog.dates.recurrence import Recurs

_DAYS_OF = {"上旬": 10, "中旬": 20, "初": 5}


def _day(year: int, month: int, day: int) -> tuple[Timing, ...]:
    try:
        return (Timing(due_on=date(year, month, day)),)
    except ValueError:
        return ()


def _in_month(year: int, month: int, part: str | None, *, by: bool) -> tuple[Timing, ...]:
    """Return the last day of a part of a month; "before" a bare month has two readings."""
    end = month_end(year, month)
    if part in _DAYS_OF:
        return (Timing(due_on=date(year, month, _DAYS_OF[part])),)
    if by and part is None:
        before = month_end(year - (month == 1), (month - 2) % 12 + 1)
        return (Timing(due_on=before), Timing(due_on=end))
    return (Timing(due_on=end),)


def _placed(setting: Setting, plain: tuple[Timing, ...]) -> tuple[Timing, ...]:
    """Return the readings of a month or day without a year where it stands.

    `plain` are those in the year of the setting, or in the year it comes next. It inherits the
    year or the recurrence of the phrase before it; else every reading is offered.
    """
    if setting.recurs:
        return tuple(_every(setting, w) for w in plain)
    if setting.year is None:
        return (*plain, *(_every(setting, w) for w in plain))
    after = None if setting.year == setting.only else setting.after
    if after and any(w.due_on and w.due_on < after for w in plain):
        return (*plain, *(_later(w) for w in plain))
    return plain


def _every(setting: Setting, when: Timing) -> Timing:
    """Return the yearly recurrence of a date, from its first turn that is not over at issue."""
    due_on = when.due_on
    if due_on and due_on < setting.issued_on:
        due_on = _later(when).due_on
    return Timing("yearly", None, due_on)


def _later(when: Timing) -> Timing:
    due_on = when.due_on
    if due_on is None:
        return when
    last = due_on == month_end(due_on.year, due_on.month)
    end = month_end(due_on.year + 1, due_on.month)
    return when._replace(due_on=end if last else due_on.replace(year=due_on.year + 1))


def _year_of(setting: Setting, month: int) -> int:
    """Return the year a month without one stands in: the one named, or the one it comes next in."""
    if setting.year is not None:
        return setting.year
    return setting.issued_on.year + (month < setting.issued_on.month)


# --- one date --------------------------------------------------------------------------------


def span(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    first, last = year_of(match[1]), year_of(match[2])
    return (Timing(opens_on=date(first, 1, 1), due_on=date(last, 12, 31)),) if first <= last else ()


def stretch(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    """Return a stretch of days or whole months; a missing year is that of the other end."""
    first, last = match.group(1, 2, 3), match.group(4, 5, 6)
    month = number(last[1])
    numeral = last[0] or first[0]
    year = year_of(numeral) if numeral else _year_of(setting, month)
    opens_on = _edge(year_of(first[0]) if first[0] else year, first[1], first[2] or "1")
    due_on = _edge(year, last[1], last[2])
    if not opens_on or not due_on or opens_on > due_on:
        return ()
    plain = (Timing(opens_on=opens_on, due_on=due_on),)
    return plain if first[0] or last[0] else _placed(setting, plain)


def _edge(year: int, month: str, day: str | None) -> date | None:
    if day is None:
        return month_end(year, number(month))
    try:
        return date(year, number(month), number(day))
    except ValueError:
        return None


def day(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(4, 5, 6)
    return _day(year_of(year), number(month), number(day))


def month(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    year, month, part, by = match.group(1, 2, 3, 4) if match[1] else match.group(5, 6, 7, 8)
    return _in_month(year_of(year), number(month), part, by=bool(by))


def quarter(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    return _in_quarter(year_of(match[1]), match[2], match[3], match[4])


def _in_quarter(year: int, which: str, end: str | None, by: str | None) -> tuple[Timing, ...]:
    month = _last_month(which)
    due_on = month_end(year, month)
    if by and not end:
        before = month_end(year - (month == 3), (month - 4) % 12 + 1)  # noqa: PLR2004  March, the last month of the first quarter
        return (Timing(due_on=before), Timing(due_on=due_on))
    return (Timing("once", date(year, month - 2, 1), due_on),)


def _last_month(quarter: str) -> int:
    return 3 if quarter == "首" else number(quarter) * 3


def half(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    return _in_half(year_of(match[1]), match[2])


def _in_half(year: int, half: str) -> tuple[Timing, ...]:
    if half == "上":
        return (Timing(opens_on=date(year, 1, 1), due_on=date(year, 6, 30)),)
    return (Timing(opens_on=date(year, 7, 1), due_on=date(year, 12, 31)),)


def halves(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    """Return a stretch of half-years."""
    first, last = year_of(match[1]), year_of(match[3] or match[1])
    return _between(_in_half(first, match[2]), _in_half(last, match[4]))


def quarters(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    """Return a stretch of quarters."""
    first, last = year_of(match[1]), year_of(match[3] or match[1])
    start = _in_quarter(first, match[2], None, None)
    return _between(start, _in_quarter(last, match[4], None, None))


def _between(first: tuple[Timing, ...], last: tuple[Timing, ...]) -> tuple[Timing, ...]:
    opens_on, due_on = first[0].opens_on, last[0].due_on
    if opens_on and due_on and opens_on < due_on:
        return (Timing(opens_on=opens_on, due_on=due_on),)
    return ()


def calendar_year(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    """Return the readings of a number that may be a year of the Republic: its end, or all of it."""
    year = year_of(match[1])
    end = date(year, 12, 31)
    return (Timing(due_on=end), Timing(opens_on=date(year, 1, 1), due_on=end))


def split_year(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    """Return the ends that a year of accounts (2023-24年度) or schools (2023-24學年) may have."""
    year = year_of(match[2] or match[3]) + 1
    ends = ((7, 31), (8, 31)) if "学" in match[0] else ((3, 31), (12, 31))
    return tuple(Timing(due_on=date(year, *end)) for end in ends)


def since_split_year(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    first = (8, 9) if "学" in match[0] else (1, 4)
    return tuple(Timing("yearly", date(year_of(match[1]), month, 1)) for month in reversed(first))


def year_end(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    return (Timing(due_on=date(year_of(match[1]), 12, 31)),)


def base_year(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    return (Timing(due_on=date(year_of(match[1] or match[2]), 12, 31)),)


def before_year(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    year = year_of(match[1])
    return (Timing(due_on=date(year - 1, 12, 31)), Timing(due_on=date(year, 12, 31)))


def around(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    return _around(year_of(match[1]), match[2])


def _around(year: int, part: str) -> tuple[Timing, ...]:
    if part == "初":
        return (Timing(due_on=date(year, 1, 31)), Timing(due_on=date(year, 3, 31)))
    return (Timing(due_on=date(year, 6, 30)), Timing(due_on=date(year, 7, 31)))


def five_years(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    first = 2001 + 5 * number(match[1] or match[3])
    opens_on = None if match[2] else date(first, 1, 1)
    return (Timing(opens_on=opens_on, due_on=date(first + 4, 12, 31)),)


# --- a date whose year stands elsewhere ------------------------------------------------------


def bare_day(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    month = number(match[1] or match[3])
    return _placed(setting, _day(_year_of(setting, month), month, number(match[2] or match[4])))


def bare_month(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    month = number(match[1] or match[5])
    by = bool(match[3] or match[4])
    return _placed(setting, _in_month(_year_of(setting, month), month, match[2], by=by))


def this_month(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    year, month = setting.issued_on.year, setting.issued_on.month
    if match[2]:
        return _day(year, month, number(match[2]))
    return _in_month(year, month, match[1], by=False)


def bare_quarter(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    month = _last_month(match[1])
    plain = _in_quarter(_year_of(setting, month), match[1], match[2], match[3])
    return _placed(setting, plain)


def bare_half(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    month = 6 if match[1] == "上" else 12
    return _placed(setting, _in_half(_year_of(setting, month), match[1]))


def bare_year_end(_: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    return _placed(setting, (Timing(due_on=date(_year_of(setting, 12), 12, 31)),))


def following_year(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    year, month = (setting.year or setting.issued_on.year) + 1, number(match[1])
    if match[2]:
        plain = _day(year, month, number(match[2]))
    else:
        plain = _in_month(year, month, match[3], by=bool(match[4]))
    if setting.recurs or setting.year is None:
        every = tuple(_every(setting, when) for when in plain)
        return every if setting.recurs else (*plain, *every)
    return plain


def this_year(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    year = setting.issued_on.year + (match[0][0] == "明")
    if match[1]:
        return _in_half(year, match[1])
    if match[3]:
        return _day(year, number(match[2]), number(match[3]))
    if match[2]:
        return _in_month(year, number(match[2]), match[4], by=bool(match[8]))
    if match[5]:
        return _in_quarter(year, match[5], match[6], match[8])
    return _around(year, match[7]) if match[7] else (Timing(due_on=date(year, 12, 31)),)


def after_issue(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    count, unit = (number(match[1]), match[2]) if match[1] else (number(match[3]), match[4])
    issued = setting.issued_on
    if unit in "日天":
        return (Timing(due_on=date.fromordinal(issued.toordinal() + count)),)
    months = issued.month - 1 + count * (12 if unit == "年" else 1)
    year, month = issued.year + months // 12, months % 12 + 1
    day = min(issued.day, month_end(year, month).day)
    return (Timing(due_on=date(year, month, day)),)


def some_time(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    """Return the readings of "within three years" that does not say from when."""
    after = after_issue(match, setting)
    due_on = after[0].due_on
    return (*after, Timing(due_on=date(due_on.year, 12, 31))) if due_on else after


# --- what comes round ------------------------------------------------------------------------


def since(match: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    month = number(match[2]) if match[2] else 1
    return (Timing("yearly", date(year_of(match[1]), month, 1)),)


def yearly_on(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    month, year = number(match[1]), setting.issued_on.year
    if match[2]:
        return tuple(_every(setting, w) for w in _day(year, month, number(match[2])))
    plain = _in_month(year, month, match[3], by=bool(match[4]))
    return tuple(_every(setting, w) for w in plain)


def yearly_in(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    year = setting.issued_on.year
    half, *quarter = (match[n] for n in (1, 2, 3, 4))
    plain = _in_half(year, half) if half else _in_quarter(year, *quarter)
    return tuple(_every(setting, w) for w in plain)


def monthly_by(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    day, issued = number(match[1]), setting.issued_on
    year, month = issued.year, issued.month
    if day < issued.day:
        year, month = year + month // 12, month % 12 + 1
    return (Timing("monthly", None, date(year, month, min(day, month_end(year, month).day))),)


def quarterly_by(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    """Return the first due date: a day of the quarter's first or last month."""
    day, issued = number(match[2]), setting.issued_on
    turn = issued.year * 4 + (issued.month - 1) // 3
    for n in (turn, turn + 1):
        month = n % 4 * 3 + (1 if match[1] in _FIRST_MONTH else 3)
        due_on = date(n // 4, month, min(day, month_end(n // 4, month).day))
        if due_on >= issued:
            break
    return (Timing("quarterly", None, due_on),)


_FIRST_MONTH = ("首月", "第一个月", "第1个月", "结束后")


def always(*recurs: Recurs) -> Callable[[re.Match[str], Setting], tuple[Timing, ...]]:
    """Return a function for phrases with these recurrences, whatever their parts."""
    return lambda _found, _setting: tuple(Timing(each) for each in recurs)


def next_month(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    monthly = monthly_by(match, setting)
    return (*monthly, Timing("quarterly"), Timing("yearly"))


def every_second(match: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    """Return the readings of a turn of several years: its first end alone, or yearly."""
    years = number(match[1])
    return (Timing(due_on=date(setting.issued_on.year + years - 1, 12, 31)), Timing("yearly"))
