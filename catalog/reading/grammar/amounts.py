"""Counts, figures and documents in a plan: a table of rules with their examples."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from catalog.plans.contents import Quota
from catalog.reading.grammar.numerals import CHINESE, number
from catalog.reading.grammar.rule import Rule

Bound = Literal["at-least", "more-than", "reach", "at-most"]

# What can be counted one by one.
_EACH = (
    "(?:(?:人|场|家|班|批|期|件|户)次|课时|学时|个(?!工作日|百分点|小时|月)|家|场|次|项|名|期|批|户|所|条"
    "|篇|份|套|座|种|类|款|届|处|宗|支|辆|台|件|人|片|幢|栋|间|张|株|棵|盏|穴|只|头|艘|架|册|块|枚|眼|幅|班(?![级子组长]))"
)
_IN_WORDS = f"{CHINESE}{{1,12}}"  # 一千二百三十四 has seven; without a bound a run costs its square
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)"
_PERCENT = "(?:个百分点|百分点|%)"
_UNIT = (
    f"(?:{_PERCENT}|(?:万亿|[万亿])?(?:美元|欧元|[港台澳]元|元|人民币)|万?亿|万?(?:平方米|平方公里|公里|亩|公顷"
    f"|立方米|吨|千瓦|兆瓦|[MGk]W|{_EACH}|米|个?(?:工作|自然)日|个?小时|分钟|天)|倍)"
)
_LEAST = "(?:不少于|不低于|不小于|至少|最少|超过|突破|高于|多于|不超过|不高于|不多于|最多|控制在)"
_MORE = "(?:以上|及以上|左右|以内|以下)"
_DONE = (
    "(?<=召开|开展|举办|组织|建设|建成|培育|引进|设立|新增|打造|完成|报送|通报|举行|选择|选定"
    "|建立|认定|扶持|新建|进行|各[建设选育])"
)

COUNTS = (
    Rule(
        "count",
        "count",
        rf"({_LEAST}?)({_NUMBER})(?:(?:{_EACH})?[-至到]({_NUMBER}))?(?![\d.])(?:余|多)?({_EACH})"
        rf"({_MORE}?)",
        {
            "最少1,000名": "1000..",
            "20场次以上": "20..",
            "30-40場": "30..40",
            "1-2個": "1..2",
            "2-3家": "2..3",
            "1個以上": "1..",
            "超過3000個": "3001..",
            "不少于5次": "5..",
        },
        ("18.7%", "1000万元", "2010年", "2个百分点", "3个工作日"),
    ),
    Rule(
        "some",
        "count",
        rf"()(若干)()({_EACH})()",
        {"若干場": "1..", "若干个": "1..", "若干次": "1.."},
        ("若干意见",),
    ),
    Rule(
        "count-in-words",
        "count",
        rf"({_LEAST})({_IN_WORDS})(?:{_EACH}?[-至到]({_IN_WORDS}))?({_EACH})({_MORE}?)"
        rf"|()({_IN_WORDS}){_EACH}?[-至到]({_IN_WORDS})({_EACH})({_MORE}?)"
        rf"|()({_IN_WORDS})()({_EACH})({_MORE})"
        rf"|{_DONE}()({_IN_WORDS})()(?!批)({_EACH})(?!事|人|体)()"
        rf"|(?<![第这])()({_IN_WORDS})()(次|场)()(?=[,。;、)\s]|会议|$)",
        {
            "一至两次": "1..2",
            "不少于三場": "3..",
            "两个以上": "2..",
            "三至五家": "3..5",
        },
        ("三个一", "第一次", "一批"),
    ),
)

FIGURES = (
    Rule(
        "figure",
        "figure",
        rf"({_LEAST}?)({_NUMBER}(?:\.\d+)?)(?:%?-({_NUMBER}(?:\.\d+)?))?({_UNIT}?)(?:余|多)?({_MORE}?)",
        {
            "3.75万亿元": "3.75",
            "3,300公顷": "3300",
            "35小时": "35",
            "1800億美元": "1800",
            "14800億元": "14800",
            "18.7%": "18.7",
            "21%以上": "21",
            "461": "461",
        },
        ("三个一",),
    ),
)

DOCUMENTS = (
    Rule(
        "document",
        "document",
        r"研究完善|(?:研究|抓紧)?(?:制订|制定|出台|起草|拟订|拟定|修订"
        "|(?<!机构)(?<!事业)编制(?!部门|工作|内|外|数|总额|资源|人员|员额))",
        {"研究制訂": "", "研究出臺": "", "制訂": "", "制定": "", "出臺": "", "研究完善": ""},
        ("制度", "(2011年修订)"),
    ),
)

AMOUNTS = (*COUNTS, *FIGURES, *DOCUMENTS)


_ODD = re.compile(r"[\d十百千][余多]")  # 50余場: fifty and some more


class Amount(NamedTuple):
    """A figure as the text bounds it, with its unit; `most` where the text gives a range."""

    least: int | float
    most: int | float | None
    unit: str
    bound: Bound


def amount_of(match: re.Match[str]) -> Amount:
    """Return the amount in a match of a rule of `COUNTS` or `FIGURES`."""
    prefix, least, most, unit, more = _parts(match)
    if least == "若干":
        return Amount(1, None, unit, "at-least")
    from_there_on = _ODD.search(match[0]) or (most and not prefix)  # 50余場; 3-5家
    bound = "at-least" if from_there_on else _bound(prefix, more)
    return Amount(_value(least), _value(most) if most else None, unit, bound)


def quota_of(amount: Amount) -> Quota | None:
    """Return the quota of an amount, None when it only sets an upper bound."""
    if amount.bound == "at-most":
        return None
    least = int(amount.least) + (amount.bound == "more-than")
    if amount.most is None and amount.bound == "reach":
        return Quota(min=least, max=least)
    if amount.most is not None and amount.most < least:
        return None
    return Quota(min=least, max=None if amount.most is None else int(amount.most))


def _parts(match: re.Match[str]) -> tuple[str, str, str, str, str]:
    """Return the five parts of the alternative that matched: bound, figures, unit, bound."""
    groups = match.groups()
    start = next(i for i in range(0, len(groups), 5) if groups[i + 1] is not None)
    prefix, least, most, unit, more = (part or "" for part in groups[start : start + 5])
    return prefix, least, most, unit, more


def _value(numeral: str) -> int | float:
    numeral = numeral.replace(",", "")
    return float(numeral) if "." in numeral else number(numeral)


def _bound(prefix: str, more: str) -> Bound:
    if more in ("以内", "以下") or prefix in ("不超过", "不高于", "不多于", "最多", "控制在"):
        return "at-most"
    if prefix in ("超过", "突破", "高于", "多于"):
        return "more-than"
    return "at-least" if prefix or more in ("以上", "及以上") else "reach"
