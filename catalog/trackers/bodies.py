"""Bodies named in a cell: several in one, with their roles, persons and telephone numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.reading.span import Span
from catalog.reading.who.names import Context, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from catalog.reading.who.register import Register

_LEAD_LABEL = (
    r"(?:总?牵头|主办|责任|主责|主要责任|承办|负责|第一责任)(?:单位|部门|科室|处室)?|lead(?: \w+)?"
)
_HELP_LABEL = (
    r"(?:配合|协办|参与|参加|协同|协助|会办|支持)(?:单位|部门|科室|处室)?|support(?:ing)?(?: \w+)?"
)
_LABEL = re.compile(rf"(?:(?P<lead>{_LEAD_LABEL})|(?P<help>{_HELP_LABEL})) ?[:]", re.IGNORECASE)
_OFFICES = "局办委部厅院处科室队站所中会社行府街镇乡村区县市司团"
_MARK = re.compile(  # 市教育局（牵头）, 市教育局牵头
    rf"(?:\(|(?<=[{_OFFICES}]) ?)(?:(?P<lead>牵头|主办|主责|lead)|(?P<help>配合|协办|参与|support))"
    rf"(?:单位|部门|负责|落实|办理)?(?:\)|(?=[ 、,;。\n]|会同|$))"
)
_NUMBER = re.compile(
    r"\d{7,}|\d{3,4}[- ]\d{7,8}|\d{3,4}[- ]\d{3,4} \d{4}|\d{4} \d{4}|[\w.+-]+@[\w.-]+"
)
_PERSONAL = re.compile(
    rf"\([^()]*\)|(?:tel|电话|手机|联系电话)?[.: ]*\+?(?:{_NUMBER.pattern})", re.IGNORECASE
)
_LATIN_NAME = re.compile(r"(?:M[rs]|Mrs|Dr)\.? .+|(?:[A-Z]\.? ){1,3}[A-Z][a-z]+")
_NAME_BEFORE = re.compile("(?:^|[ 、,;:\n])(?P<name>[\u4e00-\u9fff]{2,3})[ :]*$")
_DOES = r"\(?(?:分别|共同)?(?:按职责分工)?(?:负责|落实)\)?(?=[、,;。\n ]|$)"
_NO_NAME = re.compile(  # 市教育局（2项）, 由市教育局会同, （按职责分工负责）
    r"\(共?\d+[项个条件]\)|(?:^|(?<=[、,;。\n ]))由"
    rf"|(?<=[{_OFFICES}、])(?:会同(?!县)|{_DOES})"
)
_CLAUSE = re.compile("[,;。\n]")
_AND = frozenset(("and", "with"))
_CJK = re.compile("[\u4e00-\u9fff]")
_RUN = re.compile("(?P<zh>[\u4e00-\u9fff]+)|(?P<en>[a-z](?:[a-z&.' -]*[a-z])?)", re.IGNORECASE)
_SEPARATORS = str.maketrans(dict.fromkeys(",:;|/\n\t&+。", "、"))
_STRONG = re.compile("[;\n|、]")
_LATIN = re.compile(r"[,/]|\s(?:and|&|\+)\s", re.IGNORECASE)
_EDGES = " \n\t:;,、。"
_BLANK = frozenset(("", "-", "--", "/", "无", "n/a", "na", "nil", "none"))
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
    "覃武戴莫孔向汤欧"
)
_ALL = ("各", "全体", "所有", "相关", "有关")
_PERSON_SIZE = range(2, 4)


class Body(NamedTuple):
    """A body at its words; `agencies` are those it stands for, none where nobody knows it."""

    text: str
    agencies: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()


class Bodies(NamedTuple):
    """The bodies of a cell: those that lead, those that help, and those without a role.

    `persons` are people and numbers beside them; `open_ends` leave a list open (等, 各有关部门).
    """

    leads: tuple[Body, ...] = ()
    helpers: tuple[Body, ...] = ()
    others: tuple[Body, ...] = ()
    persons: tuple[str, ...] = ()
    open_ends: tuple[str, ...] = ()

    def joined(self, other: Bodies) -> Bodies:
        """Return these bodies and those of a further part of the cell."""
        return Bodies(
            self.leads + other.leads,
            self.helpers + other.helpers,
            self.others + other.others,
            self.persons + other.persons,
            self.open_ends + other.open_ends,
        )


def bodies(text: str, register: Register) -> Bodies:
    """Return the bodies that a cell names, in the order they stand and in its own words."""
    folded = fold(text)
    persons = tuple(_persons(folded, register))
    for person in persons:
        folded = folded[: person.start] + "、" * (person.end - person.start) + folded[person.end :]
    total = Bodies(persons=tuple(text[p.start : p.end].strip(" ()") for p in persons))
    for role, part in _labelled(folded):
        one = _part(part, _Cell(text, folded, register))
        if role == "lead":
            one = one._replace(leads=(*one.leads, *one.others), others=())
        elif role == "help":
            one = one._replace(helpers=(*one.helpers, *one.others), others=())
        total = total.joined(one)
    return total


def is_person(text: str) -> bool:
    """Tell whether a short text reads as somebody's name: a usual surname and one or two signs."""
    folded = fold(text)
    return (
        len(folded) in _PERSON_SIZE
        and folded[0] in _SURNAMES
        and not folded.endswith(tuple(_OFFICES))
    )


class _Cell(NamedTuple):
    """A cell's own text and its folded one, sign for sign, with persons taken out."""

    text: str
    folded: str
    register: Register

    def body(self, span: Span, agencies: tuple[str, ...]) -> Body:
        words = self.text[span.start : span.end].strip()
        return Body(words, agencies, () if agencies else self.register.similar(words))


