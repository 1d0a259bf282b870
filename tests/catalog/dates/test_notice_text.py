"""The notice of a year is read from lines or TOML, and refused where it contradicts itself."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.dates.notice_text import EXAMPLE, read_notice
from catalog.dates.workdays import TABLES, Notice, load_workdays, notices, workdays_with
from catalog.errors import InvalidError

LINES = "off 2027-01-01 2027-01-03\nwork 2027-01-09\nsource letter 1\n"
NOTICE = Notice(2027, ("letter 1",), ((date(2027, 1, 1), date(2027, 1, 3)),), (date(2027, 1, 9),))


@pytest.mark.parametrize(
    "text",
    [
        LINES,
        "# 2027\n\n放假：2027年1月1日至2027年1月3日\n上班 2027/1/9\n依據：letter 1\n",
        "放假\t2027.1.1\t2027.1.3\n補班\t2027-01-09\n通知\tletter 1\n",
        '[2027]\npapers = ["letter 1"]\noff = [[2027-01-01, 2027-01-03]]\nwork = [2027-01-09]\n',
    ],
)
def test_a_notice_is_read_as_people_write_it(text):
    assert read_notice(text) == NOTICE


def test_the_example_is_a_notice():
    assert read_notice(EXAMPLE).year == 2027


@pytest.mark.parametrize("year", [notice.year for notice in notices("CN")])
def test_each_shipped_notice_would_be_taken(year):
    table = (TABLES / "CN.toml").read_text(encoding="utf-8")
    begins = table.index(f"[{year}]")
    ends = table.find(f"[{year + 1}]")
    shipped = next(notice for notice in notices("CN") if notice.year == year)
    assert read_notice(table[begins : ends if ends > 0 else None]) == shipped


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "holidays-none"),
        ("work 2027-01-09\nsource x", "holidays-none"),
        ("off 2027-01-01", "holidays-source"),
        ("off 2027年1月1日至3日\nsource x", "holidays-unread"),
        ("off tomorrow\nsource x", "holidays-unread"),
        ("off 2027-02-30\nsource x", "holidays-unread"),
        ("something\nsource x", "holidays-unread"),
        ("off 2027-01-03 2027-01-01\nsource x", "holidays-stretch"),
        ("off 2027-01-01 2027-03-01\nsource x", "holidays-stretch"),
        ("off 2027-01-01\noff 2026-05-01\noff 2027-05-01\nsource x", "holidays-year"),
        ("off 2027-01-01\nwork 2027-01-05\nsource x", "holidays-weekday"),
        ("off 2027-01-01 2027-01-03\nwork 2027-01-02\nsource x", "holidays-both"),
        ("[2027]\nwork = []", "holidays-table"),
        ("[2027]\npapers = [1]\noff = [[2027-01-01, 2027-01-03]]\nwork = []", "holidays-table"),
        ("[2027]\npapers = ['x']\noff = [['a', 'b']]\nwork = []", "holidays-table"),
        ("[2027]\n[2028]\n", "holidays-table"),
        ("[2027\n", "holidays-unread"),
        ("x" * 20_001, "text-too-long"),
    ],
)
def test_a_text_that_is_no_notice_is_refused(text, key):
    with pytest.raises(InvalidError) as refused:
        read_notice(text)
    assert refused.value.key == key


def test_an_own_notice_has_precedence_over_the_shipped_one():
    (old,) = (notice for notice in notices("CN") if notice.year == 2014)
    new = old._replace(off=(*old.off, (date(2014, 3, 17), date(2014, 3, 17))))

    calendar = workdays_with("CN", (new,))

    assert not calendar.is_workday(date(2014, 3, 17))
    assert load_workdays("CN").is_workday(date(2014, 3, 17))
    assert calendar.version != load_workdays("CN").version
    assert workdays_with("CN", (old,)).version == load_workdays("CN").version
