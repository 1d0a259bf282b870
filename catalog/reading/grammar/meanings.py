"""What a time phrase means, from the parts its rule has taken: one function for each form.

Each returns the readings: one when the phrase is plain, several when it must be asked.
"""
# ruff: noqa: D103  the table of rules says of each form what it means

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
    """Return the last day a part of a month leaves; a bare month before which is doubtful."""
    end = month_end(year, month)
    if part in _DAYS_OF:
        return (Timing(due_on=date(year, month, _DAYS_OF[part])),)
    if by and part is None:
        before = month_end(year - (month == 1), (month - 2) % 12 + 1)
        return (Timing(due_on=before), Timing(due_on=end))
    return (Timing(due_on=end),)


def _placed(setting: Setting, read: tuple[Timing, ...]) -> tuple[Timing, ...]:
    """Return what a month or day without a year means where it stands.

    `read` is what it means in the year of the setting, or in the year it comes next. It inherits
    the year or the recurrence of the phrase before it; else every reading is offered.
    """
    if setting.recurs:
        return tuple(_every(setting, w) for w in read)
    if setting.year is None:
        return (*read, *(_every(setting, w) for w in read))
    after = None if setting.year == setting.only else setting.after
    if after and any(w.due_on and w.due_on < after for w in read):
        return (*read, *(_later(w) for w in read))
    return read


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


