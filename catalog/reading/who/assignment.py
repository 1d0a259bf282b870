"""Who leads an item and who takes part, as the document's brackets and labels say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.reading.draft import Ask, Span
from catalog.reading.grammar.folding import fold
from catalog.reading.who.labels import NOTE, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalog.reading.document.structure import Item
    from catalog.reading.who.register import Register

_NOTED = re.compile(rf"\([^()]*(?:{NOTE.pattern})[^()]*\)")
_OPEN = re.compile(
    "等?(?:国务院|中央|全?[省市县区州])*(?:政府)?[级直属]?(?:各级?(?:有关|相关|其他|成员)?|有关|相关|其他|成员)"
    "(?:职能|责任|金融|业务)?(?:部门|单位|方面|机构|省直部门|部门和单位|科室|专班|政策局)"
    "|各?(?:有关|相关)(?:乡镇|镇街|街道|[市县区]+|地区|企业)"
)
# Somebody who directs the bodies named, and is none of them: 分管副省長, 王副縣長.
_PERSON = re.compile(
    "(?:分管|协管|联系|主管|包联)?[^、]{0,2}?(?:政府)?副?(?:[省市县区州镇乡]长|秘书长|书记|主席|领导)(?:同志)?"
)
_SHARED = re.compile(
    "(?:按照?|依照?|根据|依据)?(?:各自)?职[责能](?:分工)?(?:分别)?(?:负责|落实)?$|分别负责$"
)
_LEADS = re.compile(
    "^由?(?P<names>.+?)(?:负责)?(?:总?牵头|主办|指导|统筹)(?:负责|落实|组织实施|实施|办理)?$"
)
_WITH = re.compile(
    "^由?(?P<names>.+?)(?:会同|会商|联合)(?P<others>.+?)(?:共同)?(?:负责|落实|组织实施|实施|办理)?$"
)
_HELPS = re.compile(
    "^由?(?:会同|联合)?(?P<others>.+?)(?:按照?(?:各自)?职责(?:分工)?)?(?:积极|共同)?(?:配合|参与|参加|协助|协办|支持)(?:落实|实施)?$"
)
_DOES = re.compile("^由?(?P<names>.+?)(?:共同)?(?:负责|落实|承担|承办|实施|组织实施)$")
_MARKED = re.compile(r"\((牵头|主办|配合|参与|协办)(?:单位|部门)?\)(?=$|、)")
_JOINED = re.compile("以及|和|及|与")
_BETWEEN = re.compile(r"[、/\s\n]+")
_BY_PROSE = re.compile(
    "由(?P<names>[^,。;:由]{2,60}?)(?:牵头|负责(?!同志|人)|主办|指导)"
    "(?:[^,。;]{0,8},[^,。;]{2,60}?(?:配合|参与|协助|协办))?"
)
_SIDE = 40  # characters either side of 会同


class _Name(NamedTuple):
    """A name at its place, with the agencies it stands for."""

    span: Span
    agencies: tuple[str, ...]


class _Heard(NamedTuple):
    """The names of one role: who leads, who helps, who is only named."""

    leads: list[_Name]
    helps: list[_Name]
    named: list[_Name]


class Assigned(NamedTuple):
    """Who answers for an item; `lead` is None where that is asked."""

    lead: str | None
    participants: tuple[str, ...]
    asks: tuple[Ask, ...]


def assigned(text: str, item: Item, register: Register) -> Assigned:
    """Return who answers for an item: its own words, else its headings', else its prose."""
    roles = item.roles or item.above or tuple(_in_prose(text, item, register))
    return _Reader(text, item, register).read(roles)


