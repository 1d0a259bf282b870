"""The clock, time zones and days as people type them: the one module that uses pendulum.

Plain `date` and `datetime` are used everywhere else (docs/decisions). Only flows and the desk
call `now_utc`; the deeds take the instant as an argument.
"""

from __future__ import annotations

import datetime as dt
import re

import pendulum

YEARS = range(1900, 2200)  # of days that people type
TIME = re.compile(r"(\d{1,2})(?:[:：](\d{2})|[時时点點](?:(\d{1,2})分?)?)")


def now_utc() -> dt.datetime:
    """Return the present instant in UTC, to the second as the ledger stores it."""
    return dt.datetime.fromtimestamp(pendulum.now("UTC").int_timestamp, dt.UTC)


def time_zone(name: str) -> dt.tzinfo:
    """Return the time zone of that IANA name; ValueError for an unknown one."""
    return pendulum.timezone(name)


def typed_day(text: str) -> dt.date:
    """Return the day a person typed: 2014-03-14, 20140314 or 2014年3月14日.

    ValueError for anything else, and for a year outside YEARS: no date is reckoned from it that
    does not exist.
    """
    form = "YYYY年M月D日" if "年" in text else "YYYY-M-D" if "-" in text else "YYYYMMDD"
    day = pendulum.from_format(text.strip(), form)
    if day.year not in YEARS:
        raise ValueError(text)
    return dt.date(day.year, day.month, day.day)


def typed_time(text: str) -> dt.time:
    """Return the time of day a person typed: 09:30, 9:30 or 9時30分; ValueError for another."""
    match = TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    hour, minute, spelt = match.groups()
    return dt.time(int(hour), int(minute or spelt or 0))