def span(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    first, last = year_of(found[1]), year_of(found[2])
    return (Timing(opens_on=date(first, 1, 1), due_on=date(last, 12, 31)),) if first <= last else ()


def stretch(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    """Return a stretch of days or whole months; a year that is not told is that of the other."""
    first, last = found.group(1, 2, 3), found.group(4, 5, 6)
    month = number(last[1])
    told = last[0] or first[0]
    year = year_of(told) if told else _year_of(setting, month)
    opens_on = _edge(year_of(first[0]) if first[0] else year, first[1], first[2] or "1")
    due_on = _edge(year, last[1], last[2])
    if not opens_on or not due_on or opens_on > due_on:
        return ()
    read = (Timing(opens_on=opens_on, due_on=due_on),)
    return read if first[0] or last[0] else _placed(setting, read)


def _edge(year: int, month: str, day: str | None) -> date | None:
    if day is None:
        return month_end(year, number(month))
    try:
        return date(year, number(month), number(day))
    except ValueError:
        return None


def dated(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(4, 5, 6)
    return _day(year_of(year), number(month), number(day))


def month(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    year, month, part, by = found.group(1, 2, 3, 4) if found[1] else found.group(5, 6, 7, 8)
    return _in_month(year_of(year), number(month), part, by=bool(by))


def quarter(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    return _in_quarter(year_of(found[1]), found[2], found[3], found[4])


def _in_quarter(year: int, which: str, end: str | None, by: str | None) -> tuple[Timing, ...]:
    month = _last_month(which)
    due_on = month_end(year, month)
    if by and not end:
        before = month_end(year - (month == 3), (month - 4) % 12 + 1)  # noqa: PLR2004  March
        return (Timing(due_on=before), Timing(due_on=due_on))
    return (Timing("once", date(year, month - 2, 1), due_on),)


def _last_month(quarter: str) -> int:
    return 3 if quarter == "首" else number(quarter) * 3


def half(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    return _in_half(year_of(found[1]), found[2])


def _in_half(year: int, half: str) -> tuple[Timing, ...]:
    if half == "上":
        return (Timing(opens_on=date(year, 1, 1), due_on=date(year, 6, 30)),)
    return (Timing(opens_on=date(year, 7, 1), due_on=date(year, 12, 31)),)


def halves(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    """Return a stretch of half-years."""
    first, last = year_of(found[1]), year_of(found[3] or found[1])
    return _between(_in_half(first, found[2]), _in_half(last, found[4]))


def quarters(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    """Return a stretch of quarters."""
    first, last = year_of(found[1]), year_of(found[3] or found[1])
    start = _in_quarter(first, found[2], None, None)
    return _between(start, _in_quarter(last, found[4], None, None))


def _between(first: tuple[Timing, ...], last: tuple[Timing, ...]) -> tuple[Timing, ...]:
    opens_on, due_on = first[0].opens_on, last[0].due_on
    if opens_on and due_on and opens_on < due_on:
        return (Timing(opens_on=opens_on, due_on=due_on),)
    return ()


def calendar_year(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    """Return the readings of a number that may be a year of the Republic: its end, all of it."""
    year = year_of(found[1])
    end = date(year, 12, 31)
    return (Timing(due_on=end), Timing(opens_on=date(year, 1, 1), due_on=end))


def split_year(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    """Return when a year of accounts (2023-24年度) or of schools (2023-24學年) may end."""
    year = year_of(found[2] or found[3]) + 1
    ends = ((7, 31), (8, 31)) if "学" in found[0] else ((3, 31), (12, 31))
    return tuple(Timing(due_on=date(year, *end)) for end in ends)


def since_split_year(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    first = (8, 9) if "学" in found[0] else (1, 4)
    return tuple(Timing("yearly", date(year_of(found[1]), month, 1)) for month in reversed(first))


def year_end(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    return (Timing(due_on=date(year_of(found[1]), 12, 31)),)


def base_year(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    return (Timing(due_on=date(year_of(found[1] or found[2]), 12, 31)),)


def before_year(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    year = year_of(found[1])
    return (Timing(due_on=date(year - 1, 12, 31)), Timing(due_on=date(year, 12, 31)))


def around(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    return _around(year_of(found[1]), found[2])


def _around(year: int, part: str) -> tuple[Timing, ...]:
    if part == "初":
        return (Timing(due_on=date(year, 1, 31)), Timing(due_on=date(year, 3, 31)))
    return (Timing(due_on=date(year, 6, 30)), Timing(due_on=date(year, 7, 31)))


def five_years(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    first = 2001 + 5 * number(found[1] or found[3])
    opens_on = None if found[2] else date(first, 1, 1)
    return (Timing(opens_on=opens_on, due_on=date(first + 4, 12, 31)),)


# --- a date whose year is told elsewhere -----------------------------------------------------


def bare_day(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    month = number(found[1] or found[3])
    return _placed(setting, _day(_year_of(setting, month), month, number(found[2] or found[4])))


def bare_month(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    month = number(found[1] or found[5])
    by = bool(found[3] or found[4])
    return _placed(setting, _in_month(_year_of(setting, month), month, found[2], by=by))


def this_month(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    year, month = setting.issued_on.year, setting.issued_on.month
    if found[2]:
        return _day(year, month, number(found[2]))
    return _in_month(year, month, found[1], by=False)


def bare_quarter(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    month = _last_month(found[1])
    read = _in_quarter(_year_of(setting, month), found[1], found[2], found[3])
    return _placed(setting, read)


def bare_half(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    month = 6 if found[1] == "上" else 12
    return _placed(setting, _in_half(_year_of(setting, month), found[1]))


def bare_year_end(_: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    return _placed(setting, (Timing(due_on=date(_year_of(setting, 12), 12, 31)),))


def following_year(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    year, month = (setting.year or setting.issued_on.year) + 1, number(found[1])
    if found[2]:
        read = _day(year, month, number(found[2]))
    else:
        read = _in_month(year, month, found[3], by=bool(found[4]))
    if setting.recurs or setting.year is None:
        every = tuple(_every(setting, when) for when in read)
        return every if setting.recurs else (*read, *every)
    return read


def this_year(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    year = setting.issued_on.year + (found[0][0] == "明")
    if found[1]:
        return _in_half(year, found[1])
    if found[3]:
        return _day(year, number(found[2]), number(found[3]))
    if found[2]:
        return _in_month(year, number(found[2]), found[4], by=bool(found[8]))
    if found[5]:
        return _in_quarter(year, found[5], found[6], found[8])
    return _around(year, found[7]) if found[7] else (Timing(due_on=date(year, 12, 31)),)


def after_issue(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    count, unit = (number(found[1]), found[2]) if found[1] else (number(found[3]), found[4])
    issued = setting.issued_on
    if unit in "日天":
        return (Timing(due_on=date.fromordinal(issued.toordinal() + count)),)
    months = issued.month - 1 + count * (12 if unit == "年" else 1)
    year, month = issued.year + months // 12, months % 12 + 1
    day = min(issued.day, month_end(year, month).day)
    return (Timing(due_on=date(year, month, day)),)


def some_time(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    """Return the readings of "within three years" that does not say from when."""
    counted = after_issue(found, setting)
    due_on = counted[0].due_on
    return (*counted, Timing(due_on=date(due_on.year, 12, 31))) if due_on else counted


# --- what comes round ------------------------------------------------------------------------


def since(found: re.Match[str], _: Setting) -> tuple[Timing, ...]:
    month = number(found[2]) if found[2] else 1
    return (Timing("yearly", date(year_of(found[1]), month, 1)),)


def yearly_on(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    month, year = number(found[1]), setting.issued_on.year
    if found[2]:
        return tuple(_every(setting, w) for w in _day(year, month, number(found[2])))
    read = _in_month(year, month, found[3], by=bool(found[4]))
    return tuple(_every(setting, w) for w in read)


def yearly_in(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    year = setting.issued_on.year
    half, *quarter = (found[n] for n in (1, 2, 3, 4))
    read = _in_half(year, half) if half else _in_quarter(year, *quarter)
    return tuple(_every(setting, w) for w in read)


def monthly_by(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    day, issued = number(found[1]), setting.issued_on
    year, month = issued.year, issued.month
    if day < issued.day:
        year, month = year + month // 12, month % 12 + 1
    return (Timing("monthly", None, date(year, month, min(day, month_end(year, month).day))),)


def quarterly_by(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    """Return the first due date: a day of the quarter's first or last month."""
    day, issued = number(found[2]), setting.issued_on
    turn = issued.year * 4 + (issued.month - 1) // 3
    for n in (turn, turn + 1):
        month = n % 4 * 3 + (1 if found[1] in _FIRST_MONTH else 3)
        due_on = date(n // 4, month, min(day, month_end(n // 4, month).day))
        if due_on >= issued:
            break
    return (Timing("quarterly", None, due_on),)


_FIRST_MONTH = ("首月", "第一个月", "第1个月", "结束后")


def always(*recurs: Recurs) -> Callable[[re.Match[str], Setting], tuple[Timing, ...]]:
    """Return a meaning that no part of its phrase changes."""
    return lambda _found, _setting: tuple(Timing(each) for each in recurs)


def next_month(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    monthly = monthly_by(found, setting)
    return (*monthly, Timing("quarterly"), Timing("yearly"))


def every_second(found: re.Match[str], setting: Setting) -> tuple[Timing, ...]:
    """Return the readings of a turn no duty has: its first end alone, or yearly."""
    years = number(found[1])
    return (Timing(due_on=date(setting.issued_on.year + years - 1, 12, 31)), Timing("yearly"))
