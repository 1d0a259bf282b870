"""Parties: the several bodies a sentence makes do the same, each for itself (各市, 分別)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.reading.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.reading.document.clauses import Clause, Sentence
    from catalog.reading.who.register import Register

_EACH = re.compile(
    "分别|各自|每个|各(?=建[设成立]|培育|选[择定取]|[制设办新]|组织|至少|不少于|推|打造)"
)
_ORDERED = re.compile("(?:由|指导|督促|要求|组织|推动)$")
_MUST = re.compile(
    "(?:要|应|须|需|务必|务于|每年|每季度|每月|于|在|以|结合|根据|按|年底前)|分别|的[^,。;]{2,12}(?:务|要|应|须)"
)
# A body of every place or kind, whether or not the register has it.
_ANYWHERE = re.compile(
    "各(?:地级以上市|设区市|地级市|省辖市|市州|市县|县市区|县\\(市、区\\)|市\\(州\\)|县区|区县|省|市|县|区|地|乡镇|镇街|街道)"
    "(?:人民政府|政府)?|各(?:有关|相关|责任|牵头|成员)?(?:部门|单位|地区)"
)
_AND = "、和及与與"
_LONGEST = 20  # characters of an agency's name
_NAME = "[^,。;、:()]{2,12}"
_ONE = re.compile("[^、]+")
_LIST = re.compile(rf"{_NAME}(?:、{_NAME})+")


class Parties(NamedTuple):
    """The bodies that each do it; no agencies where the words stand for none of the register."""

    span: Span
    agencies: tuple[str, ...]


def parties(text: str, sentence: Sentence, clause: Clause, register: Register) -> Parties | None:
    """Return the several bodies that do what `clause` asks, None where it is one."""
    folded = fold(text)
    groups = _groups(text, folded, Span(sentence.span.start, clause.span.end), register)
    if not groups or _one_acts(text, clause, register):
        return None
    each = _EACH.search(folded, clause.span.start, clause.span.end)
    doers = [group for group in groups if _does(folded, group.span, clause)]
    if each and (before := [group for group in groups if group.span.end <= each.start()]):
        return _narrowest(folded, before[-1], before)
    return _narrowest(folded, doers[-1], groups) if doers else None


def _one_acts(text: str, clause: Clause, register: Register) -> bool:
    """Tell whether a clause begins with a single agency, which then does it."""
    start = clause.span.start
    ends = range(start + 2, min(clause.span.end, start + _LONGEST))
    return any(register.is_one(text[start:end]) and text[end] not in _AND for end in ends)


def _does(folded: str, span: Span, clause: Clause) -> bool:
    """Tell whether a body stands where the doer stands: 由各地…, 督促各市…, 各市要…."""
    if _ORDERED.search(folded, max(0, span.start - 2), span.start):
        return True
    first = not folded[clause.span.start : span.start].strip()
    return first and bool(_MUST.match(folded, span.end))


def _narrowest(folded: str, group: Parties, others: list[Parties]) -> Parties:
    """Return the group 各地 stands for, where the sentence has named one before."""
    words = folded[group.span.start : group.span.end]
    if _ANYWHERE.fullmatch(words):
        for other in others:
            if other.span.end <= group.span.start and len(other.agencies) > 1:
                return other
    return group


def _groups(text: str, folded: str, within: Span, register: Register) -> list[Parties]:
    """Return the groups, lists and general words for bodies in a stretch, in order."""
    groups = [*_registered(folded, within, register), *_lists(text, folded, within, register)]
    ends: dict[int, int] = {}  # of the words that belong to a group already
    for start, end in (group.span for group in groups):
        ends |= {at: max(end, ends.get(at, 0)) for at in range(start, end)}
    general = _ANYWHERE.finditer(folded, within.start, within.end)
    groups += (Parties(Span(*m.span()), ()) for m in general if m.end() > ends.get(m.start(), 0))
    return sorted(groups, key=lambda group: (group.span.end, -group.span.start))


def _registered(folded: str, within: Span, register: Register) -> Iterator[Parties]:
    for name, members in register.gathered:
        at = folded.find(name, within.start, within.end)
        while at >= 0:
            yield Parties(Span(at, at + len(name)), members)
            at = folded.find(name, at + 1, within.end)


def _lists(text: str, folded: str, within: Span, register: Register) -> Iterator[Parties]:
    """Yield lists of registered names, the words around them cut away."""
    for match in _LIST.finditer(folded, within.start, within.end):
        first, *middle, last = (
            Span(part.start(), part.end()) for part in _ONE.finditer(folded, *match.span())
        )
        names = [_tail(text, first, register), *middle, _start(text, last, register)]
        spans = [n for n in names if n and register.find(text[n.start : n.end])]
        if len(spans) > 1 and len(spans) == len(names):
            agencies = (a for n in spans for a in register.find(text[n.start : n.end]))
            yield Parties(Span(spans[0].start, spans[-1].end), tuple(dict.fromkeys(agencies)))


def _tail(text: str, span: Span, register: Register) -> Span | None:
    sizes = range(span.start, span.end - 1)
    return next((Span(n, span.end) for n in sizes if register.find(text[n : span.end])), None)


def _start(text: str, span: Span, register: Register) -> Span | None:
    sizes = range(span.end, span.start + 1, -1)
    return next((Span(span.start, n) for n in sizes if register.find(text[span.start : n])), None)
