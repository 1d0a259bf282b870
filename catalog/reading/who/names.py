"""Names of bodies in a list, each with the agencies it stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.reading.span import Ask, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.reading.who.register import Register

_OPEN = re.compile(
    "等?(?:国务院|中央|全?[省市县区州])*(?:政府)?[级直属]?(?:各级?(?:有关|相关|其他|成员)?|有关|相关|其他|成员)"
    "(?:职能|责任|金融|业务)?(?:部门|单位|方面|机构|省直部门|部门和单位|科室|专班|政策局)"
    "|各?(?:有关|相关)(?:乡镇|镇街|街道|[市县区]+|地区|企业)"
)
# Somebody who directs the bodies named, and is none of them: 分管副省長, 王副縣長.
_PERSON = re.compile(
    "(?:分管|协管|联系|主管|包联)?[^、]{0,2}?(?:政府)?副?(?:[省市县区州镇乡]长|秘书长|书记|主席|领导)(?:同志)?"
)
_JOINED = re.compile("以及|和|及|与")
_LONGEST = 100  # characters of two names; a longer one is no name
_ET_CETERA = re.compile("等[^等]{0,8}$")


class Context(NamedTuple):
    """The document's text, the register to read it with, and the item's number for questions."""

    text: str
    register: Register
    number: str

    def folded(self, span: Span) -> str:
        """Return the folded words of a stretch."""
        return fold(self.text[span.start : span.end])


class Name(NamedTuple):
    """A name at its place, with the agencies it stands for."""

    span: Span
    agencies: tuple[str, ...]


class Names(NamedTuple):
    """The names of a list, and the questions about them."""

    names: tuple[Name, ...] = ()
    asks: tuple[Ask, ...] = ()


def names_of(part: Span, context: Context) -> Names:
    """Return the names of a list; a name nobody registered is asked about."""
    register, asks, spans = context.register, list[Ask](), list[Span]()
    for whole in split(part, context):
        span = _without_et_cetera(whole, context)
        if span != whole:
            asks.append(_open_list(Span(span.end, whole.end), context))
        if span.end > span.start:
            spans += _apart(span, context)
    bodies: list[Span] = []
    for span in spans:
        words = context.folded(span)
        if register.find(words):
            bodies.append(span)
        elif _OPEN.fullmatch(words):
            asks.append(_open_list(span, context))
        elif not _PERSON.fullmatch(words):
            bodies.append(span)
    texts = [context.text[span.start : span.end] for span in bodies]
    agencies = register.agencies_of_list(texts)
    names = tuple(Name(span, ids) for span, ids in zip(bodies, agencies, strict=True))
    asks += (_unknown(name.span, context) for name in names if not name.agencies)
    return Names(names, tuple(asks))


def _open_list(span: Span, context: Context) -> Ask:
    return Ask("list-open", context.number, span, ({},))


def _unknown(span: Span, context: Context) -> Ask:
    similar = context.register.similar(context.text[span.start : span.end])
    readings = tuple({"add": (agency,)} for agency in similar)
    return Ask("agency-unknown", context.number, span, readings)


def split(part: Span, context: Context) -> Iterator[Span]:
    """Yield the stretches of a list between its signs."""
    at = part.start
    for match in context.register.separator.finditer(context.folded(part)):
        if match["sign"]:
            if part.start + match.start() > at:
                yield Span(at, part.start + match.start())
            at = part.start + match.end()
    if part.end > at:
        yield Span(at, part.end)


def _without_et_cetera(span: Span, context: Context) -> Span:
    """Return a name without the 等 that leaves its list open."""
    words = context.folded(span)
    match = _ET_CETERA.search(words)
    if not match or context.register.find(words):
        return span
    return Span(span.start, span.start + match.start())


def _apart(span: Span, context: Context) -> list[Span]:
    """Return the two names that 和 joins, where each is known or open and the whole is not."""
    words, register = context.text[span.start : span.end], context.register
    if len(words) <= _LONGEST and not register.find(words):
        for match in _JOINED.finditer(fold(words)):
            names = [words[: match.start()], words[match.end() :]]
            pairs = zip(names, register.agencies_of_list(names), strict=True)
            if names[1] and all(ids or _OPEN.fullmatch(fold(name)) for name, ids in pairs):
                middle = span.start + match.start()
                return [Span(span.start, middle), Span(span.start + match.end(), span.end)]
    return [span]