def _persons(text: str, register: Register) -> Iterator[Span]:
    """Yield the brackets with people or numbers in them, then the numbers and addresses alone."""
    end = 0
    for match in _PERSONAL.finditer(text):
        is_bracket = match[0].startswith("(")
        inner = match[0][1:-1] if is_bracket else match[0]
        if is_bracket and (_MARK.match(match[0]) or register.find(inner) or not _people(inner)):
            continue
        start = match.start()
        if not is_bracket and (name := _NAME_BEFORE.search(text, end, start)):
            start = name.start("name") if is_person(name["name"]) else start
        yield Span(start, match.end())
        end = match.end()


def _people(words: str) -> bool:
    is_one = _LATIN_NAME.fullmatch(words) or any(map(is_person, re.split("[ 、,;:]+", words)))
    return bool(is_one or _NUMBER.search(words))


def _labelled(text: str) -> Iterator[tuple[str, Span]]:
    """Yield the parts of a text with the role that a label before them gives."""
    role, at = "", 0
    for match in _LABEL.finditer(text):
        yield role, Span(at, match.start())
        role, at = str(match.lastgroup), match.end()
    yield role, Span(at, len(text))


def _part(part: Span, cell: _Cell) -> Bodies:
    words = cell.folded[part.start : part.end]
    bare = words.strip(_EDGES)
    if not bare or bare.lower() in _BLANK:
        return Bodies()
    start = part.start + words.index(bare)
    span = Span(start, start + len(bare))
    if agencies := cell.register.find(bare):
        return Bodies(others=(cell.body(span, agencies),))
    return _chinese(span, cell) if _CJK.search(bare) else _latin(span, cell)


def _latin(span: Span, cell: _Cell) -> Bodies:
    """Return the bodies of a text in Latin letters, whose names have blanks in them."""
    names: list[Body] = []
    for part in _between(_STRONG, span, cell.folded):
        whole = cell.register.find(cell.folded[part.start : part.end].strip())
        for each in [part] if whole else _between(_LATIN, part, cell.folded):
            agencies = cell.register.find(cell.folded[each.start : each.end].strip())
            names.append(cell.body(each, agencies))
    return Bodies(others=tuple(body for body in names if body.text.lower() not in _BLANK))


def _between(pattern: re.Pattern[str], span: Span, text: str) -> Iterator[Span]:
    at = span.start
    for match in pattern.finditer(text, span.start, span.end):
        if text[at : match.start()].strip():
            yield Span(at, match.start())
        at = match.end()
    if text[at : span.end].strip():
        yield Span(at, span.end)


def _role(name: Span, marks: Iterable[re.Match[str]], text: str) -> str:
    """Return the role that a mark gives a name; one without brackets is for its whole clause."""
    for mark in marks:
        between = text[name.end : mark.start()]
        is_next = mark.start() >= name.end and not _CLAUSE.search(between)
        if mark.start() == name.end or (is_next and not mark[0].startswith("(")):
            return str(mark.lastgroup)
    return ""


def _second_names(span: Span, cell: _Cell) -> Iterator[Span]:
    """Yield the names that repeat the one beside them in another script: 衞生署 Dept. of Health.

    Of a pair the name that the register holds stays, of two unknown ones the Chinese one.
    """
    runs = list(_RUN.finditer(cell.folded, span.start, span.end))
    at = 0
    while at + 1 < len(runs):
        one, two = runs[at], runs[at + 1]
        gap = cell.folded[one.end() : two.start()]
        is_bracket = gap.strip() == "(" and cell.folded.startswith(")", two.end())
        at += 1
        if one.lastgroup == two.lastgroup or not gap or (gap.strip() and not is_bracket):
            continue
        at += 1
        zh, en = (one, two) if one.lastgroup == "zh" else (two, one)
        by_zh, by_en = cell.register.find(zh[0]), cell.register.find(en[0])
        several = any(cell.register.find(word) for word in en[0].split()) and not by_en
        if not several and (not by_zh or not by_en or by_zh == by_en):
            second = zh if by_en and not by_zh else en
            yield Span(second.start() - is_bracket, second.end() + is_bracket)


def _chinese(span: Span, cell: _Cell) -> Bodies:
    marks = list(_MARK.finditer(cell.folded, span.start, span.end))
    listed = _MARK.sub(lambda m: "、" * len(m[0]), cell.folded)
    listed = _NO_NAME.sub(lambda m: "、" * len(m[0]), listed).translate(_SEPARATORS)
    foreign = list(_second_names(span, cell))
    for each in foreign:
        listed = listed[: each.start] + "、" * (each.end - each.start) + listed[each.end :]
    names, asks = names_of(span, Context(listed, cell.register, ""))
    parts: dict[str, list[Body]] = {"lead": [], "help": [], "": []}
    words = (cell.text[each.start : each.end].strip("()（）") for each in foreign)
    persons = [each for each in words if not cell.register.find(each) and each not in _AND]
    ends = [cell.text[a.span.start : a.span.end] for a in asks if a.key == "list-open"]
    for name in names:
        body = cell.body(name.span, name.agencies)
        if not body.agencies and fold(body.text).startswith(_ALL):
            ends.append(body.text)
        elif not body.agencies and is_person(body.text) and len(names) > 1:
            persons.append(body.text)
        elif body.text and body.text not in _BLANK:
            parts[_role(name.span, marks, cell.folded)].append(body)
    return Bodies(
        leads=tuple(parts["lead"]),
        helpers=tuple(parts["help"]),
        others=tuple(parts[""]),
        persons=tuple(persons),
        open_ends=tuple(ends),
    )
