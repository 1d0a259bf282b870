"""Lines for the tests of letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from catalog.letters.layout import digest
from catalog.letters.line import DutyLine, News, Office, Text
from catalog.letters.sheet import Sheet, plain

ON = date(2014, 5, 30)
OFFICE = Office("協調辦公室", "張三", "020-12345678")
LINE = DutyLine(
    key="guangdong-2013/40.meeting/-/2014",
    title="召開粵港、粵澳合作聯席會議",
    due_on=date(2014, 6, 30),
    ask="file",
    news=(News("before", "file"),),
    lead="省外經貿廳",
    performer="省外經貿廳",
    of="guangdong-2013/40.meeting",
    measure="40",
    says=("每年召開1-2次",),
    participants=("省港澳辦", "省商務廳"),
    quota_min=1,
    quota_max=2,
)
LATE = replace(
    LINE,
    key="b",
    of="guangdong-2013/41.event",
    title="舉辦推介會",
    due_on=date(2014, 5, 1),
    news=(News("late", "file"),),
)


def sheet(*lines: DutyLine, language: str = "zh-Hant", on: date = ON, **more) -> Sheet:
    facts = {"recipients": ["省外經貿廳"], "office": OFFICE, "plan": "實施方案"}
    return digest(lines, language=language, on=on, **(facts | more))


def letter(*lines: DutyLine, **more) -> Text:
    return plain(sheet(*lines, **more))


def new(number: int, **changes) -> DutyLine:
    """One of several duties of their own obligations, to be signed for."""
    facts = {
        "key": f"p/{number}.x/-/2014",
        "of": f"p/{number}.x",
        "title": f"任務{number}",
        "ask": "sign",
        "news": (News("open", "sign"),),
    }
    return replace(LINE, **(facts | changes))
