"""Days as people type them into cells, and the due dates and recurrences that cells name."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.rule import month_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EPOCH = date(1899, 12, 30)  # serial numbers of spreadsheets count from it, after February 1900
EPOCH_1904 = date(1904, 1, 1)
_PLAUSIBLE = range(1990, 2100)  # years of a task; another is a slip of the pen
_SERIALS = range(30_000, 75_000)  # 1982 to 2105
_REPUBLIC = range(100, 150)  # years of the Republic, written with three digits
_CENTURY, _CALENDAR = 2000, 1911
_NEAR = 1  # years: 26.6.30 is in 2026, not in 2030, where the tracker is of 2026
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TH = "(?:st|nd|rd|th)?"
_BY = r"(?:(?:或|以)?之?前|以前|止|完成|办结)*"
_WEEKDAY = re.compile(
    r"\(?(?<!每)(?:星期|周|礼拜)[一二三四五六日天]\)?"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b,?"
)
_TIME = re.compile(r"(?<=[\d日])[t ]+\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?z?$")
_LEAD = re.compile(r"^(?:by|before|not later than|no later than|until|till|on)\b(?: the)? *(?=\S)")
_SLASHED = re.compile(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ]\d{4})?$")
_MOST_MONTH = 12
_BLANK = frozenset(("", "-", "--", "/", "\\", "无", "暂无", "n/a", "na", "nil", "none"))
_UNDECIDED = frozenset(("待定", "未定", "另定", "待明确", "tbc", "tbd", "to be confirmed"))


class DayDoubt(NamedTuple):
    """A text that names no single day: `key` says why, `readings` are what it may mean.

    Keys: `day-blank`, `day-open` (待定), `day-unread`, `day-order` (3/4/2026), `day-year` (none is
    known), `day-century`; of a time that a cell sets also `day-several`, `day-vague` (尽快),
    `day-before` (6月前), `day-either` (2026-27年度), `day-often` (每週), `day-standing` (長期).
    """

    key: str
    readings: tuple[str, ...] = ()


def day_first(texts: Iterable[str]) -> bool | None:
    """Tell whether days stand before months in a column (30/6/2026), None where nothing shows."""
    pairs = (_SLASHED.match(plain(text)) for text in texts)
    orders = {
        int(m[1]) > _MOST_MONTH for m in pairs if m and max(int(m[1]), int(m[2])) > _MOST_MONTH
    }
    return orders.pop() if len(orders) == 1 else None


def in_order(doubt: DayDoubt, text: str, *, is_day_first: bool | None) -> date | None:
    """Return the reading of a day whose order was in doubt, by the order of its column."""
    match = _SLASHED.match(plain(text))
    if doubt.key != "day-order" or match is None or is_day_first is None:
        return None
    month = int(match[2] if is_day_first else match[1])
    days = (date.fromisoformat(reading) for reading in doubt.readings)
    return next((day for day in days if day.month == month), None)


def typed_day(text: str, *, year: int | None = None, epoch: date = EPOCH) -> date | DayDoubt:
    """Return the day that a cell's text names, a month or quarter by its last day.

    `year` is that of days without one. Read are `2026/6/30 2026年6月30日 2026.6.30 20260630
    46203 115.6.30 30/6/2026 30 Jun 2026 Q2 2026 6月30日 6.30`; the rest is for `typed_when`.
    """
    words = plain(text)
    if words in _BLANK:
        return DayDoubt("day-blank")
    if words in _UNDECIDED:
        return DayDoubt("day-open")
    for pattern, reader in _FORMS:
        if match := pattern.fullmatch(words):
            return _likely(reader(match, year, epoch))
    return DayDoubt("day-unread")


def first_of(text: str, day: date) -> date:
    """Return the first day of the month where a text names no day of it: from 2026年3月 on."""
    numbers = re.findall(r"\d+", plain(text))
    is_named = {str(day.day), f"{day:%d}", f"{day:%Y%m%d}"} & {*numbers}
    is_last = day == month_end(day.year, day.month)
    is_serial = any(int(number) in _SERIALS for number in numbers)
    return day if is_named or is_serial or not is_last else day.replace(day=1)


def likely(day: date) -> date | DayDoubt:
    """Return a day, or the question about one in another century."""
    return _likely([day])


def plain(text: str) -> str:
    """Return a text in the form for reading days: folded, small, without weekday and hour."""
    words = " ".join(fold(text).lower().split())
    words = _TIME.sub("", " ".join(_WEEKDAY.sub(" ", words).split()))
    return _LEAD.sub("", words.strip(" ,;。、*")).strip()


def _likely(days: list[date] | DayDoubt) -> date | DayDoubt:
    if isinstance(days, DayDoubt):
        return days
    if not days:
        return DayDoubt("day-unread")
    if len(days) > 1:
        return DayDoubt("day-order", tuple(day.isoformat() for day in days))
    if days[0].year not in _PLAUSIBLE:
        readings = [_day(days[0].year % 100 + _CENTURY, days[0].month, days[0].day)]
        return DayDoubt("day-century", tuple(d.isoformat() for one in readings for d in one))
    return days[0]


def _day(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _year(digits: str) -> int:
    """Return a year typed with four digits, three of the Republic's calendar, or two."""
    year = int(digits.removeprefix("民国"))
    if year in _REPUBLIC:
        return year + _CALENDAR
    return year + _CENTURY if len(digits) <= 2 else year  # noqa: PLR2004  as typed


