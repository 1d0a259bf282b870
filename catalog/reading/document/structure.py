"""Structure of a document: its chapters and sections, and the items under them."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.document.head import DAY
from catalog.reading.document.labels import is_date_line, roles_of
from catalog.reading.document.lines import ARABIC, BULLET, DECIMAL, FORMAL, LABELLED, NUMERAL
from catalog.reading.grammar import matching
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.numerals import number
from catalog.reading.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from catalog.reading.document.labels import RoleLabel

# What begins a part, from the outermost kind to the innermost.
_MARKERS = (
    re.compile(rf"(?:第{NUMERAL}[章部篇]分?|{FORMAL}、) ?"),
    re.compile(rf"第{NUMERAL}节 ?"),
    re.compile(rf"{NUMERAL}(?:、|[.](?!\d)) ?"),
    re.compile(rf"第{NUMERAL}条 ?"),
    re.compile(rf"(?:\({NUMERAL}\)、?|[㈠-㈩]) ?"),
    re.compile(rf"{LABELLED} ?"),
    re.compile(rf"{ARABIC} ?"),
    re.compile(rf"{DECIMAL} ?"),
    re.compile(r"(?:\((?:\d{1,3}|[a-z]{1,4})\)|\d{1,3}\)|[⑴-⒇]) ?"),
    re.compile(r"[①-⑳] ?"),
    re.compile(rf"{BULLET} ?"),
)
_ARTICLE, _NUMBERED, _INNER = 3, 6, 8  # where 第一条, 1. and (1) stand in that order
_LONGEST = 100  # characters of a heading
_OWN_NUMBER = re.compile(rf"第({NUMERAL})条|(\d{{1,3}})|([⒈-⒛])")

_AFTER = re.compile(r"附件|附表|附:|\(此件|\(联系人|抄送|主题词|扫一扫")
_ANNEXES = re.compile(r"附[件表]?:? ?1[.、]")  # 附件:1.甲, and 2.乙 in the next line
_DATES = ("time", "recurs", "since")
_YEARS = ("year", "span", "five-years")
_PREFACE = re.compile(
    "指导思想|基本原则|总体要求|总体思路|总体目标|主要目标|工作目标|发展目标|重要意义|工作原则"
    "|目标任务$|总则$|附则$"
)


class Item(NamedTuple):
    """A numbered part with no numbered part of its own.

    `text` is its words, with blanks in place of those on who answers for it; it begins at `start`
    of the document's text. Its own heading, `title`, stands at `heading`; `chapter` and `section`
    are the headings above it. `roles` are its own words on who answers, `above` those of its
    headings, for an item that has none. A `preface` only sets out principles or aims.
    """

    number: str
    chapter: str
    section: str
    title: str
    text: str
    start: int
    heading: Span
    roles: tuple[RoleLabel, ...]
    above: tuple[RoleLabel, ...]
    preface: bool


def items_of(text: str) -> tuple[Item, ...]:
    """Return the items of a document's text (`lines.Paper.text`) in order."""
    folded = fold(text)
    leaves = list(_leaves(text, _tree(text, folded), ()))
    if not leaves:
        leaves = [(node,) for node in _unnumbered(text)]
    items = [(path[-1], _item(text, path)) for path in leaves]
    items = [(node, item) for node, item in items if not item.preface or _binds(item)]
    numbers = _numbers([node for node, _ in items], folded)
    return tuple(
        item._replace(number=number) for (_, item), number in zip(items, numbers, strict=True)
    )


def beginning(text: str) -> int:
    """Return where the first numbered part of a document's text begins, or its end."""
    folded = fold(text)
    numbered = (p.start for p in paragraphs(text) if _level(folded[p.start : p.end])[0] is not None)
    return next(numbered, len(text))


def _binds(item: Item) -> bool:
    """Tell whether an item that sets out aims says by when, how often or how much."""
    marks = matching.marks(item.text)
    return any(m.sort in (*_DATES, "count") for m in marks) or _measures(item.text)


def _measures(words: str) -> bool:
    """Tell whether words give a figure of something."""
    figures = (m for m in matching.marks(words) if m.sort == "figure")
    return any(matching.figure(m, words).unit for m in figures)