class _Reader:
    """Reads the roles of one item and keeps what it must ask."""

    def __init__(self, text: str, item: Item, register: Register) -> None:
        self.text, self.item, self.register = text, item, register
        self.asks: list[Ask] = []
        # A sign in the name of a group (各乡镇、街道) or in a bracket parts no names.
        whole = [re.escape(n) for n, _ in register.gathered if _BETWEEN.search(n)]
        whole += [r"\([^()]*\)", f"(?P<sign>{_BETWEEN.pattern})"]
        self._between = re.compile("|".join(whole))

    def read(self, roles: Sequence[Role]) -> Assigned:
        """Return who answers, by all roles together."""
        heard = _Heard([], [], [])
        firsts: list[_Name] = []
        shared = False
        for role in roles:
            before = len(heard.named)
            shared |= self._hear(role, heard)
            firsts += heard.named[before : before + 1]
        leads = heard.leads or (heard.named if shared else firsts)
        lead = self._lead(leads, shared=shared and not heard.leads)
        everyone = (*heard.leads, *heard.named, *heard.helps)
        others = (agency for name in everyone for agency in name.agencies)
        participants = tuple(dict.fromkeys(agency for agency in others if agency != lead))
        return Assigned(lead, participants, tuple(self.asks))

    def _lead(self, leads: list[_Name], *, shared: bool) -> str | None:
        """Return the one lead there is, or ask for it."""
        offered = dict.fromkeys(a for name in leads for a in name.agencies)
        if not leads:
            self._ask("lead-missing", Span(*self.item.heading))
        elif shared and len(offered) > 1:
            self._ask("lead-shared", Span(leads[0].span.start, leads[-1].span.end), offered)
        elif len(leads) > 1 and len(offered) > 1:
            self._ask("lead-several", Span(leads[0].span.start, leads[-1].span.end), offered)
        elif len(offered) > 1:
            self._ask("lead-group", leads[0].span, offered)
        elif offered:
            return next(iter(offered))
        else:
            self._turn_to_lead(leads[0].span)
        return None

    def _turn_to_lead(self, span: Span) -> None:
        """Let the question about an unknown name ask for the lead instead of a participant."""
        for n, ask in enumerate(self.asks):
            if ask.span == span:
                readings = tuple({"lead": r["add"][0]} for r in ask.readings)
                self.asks[n] = Ask("lead-unknown", ask.about, span, readings)

    def _hear(self, role: Role, heard: _Heard) -> bool:
        """Take in the names of one role; tell whether they share it without a lead."""
        if role.form == "doubt":
            found = [name for part in self._parts(role) for name in self._names(part)]
            offered = tuple(dict.fromkeys(a for name in found for a in name.agencies))
            if offered:
                span = Span(role.start, role.end)
                asked: tuple[dict[str, Any], ...] = ({"add": offered}, {})
                self.asks.append(Ask("agency-part", self.item.number, span, asked))
            return False
        if role.form in ("lead", "help"):
            into = heard.leads if role.form == "lead" else heard.helps
            into += [n for part in self._parts(role) for n in self._names(part)]
            if role.form == "lead":  # the first of 牵头单位:A、B leads, the others help
                heard.helps.extend(heard.leads[1:])
                del heard.leads[1:]
            return False
        shared = [self._hear_part(part, heard) for part in self._parts(role)]
        return any(shared)

    def _hear_part(self, part: Span, heard: _Heard) -> bool:
        words = self._folded(part)
        if found := _SHARED.search(words):
            heard.named.extend(self._names(Span(part.start, part.start + found.start())))
            return True
        if self._hear_marked(part, heard):
            return False
        for pattern in (_WITH, _LEADS, _HELPS, _DOES):
            if found := pattern.match(words):
                groups = found.groupdict()
                if groups.get("names"):
                    names = self._names(_at(part, found.span("names")))
                    (heard.named if pattern is _DOES else heard.leads).extend(names)
                if groups.get("others"):
                    heard.helps.extend(self._names(_at(part, found.span("others"))))
                return False
        heard.named.extend(self._names(part))
        return False

    def _hear_marked(self, part: Span, heard: _Heard) -> bool:
        """Take in a list whose lead is marked: A(牽頭)、B(配合)、C; tell whether it is one."""
        folded = self._folded(part)
        if not _MARKED.search(folded):
            return False
        for name in _split(self.text, part, self._between):
            mark = _MARKED.search(self._folded(name))
            bare = Span(name.start, name.start + mark.start()) if mark else name
            leads = mark is not None and mark[1] in ("牵头", "主办")
            (heard.leads if leads else heard.helps).extend(self._names(bare))
        return True

    def _parts(self, role: Role) -> Iterator[Span]:
        """Yield the clauses of a role, without what only explains how to read it."""
        folded = fold(self.text[role.start : role.end])
        folded = _NOTED.sub(lambda noted: "," * len(noted[0]), folded)
        for found in re.finditer("[^,;。:]+", folded):
            words = found[0]
            if not NOTE.search(words) and words.strip():
                lead = len(words) - len(words.lstrip())
                yield Span(role.start + found.start() + lead, role.start + found.end())

    def _names(self, part: Span) -> list[_Name]:
        """Return the names of a list; a name nobody registered is asked about."""
        spans = [self._trimmed(s) for s in _split(self.text, part, self._between)]
        spans = [piece for s in spans if s.end > s.start for piece in self._apart(s)]
        spans = [s for s in spans if not self._is_open(s) and not self._is_person(s)]
        listed = self.register.listed([self.text[s.start : s.end] for s in spans])
        names = [_Name(s, agencies) for s, (_, agencies) in zip(spans, listed, strict=True)]
        for name in names:
            if not name.agencies:
                like = self.register.like(self.text[name.span.start : name.span.end])
                readings = tuple({"add": (agency,)} for agency in like)
                self.asks.append(Ask("agency-unknown", self.item.number, name.span, readings))
        return names

    def _is_open(self, span: Span) -> bool:
        words = self._folded(span)
        unbound = bool(_OPEN.fullmatch(words)) and not self.register.find(words)
        if unbound:
            self._ask("list-open", span, as_named=True)
        return unbound

    def _is_person(self, span: Span) -> bool:
        words = self._folded(span)
        return bool(_PERSON.fullmatch(words)) and not self.register.find(words)

    def _trimmed(self, span: Span) -> Span:
        """Return a name without the 等 that leaves its list open."""
        words = self._folded(span)
        found = re.search("等[^等]{0,8}$", words)
        if not found or self.register.find(words):
            return span
        self._ask("list-open", Span(span.start + found.start(), span.end), as_named=True)
        return Span(span.start, span.start + found.start())

    def _apart(self, span: Span) -> list[Span]:
        """Return the two names that 和 joins, where each is known or open and the whole is not."""
        words = self.text[span.start : span.end]
        if not self.register.find(words):
            for found in _JOINED.finditer(fold(words)):
                left, right = words[: found.start()], words[found.end() :]
                listed = self.register.listed([left, right]) if right else [("", ())]
                if all(a or _OPEN.fullmatch(fold(name)) for name, a in listed):
                    middle = span.start + found.start()
                    return [Span(span.start, middle), Span(span.start + found.end(), span.end)]
        return [span]

    def _ask(
        self,
        key: str,
        span: Span,
        offered: Sequence[str] | dict[str, None] = (),
        *,
        as_named: bool = False,
    ) -> None:
        readings = ({},) if as_named else tuple({"lead": agency} for agency in offered)
        self.asks.append(Ask(key, self.item.number, span, readings))

    def _folded(self, span: Span) -> str:
        return fold(self.text[span.start : span.end])


