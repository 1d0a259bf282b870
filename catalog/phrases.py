"""Which phrases of a plan's text bind somebody, and what each means (rules 1)."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from catalog.plan import Quota


class Rule(NamedTuple):
    """A kind of phrase a reader may not pass over, with examples from real plans."""

    name: str
    pattern: str
    examples: tuple[str, ...]


# In this order: of two rules that match at one place the first one reads it.
RULES = (
    Rule(
        "year",
        r"(?:從\d{4}年起|\d{4}(?:-\d{4})?年(?:底前|前|末|上半年|下半年)?)",
        ("2013-2015年", "2013年底前", "2015年前", "2014年上半年", "2015年末", "從2013年起"),
    ),
    Rule("yearly", r"每年|分年度|按年度|年度", ("每年", "分年度", "按年度", "年度")),
    Rule(
        "manner",
        r"定期|適時|及時|按時|盡快|限時",
        ("定期", "適時", "及時", "按時", "盡快", "限時"),
    ),
    Rule(
        "count",
        r"超過\d+[個家場次]|\d+(?:-\d+)?[個家場次](?:以上)?|若干[個家場次]",
        ("30-40場", "1-2個", "2-3家", "1個以上", "超過3000個", "若干場"),
    ),
    Rule(
        "figure",
        r"\d+(?:\.\d+)?(?:億美元|億元|%)?(?:以上)?",
        ("1800億美元", "14800億元", "18.7%", "21%以上", "461"),
    ),
    Rule(
        "document",
        r"研究完善|(?:研究)?(?:制訂|制定|出臺)",
        ("研究制訂", "研究出臺", "制訂", "制定", "出臺", "研究完善"),
    ),
)
_ANY = re.compile("|".join(f"(?P<{rule.name}>{rule.pattern})" for rule in RULES))
_YEAR = re.compile(r"(從)?(\d{4})(?:-(\d{4}))?年(.*)")
_COUNT = re.compile(r"(超過)?(\d+|若干)(?:-(\d+))?[個家場次](以上)?")


class Mark(NamedTuple):
    """A binding phrase at its place in a text: `text[start:end] == phrase`."""

    rule: str
    phrase: str
    start: int
    end: int


class Window(NamedTuple):
    """The days a time phrase leaves; None where it leaves that side open."""

    opens_on: date | None
    due_on: date | None


def marks(text: str) -> tuple[Mark, ...]:
    """Return the binding phrases of `text` in the order they stand."""
    found = _ANY.finditer(text)
    return tuple(Mark(str(m.lastgroup), m[0], m.start(), m.end()) for m in found)


def window(phrase: str) -> Window:
    """Return what a phrase of the rule "year" means: N年前 ends with the year before N."""
    found = _YEAR.fullmatch(phrase)
    if not found:
        raise ValueError(phrase)
    since, first, last, part = found.groups()
    year = int(first)
    if since:
        return Window(date(year, 1, 1), None)
    if last:
        return Window(date(year, 1, 1), date(int(last), 12, 31))
    return {
        "前": Window(None, date(year - 1, 12, 31)),
        "上半年": Window(date(year, 1, 1), date(year, 6, 30)),
        "下半年": Window(date(year, 7, 1), date(year, 12, 31)),
    }.get(part, Window(None, date(year, 12, 31)))


def quota(phrase: str) -> Quota:
    """Return what a phrase of the rule "count" asks for: 若干 is one or more."""
    found = _COUNT.fullmatch(phrase)
    if not found:
        raise ValueError(phrase)
    over, least, most, at_least = found.groups()
    if least == "若干":
        return Quota(min=1)
    if over or at_least:
        return Quota(min=int(least) + bool(over))
    return Quota(min=int(least), max=int(most or least))