@dataclass
class _Node:
    """A part of the document, which itself is the part of level -1."""

    level: int
    start: int
    words: int  # where its words begin, behind its number
    paragraphs: list[Span] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)

    def end(self) -> int:
        last = self.children[-1].end() if self.children else 0
        return max(last, *(p.end for p in self.paragraphs))


def _tree(text: str, folded: str) -> _Node:
    root = _Node(-1, 0, 0)
    stack, within, appended = [root], False, 0
    for span in paragraphs(text):
        line = folded[span.start : span.end]
        level, behind = _level(line)
        if appended and line.startswith((f"{appended + 1}.", f"{appended + 1}、")):
            appended += 1  # the name of an annex, not its text
            continue
        appended = int(bool(_ANNEXES.match(line)))
        if level is not None:
            while stack[-1].level >= level:
                stack.pop()
            node = _Node(level, span.start, span.start + behind, [span])
            stack[-1].children.append(node)
            stack.append(node)
            within = True
        elif DAY.fullmatch(line) or _AFTER.match(line):
            if DAY.fullmatch(line):
                _drop_signature(stack[-1].paragraphs, folded)
            stack, within = [root], False
        elif within:
            stack[-1].paragraphs.append(span)
    return root


def _drop_signature(spans: list[Span], folded: str) -> None:
    """Remove the name of the issuing body, which stands alone above the date."""
    if len(spans) > 1 and not re.search("[。;:,]", folded[spans[-1].start : spans[-1].end]):
        spans.pop()


def paragraphs(text: str) -> Iterator[Span]:
    """Yield the stretch of each line of `text` that is not empty."""
    for match in re.finditer(r"[^\n]+", text):
        yield Span(*match.span())


def _unnumbered(text: str) -> list[_Node]:
    """Return the paragraphs that say who answers for them, themselves or in the lines below."""
    nodes: list[_Node] = []
    words: Span | None = None
    for span in paragraphs(text):
        roles, covered = roles_of(text, *span)
        if _says_more(_blanked(text, covered, *span)):
            words = span
            if roles:
                nodes.append(_Node(_NUMBERED, span.start, span.start, [span]))
        elif nodes and words == nodes[-1].paragraphs[0]:
            nodes[-1].paragraphs.append(span)
        elif roles and words:
            nodes.append(_Node(_NUMBERED, words.start, words.start, [words, span]))
    return nodes


def _level(line: str) -> tuple[int | None, int]:
    for level, marker in enumerate(_MARKERS):
        if (match := marker.match(line)) and match.end() < len(line):
            return level, match.end()
    return None, 0


def _leaves(text: str, node: _Node, above: tuple[_Node, ...]) -> Iterator[tuple[_Node, ...]]:
    """Yield each part that has none of its own, behind those it stands in.

    Points like (1) and ① belong to the part they stand in, unless one names who answers for it;
    so do those of an article. The words of a part above its inner parts are a part as well, if
    they say by when, how often or how much.
    """
    path = (*above, node) if node.level >= 0 else ()
    points = all(child.level >= _INNER for child in node.children) or node.level == _ARTICLE
    if points and not any(_roles(text, child) for child in node.children):
        if path:
            yield path
        return
    if path and _asks_itself(text, alone := replace(node, children=[])):
        yield (*above, alone)
    for child in node.children:
        yield from _leaves(text, child, path)


def _asks_itself(text: str, alone: _Node) -> bool:
    """Tell whether a part asks for something itself: its heading, or the words behind that."""
    words = _words_behind_heading(text, alone)
    return _is_dated(_heading(text, alone.paragraphs[0])) or _is_dated(words) or _measures(words)


def _is_dated(words: str) -> bool:
    """Tell whether words say by when, how often or how much, and not only in which year."""
    return any(
        (m.sort in _DATES and m.rule not in _YEARS) or (m.sort == "count" and m.rule != "some")
        for m in matching.marks(words)
    )


def _numbers(nodes: Sequence[_Node], folded: str) -> list[str]:
    """Return the items' numbers: the document's own where each is used once.

    Parts beside them that have no such number are safeguards, S1, S2, ...; where numbers begin
    anew in each chapter the items are counted through.
    """
    own = [_own_number(node, folded) for node in nodes]
    numbers = [n for n in own if n]
    points = any(node.level >= _INNER for node in nodes)
    if points or len(set(numbers)) < len(numbers) or not numbers:
        return [str(n) for n, _ in enumerate(nodes, 1)]
    safeguards = itertools.count(1)
    return [str(n) if n else f"S{next(safeguards)}" for n in own]