def _ymd(match: re.Match[str], _default: int | None, _epoch: date) -> list[date] | DayDoubt:
    return _day(_year(match[1]), int(match[2]), int(match[3]))


def _serial(match: re.Match[str], _default: int | None, epoch: date) -> list[date] | DayDoubt:
    count = int(match[1])
    return [epoch + timedelta(days=count)] if count in _SERIALS else []


def _dmy(match: re.Match[str], _default: int | None, _epoch: date) -> list[date] | DayDoubt:
    """Return day-month-year and month-day-year: two readings where both can be."""
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    return sorted({*_day(year, second, first), *_day(year, first, second)})


def _two_digits(match: re.Match[str], default: int | None, _epoch: date) -> list[date] | DayDoubt:
    """Return the readings of three short numbers, near the known year where there is one."""
    a, b, c = (int(match[n]) for n in (1, 3, 4))
    days = {*_day(_CENTURY + a, b, c), *_day(_CENTURY + c, b, a), *_day(_CENTURY + c, a, b)}
    near = {day for day in days if default is None or abs(day.year - default) <= _NEAR}
    return sorted(near or days)


def _month_end(match: re.Match[str], _default: int | None, _epoch: date) -> list[date] | DayDoubt:
    year, month = _year(match[1]), int(match[2])
    return [month_end(year, month)] if month in range(1, 13) else []


def _named_day(match: re.Match[str], default: int | None, _epoch: date) -> list[date] | DayDoubt:
    """Return a day of a named month: 30 Jun 2026, June 30, 2026, 30 June."""
    groups = match.groupdict()
    year = _year(groups["year"]) if groups.get("year") else default
    if year is None:
        return DayDoubt("day-year")
    return _day(year, _MONTHS.index(groups["name"][:3]) + 1, int(groups["day"]))


def _named_month(match: re.Match[str], default: int | None, _epoch: date) -> list[date] | DayDoubt:
    groups = match.groupdict()
    year = _year(groups["year"]) if groups.get("year") else default
    if year is None:
        return DayDoubt("day-year")
    return [month_end(year, _MONTHS.index(groups["name"][:3]) + 1)]


def _day_or_year(match: re.Match[str], default: int | None, _epoch: date) -> list[date] | DayDoubt:
    """Return the readings of Jun-26: a month of 2026, or the 26th of June."""
    month, number = _MONTHS.index(match["name"][:3]) + 1, int(match["day"])
    end = [month_end(_CENTURY + number, month)]
    return sorted({*end, *(_day(default, month, number) if default else [])})


