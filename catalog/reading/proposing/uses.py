"""Uses of figures: a target to be reached, a quota, a scope, a name, or open to a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from catalog.reading.grammar import matching
from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from catalog.reading.grammar.matching import Mark
    from catalog.reading.span import Span

Use = Literal["target", "quota", "scope", "name", "open"]

# Words before a figure that say it is to be reached.
_REACHES = re.compile(
    "(?:达到?了?|提[升高][到至]|增[长加][到至]?|扩大[到至]|[下]?降低?[到至]?|减少[到至]?|控制在|保持在"
    "|稳定在|力争|实现|提高|提升|压[减缩]|新增|累计|拥有|完成率?|为)(?:率|约|了)?(?:分别)?(?:达到?|为|至|到)?$"
)
# Deeds that are counted: so many meetings held, so many platforms built.
_DEEDS = re.compile(
    "(?:组织|召开|举办|举行|开展|建设|建立|建成|培育|选择|选定|选取|遴选|评选|新建|新设|设立|引进|打造|扶持"
    "|认定|创建|实施|制定|制订|推出|推广|培养|培训|报送|编发|印发|通报|检查|督查|调研|走访|安排|推进|推动"
    "|开办|开设|增设|改造|完成|发布|各|不少于|至少|进行|落实|支持|参加|参与|征集|办|每年|每季度|每月|每半年)(?:了)?$"
)
_DOING = re.compile(_DEEDS.pattern.removesuffix("(?:了)?$"))
_RESTS = re.compile(r"^(?:以上|左右|以内|以下)?(?:$|[,。;、)\]\s:]|和|及|与|以及|并|,)")
_SCOPES = re.compile(
    "(?:[在从对将]|上述|全省|全市|全国|全县|全区|这|该|其|共|前|确定的|现有|已有|原有|其他|其余|余下的|剩余的?|、[^、,年月季周]{1,6})$"
)
_WITHIN = re.compile("[中里]")
_GROUND = re.compile("(?:基础上|前提下|过程中)$")  # 在完成首階段45項的基礎上: what is done already
_RESTED = re.compile("^[^,]*在")
_GIVES = re.compile("补[助贴]|奖励|资助|罚款|给予|最高|每[人户家个]|注册资本|以[上下]的?$")
_NAMES = re.compile(r"(?:[A-Za-z] ?|[“+\-/第.])$")


def use(text: str, mark: Mark, clause: Span) -> Use:
    """Return the use of a count or figure, "open" where a person must say.

    A figure is a target where it closes its words (…達到80%, 研發機構1000個); a count is a quota
    where a deed stands before it and what is counted behind (組織30-40場活動).
    """
    folded = fold(text)
    before, after = folded[clause.start : mark.start], folded[mark.end : clause.end]
    if _GROUND.search(after) and _RESTED.search(before + after):
        return "scope"
    if _NAMES.search(before) or after.startswith(("”", "号", "+", "年")):
        return "name"
    amount = matching.figure(mark, text)
    bounded = amount.bound != "reach" or amount.most is not None
    if mark.sort == "count":
        return _of_a_count(before, after, bounded=bounded, reaches=bool(_REACHES.search(before)))
    if not amount.unit:
        return "open"
    if _GIVES.search(before) or not _RESTS.match(after):
        return "open"
    return "target" if before.strip() or bounded else "open"


def _of_a_count(before: str, after: str, *, bounded: bool, reaches: bool) -> Use:
    if _RESTS.match(after):
        if _DEEDS.search(before) and not before.endswith(("新增", "完成")):
            return "quota"
        if reaches or (before.strip() and not _DOING.fullmatch(before.strip())):
            return "target"
        return "quota" if bounded else "open"
    if _DEEDS.search(before):
        return "quota"
    if not bounded and (_SCOPES.search(before) or _WITHIN.match(after)):
        return "scope"
    return "quota" if _DOING.search(before) or _DOING.search(after) or bounded else "open"