def _own_number(node: _Node, folded: str) -> int | None:
    if node.level not in (_ARTICLE, _NUMBERED):
        return None
    match = _OWN_NUMBER.match(folded, node.start)
    if match and match[3]:
        return ord(match[3]) - ord("⒈") + 1
    return number(match[1] or match[2]) if match else None


def _item(text: str, path: tuple[_Node, ...]) -> Item:
    *above, node = path
    headings = [_heading(text, part.paragraphs[0]) for part in above]
    own = _heading(text, node.paragraphs[0])
    start, end = node.words, node.end()
    answering = [roles_of(text, *span) for part in _parts(node) for span in part.paragraphs]
    covered = [stretch for paragraph in answering for stretch in paragraph.covered]
    behind = min(end, _behind(text, node))
    if _heads(node) and _says_more(_blanked(text, covered, behind, end)):
        headings.append(own)
        start = start if _is_dated(own) or _is_sentence(own) else behind
    words = _blanked(text, covered, start, end)
    chapter = headings[0] if headings else own
    return Item(
        number="",
        chapter=chapter,
        section=headings[-1] if headings else own,
        title=own[node.words - node.start :] or own,
        text=words,
        start=start,
        heading=Span(node.words, min(node.start + len(own), node.paragraphs[0].end)),
        roles=tuple(role for paragraph in answering for role in paragraph.roles),
        above=_inherited(text, above),
        preface=any(_PREFACE.search(fold(h)) for h in headings),
    )


def _heads(node: _Node) -> bool:
    """Tell whether a part begins with a heading, being no numbered item itself."""
    return node.level < _NUMBERED and node.level != _ARTICLE


def _is_sentence(heading: str) -> bool:
    """Tell whether a heading is a sentence that asks for something, and not only a name."""
    requires = any(m.sort in ("document", "vague") for m in matching.marks(heading))
    return requires and "," in fold(heading)


def _says_more(words: str) -> bool:
    """Tell whether words say anything besides the date of the part."""
    lines = (line.strip("。;； ") for line in words.split("\n"))
    return any(line and not is_date_line(fold(line)) for line in lines)


def _parts(node: _Node) -> Iterator[_Node]:
    yield node
    for child in node.children:
        yield from _parts(child)


def _roles(text: str, node: _Node) -> tuple[RoleLabel, ...]:
    return tuple(
        r for part in _parts(node) for p in part.paragraphs for r in roles_of(text, *p).roles
    )


def _inherited(text: str, above: Sequence[_Node]) -> tuple[RoleLabel, ...]:
    """Return the roles of the innermost heading that names any."""
    for part in reversed(above):
        if roles := tuple(r for p in part.paragraphs for r in roles_of(text, *p).roles):
            return roles
    return ()


def _blanked(text: str, stretches: Iterable[tuple[int, int]], start: int, end: int) -> str:
    signs = list(text[start:end])
    for first, last in stretches:
        for at in range(max(first, start), min(last, end)):
            signs[at - start] = "\n"
    return "".join(signs)


@functools.lru_cache(maxsize=1024)  # asked for each item under it
def _heading(text: str, first: Span) -> str:
    """Return the heading that a paragraph begins with, its number included, to its full stop."""
    line = _blanked(text, roles_of(text, *first).covered, *first)
    return re.split("[。\n]", line, maxsplit=1)[0].strip()[:_LONGEST]


def _words_behind_heading(text: str, node: _Node) -> str:
    """Return the words of a part behind its heading, without those on who answers for it."""
    covered = [stretch for span in node.paragraphs for stretch in roles_of(text, *span).covered]
    return _blanked(text, covered, _behind(text, node), node.end())


def _behind(text: str, node: _Node) -> int:
    """Return where the words behind the heading of a chapter or section begin."""
    first = node.paragraphs[0]
    stop = text.find("。", first.start, first.end)
    return first.end if stop < 0 else stop + 1