def _quarter(match: re.Match[str], default: int | None, _epoch: date) -> list[date] | DayDoubt:
    year = _year(match["year"]) if match["year"] else default
    return DayDoubt("day-year") if year is None else [month_end(year, 3 * int(match["part"]))]


def _half(match: re.Match[str], _default: int | None, _epoch: date) -> list[date] | DayDoubt:
    return [month_end(_year(match["year"]), 6 * int(match["part"]))]


def _year_end(match: re.Match[str], _default: int | None, _epoch: date) -> list[date] | DayDoubt:
    return [date(int(match[1]), 12, 31)]


def _month_day(match: re.Match[str], default: int | None, _epoch: date) -> list[date] | DayDoubt:
    """Return a day without a year; 6/7 is the seventh of June or the sixth of July."""
    if default is None:
        return DayDoubt("day-year")
    first, second = int(match[1]), int(match[3])
    days = {*_day(default, first, second)}
    if match[2] == "/":
        days |= {*_day(default, second, first)}
    return sorted(days)


def _bare_day(match: re.Match[str], default: int | None, _epoch: date) -> list[date] | DayDoubt:
    return DayDoubt("day-year") if default is None else _day(default, int(match[1]), int(match[2]))


_Y, _NN = r"((?:19|20)\d\d|(?:民国)?1[0-4]\d)", r"(\d{1,2})"
_NAMED_YEAR = r"(?P<year>\d{4}|\d\d)"
_DD, _NAMED = rf"(?P<day>\d{{1,2}}){_TH}", f"(?P<name>{'|'.join(_MONTHS)})[a-z]*\\.?"
_END = r"(?:(?:the )?end[- ](?:of )?|late )?"
_TABLE: tuple[tuple[str, Callable[[re.Match[str], int | None, date], list[date] | DayDoubt]], ...]
_TABLE = (
    (rf"{_Y} ?[-/.年] ?{_NN} ?[-/.月] ?{_NN} ?[日号]?{_BY}", _ymd),
    (r"((?:19|20)\d\d)(\d\d)(\d\d)", _ymd),
    (r"(\d{5})(?:\.\d+)?", _serial),
    (rf"{_NN} ?[-/. ] ?{_NN} ?[-/. ] ?((?:19|20)\d\d)", _dmy),
    (rf"{_NN}([-/.]){_NN}\2{_NN}{_BY}", _two_digits),
    (rf"{_Y} ?[-/.] ?(0?[1-9]|1[0-2])月?", _month_end),
    (rf"{_DD}[- /]*(?:of )?{_NAMED}(?:[- ,/]*{_NAMED_YEAR})?", _named_day),
    (rf"{_NAMED}[- ]*{_DD}(?:[ ,]+(?P<year>\d{{4}}))", _named_day),
    (rf"{_NAMED}[- ']*(?P<day>\d\d)", _day_or_year),
    (rf"{_NAMED}[- ]*{_DD}", _named_day),
    (rf"{_END}{_NAMED}(?:[- ,/']*(?P<year>\d{{4}}))?", _named_month),
    (rf"{_END}q(?P<part>[1-4])(?:[- ,/]*(?:of )?(?P<year>\d{{4}}))?", _quarter),
    (rf"{_END}(?P<year>\d{{4}})[- ,/]*q(?P<part>[1-4])", _quarter),
    (rf"{_END}(?P<part>[1-4])(?:q|{_TH} quarter)(?:[- ,/]*(?:of )?(?P<year>\d{{4}}))?", _quarter),
    (rf"{_END}(?P<part>[12])h[- ,/]*(?P<year>\d{{4}})", _half),
    (rf"{_END}h(?P<part>[12])[- ,/]*(?P<year>\d{{4}})", _half),
    (r"(?:the )?(?:year[- ]?end|end|end[- ]year)[- ,]*(?:of )?(20\d\d)", _year_end),
    (rf"{_NN}([-/.]){_NN}{_BY}", _month_day),
    (rf"{_NN} ?月 ?{_NN} ?[日号]{_BY}", _bare_day),
)
_FORMS = tuple((re.compile(pattern), reader) for pattern, reader in _TABLE)
