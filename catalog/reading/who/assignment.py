"""Lead and participants of an item, from the document's brackets, labels and prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.document.labels import NOTE, RoleLabel
from catalog.reading.grammar.folding import fold
from catalog.reading.span import Ask, Span
from catalog.reading.who.names import Context, Name, Names, names_of, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from catalog.reading.document.structure import Item
    from catalog.reading.who.register import Register

_BRACKETED = re.compile(r"\([^()]*\)")
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
_BY_PROSE = re.compile(
    "由(?P<names>[^,。;:由]{2,60}?)(?:牵头|负责(?!同志|人)|主办|指导)"
    "(?:[^,。;]{0,8},[^,。;]{2,60}?(?:配合|参与|协助|协办))?"
)
_SIDE = 40  # characters either side of 会同


class _Bodies(NamedTuple):
    """The names of one role or several: leads, helpers, and others named without a role.

    `shared` tells whether the others share it without a lead.
    """

    leads: tuple[Name, ...] = ()
    helpers: tuple[Name, ...] = ()
    others: tuple[Name, ...] = ()
    asks: tuple[Ask, ...] = ()
    shared: bool = False


class Assignment(NamedTuple):
    """The bodies that answer for an item; `lead` is None where that is asked."""

    lead: str | None
    participants: tuple[str, ...]
    asks: tuple[Ask, ...]


def assign(text: str, item: Item, register: Register) -> Assignment:
    """Return who answers for an item: its own words, else its headings', else its prose."""
    context = Context(text, register, item.number)
    total, firsts = _Bodies(), list[Name]()
    for role in item.roles or item.above or tuple(_roles_in_prose(text, item, register)):
        bodies = _bodies(role, context)
        firsts += bodies.others[:1]
        total = _joined((total, bodies))
        if role.form == "lead":  # the first of 牵头单位:A、B leads, the others help
            helpers = (*total.helpers, *total.leads[1:])
            total = total._replace(leads=total.leads[:1], helpers=helpers)
    leads = total.leads or (total.others if total.shared else tuple(firsts))
    lead, asks = _lead(leads, item, total.asks, shared=total.shared and not total.leads)
    everyone = (*total.leads, *total.others, *total.helpers)
    agencies = dict.fromkeys(agency for name in everyone for agency in name.agencies)
    return Assignment(lead, tuple(agency for agency in agencies if agency != lead), asks)


def _joined(several: Iterable[_Bodies]) -> _Bodies:
    *names, shared = zip(*several, strict=True)
    leads, helpers, others, asks = (
        tuple(each for part in parts for each in part) for parts in names
    )
    return _Bodies(leads, helpers, others, asks, any(shared))


def _lead(
    leads: tuple[Name, ...], item: Item, asks: tuple[Ask, ...], *, shared: bool
) -> tuple[str | None, tuple[Ask, ...]]:
    """Return the one lead there is, and the questions with the one that asks for it."""
    agencies = tuple(dict.fromkeys(agency for name in leads for agency in name.agencies))
    if not leads:
        return None, (*asks, Ask("lead-missing", item.number, Span(*item.heading)))
    if not agencies:
        return None, tuple(_about_the_lead(ask, leads[0].span) for ask in asks)
    if len(agencies) == 1:
        return agencies[0], asks
    key = "lead-several" if len(leads) > 1 else "lead-group"
    key = "lead-shared" if shared else key
    last = leads[-1] if shared or len(leads) > 1 else leads[0]
    span = Span(leads[0].span.start, last.span.end)
    readings = tuple({"lead": agency} for agency in agencies)
    return None, (*asks, Ask(key, item.number, span, readings))


def _about_the_lead(ask: Ask, span: Span) -> Ask:
    """Return the question about an unknown name as one for the lead instead of a participant."""
    if ask.span != span:
        return ask
    readings = tuple({"lead": reading["add"][0]} for reading in ask.readings)
    return Ask("lead-unknown", ask.about, span, readings)