def _at(part: Span, inner: tuple[int, int]) -> Span:
    return Span(part.start + inner[0], part.start + inner[1])


def _split(text: str, part: Span, between: re.Pattern[str]) -> Iterator[Span]:
    at = part.start
    for found in between.finditer(fold(text[part.start : part.end])):
        if found["sign"]:
            if part.start + found.start() > at:
                yield Span(at, part.start + found.start())
            at = part.start + found.end()
    if part.end > at:
        yield Span(at, part.end)


def _in_prose(text: str, item: Item, register: Register) -> Iterator[Role]:
    """Yield what a sentence itself says: 由A牵头,B配合, or A會同B with both registered."""
    folded = fold(item.text)
    for found in _BY_PROSE.finditer(folded):
        first = re.split(
            "、", text[item.start + found.start("names") : item.start + found.end("names")]
        )[0]
        if register.find(first):
            yield Role("bracket", item.start + found.start(), item.start + found.end())
            return
    for found in re.finditer("会同|联合", folded):
        left = _known_end(item.text[max(0, found.start() - _SIDE) : found.start()], register)
        right = _known_start(item.text[found.end() : found.end() + _SIDE], register)
        if left and right:
            start, end = item.start + found.start() - left, item.start + found.end() + right
            yield Role("bracket", start, end)
            return


def _known_end(words: str, register: Register) -> int:
    """Return how many of the last characters of `words` are a registered name."""
    sizes = range(len(words), 1, -1)
    return next((n for n in sizes if register.find(words[-n:])), 0)


def _known_start(words: str, register: Register) -> int:
    sizes = range(len(words), 1, -1)
    return next((n for n in sizes if all(a for _, a in register.listed(words[:n].split("、")))), 0)