def _bodies(role: RoleLabel, context: Context) -> _Bodies:
    """Return the names of one role."""
    parts = tuple(_parts(role, context.text))
    if role.form not in ("lead", "help", "doubt"):
        return _joined((_Bodies(), *(_bodies_of(part, context) for part in parts)))
    lists = [names_of(part, context) for part in parts]
    names = tuple(name for each in lists for name in each.names)
    asks = tuple(ask for each in lists for ask in each.asks)
    if role.form == "lead":
        return _Bodies(leads=names, asks=asks)
    if role.form == "help":
        return _Bodies(helpers=names, asks=asks)
    if agencies := tuple(dict.fromkeys(agency for name in names for agency in name.agencies)):
        span = Span(role.start, role.end)
        asks += (Ask("agency-part", context.number, span, ({"add": agencies}, {})),)
    return _Bodies(asks=asks)


def _bodies_of(part: Span, context: Context) -> _Bodies:
    """Return the names of a clause, by the words that say their role: A會同B, A負責, …."""
    words = context.folded(part)
    if match := _SHARED.search(words):
        names, asks = names_of(Span(part.start, part.start + match.start()), context)
        return _Bodies(others=names, asks=asks, shared=True)
    if _MARKED.search(words):
        return _joined(_marked(name, context) for name in split(part, context))
    for pattern in (_WITH, _LEADS, _HELPS, _DOES):
        if match := pattern.match(words):
            names, asks = _group(match, "names", part, context)
            helpers, more = _group(match, "others", part, context)
            leads, others = ((), names) if pattern is _DOES else (names, ())
            return _Bodies(leads, helpers, others, (*asks, *more))
    names, asks = names_of(part, context)
    return _Bodies(others=names, asks=asks)


def _group(match: re.Match[str], group: str, part: Span, context: Context) -> Names:
    """Return the names in a group of a pattern, none where it has no such group."""
    if not match.groupdict().get(group):
        return Names()
    start, end = match.span(group)
    return names_of(Span(part.start + start, part.start + end), context)


def _marked(name: Span, context: Context) -> _Bodies:
    """Return one name of a list whose lead is marked: A(牽頭)、B(配合)、C."""
    mark = _MARKED.search(context.folded(name))
    bare = Span(name.start, name.start + mark.start()) if mark else name
    names, asks = names_of(bare, context)
    if mark and mark[1] in ("牵头", "主办"):
        return _Bodies(leads=names, asks=asks)
    return _Bodies(helpers=names, asks=asks)


def _parts(role: RoleLabel, text: str) -> Iterator[Span]:
    """Yield the clauses of a role, without what only explains how to read it."""
    folded = fold(text[role.start : role.end])
    folded = _BRACKETED.sub(lambda each: _without_note(each[0]), folded)
    for match in re.finditer("[^,;。:]+", folded):
        words = match[0]
        if not NOTE.search(words) and words.strip():
            blank = len(words) - len(words.lstrip())
            yield Span(role.start + match.start() + blank, role.start + match.end())


def _without_note(bracketed: str) -> str:
    return "," * len(bracketed) if NOTE.search(bracketed) else bracketed


def _roles_in_prose(text: str, item: Item, register: Register) -> Iterator[RoleLabel]:
    """Yield the role a sentence itself tells: 由A牵头,B配合, or A會同B with both registered."""
    folded = fold(item.text)
    for match in _BY_PROSE.finditer(folded):
        start, end = match.span("names")
        first = text[item.start + start : item.start + end].partition("、")[0]
        if register.find(first):
            yield RoleLabel("bracket", item.start + match.start(), item.start + match.end())
            return
    for match in re.finditer("会同|联合", folded):
        before = _known_end(item.text[max(0, match.start() - _SIDE) : match.start()], register)
        if not before:
            continue
        if after := _known_start(item.text[match.end() : match.end() + _SIDE], register):
            start, end = item.start + match.start() - before, item.start + match.end() + after
            yield RoleLabel("bracket", start, end)
            return


def _known_end(words: str, register: Register) -> int:
    """Return how many of the last characters of `words` are a registered name."""
    sizes = range(len(words), 1, -1)
    return next((n for n in sizes if register.find(words[-n:])), 0)


def _known_start(words: str, register: Register) -> int:
    lists = ((n, words[:n].split("、")) for n in range(len(words), 1, -1))
    lists = ((n, names) for n, names in lists if register.ends_list(names[-1]))
    return next((n for n, names in lists if all(register.agencies_of_list(names))), 0)
