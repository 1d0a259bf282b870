"""How a document becomes a draft: its head, its items, who answers for them, what they ask for."""

from __future__ import annotations

import bisect
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from catalog.errors import InvalidError
from catalog.reading.document.head import head
from catalog.reading.document.structure import beginning, items, paragraphs
from catalog.reading.draft import HEAD, Ask, Draft, Drafted, Span
from catalog.reading.grammar import phrases
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.rule import Setting
from catalog.reading.proposing.items import Term, proposed
from catalog.reading.who.assignment import assigned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from catalog.reading.document.head import Head
    from catalog.reading.document.lines import Paper
    from catalog.reading.document.structure import Item
    from catalog.reading.who.register import Register


_NO_MORE = re.compile("[年度]$|全年")  # 做好今年工作: the term itself
_MOST = 2000  # items of a document, and phrases of an item


def draft(
    paper: Paper,
    register: Register,
    *,
    code: str,
    on: date,
    told: Callable[[int, int], None] = lambda _done, _of: None,
) -> Draft:
    """Return what `paper` asks for as a draft of a plan of that code, and what it leaves open.

    `on` stands for the day of issue where the document gives none, which is asked. `told` hears
    how many items are read of how many. InvalidError where the document has no items at all.
    """
    found = items(paper.text)
    if not found:
        raise InvalidError("document-without-items", place=paper.name)
    _bounded(paper, found)
    first = head(paper.text, until=beginning(paper.text))
    term = _term(first, found, on)
    setting = Setting.of(term.issued_on, term.starts_on, term.ends_on)
    if first.term is None:
        setting = setting._replace(only=None, year=None)
    setting = setting._replace(sure=bool(first.issued_on or first.posted_on or setting.only))
    measures, asks = [], list(_about_the_head(first, register, term))
    asks += _beyond(first, found, setting, term)
    for done, item in enumerate(found, 1):
        measure, asked = _measure(paper.text, item, register, setting, term)
        measures.append(measure)
        asks += asked
        told(done, len(found))
    asks += _outside(paper.text, found, setting, term)
    numbered = (replace(ask, id=f"q{n}") for n, ask in enumerate(asks, 1))
    fields = _fields(first, register, term, code)
    return Draft(paper, register, fields, tuple(measures), tuple(numbered))


def _bounded(paper: Paper, found: tuple[Item, ...]) -> None:
    """Refuse what is no plan any more: thousands of items, or of phrases in one."""
    if len(found) > _MOST:
        raise InvalidError("document-too-dense", place=paper.name, count=len(found), most=_MOST)
    for item in found:
        count = len(phrases.marks(item.text))
        if count > _MOST:
            place = f"{paper.name}:{paper.line(item.start)}"
            raise InvalidError("document-too-dense", place=place, count=count, most=_MOST)


def _term(first: Head, found: tuple[Item, ...], on: date) -> Term:
    """Return the plan's term: as its title says, else from its issue to its last date."""
    issued_on = first.issued_on or first.posted_on or (first.term[0] if first.term else None)
    if issued_on and first.term:
        starts_on, ends_on = first.term
        return Term(issued_on, min(starts_on, issued_on), max(ends_on, issued_on))
    days = _days(found, Setting(issued_on or on))
    issued_on = issued_on or min([on, *(date(day.year, 1, 1) for day in days)])
    return Term(issued_on, issued_on, date(max([issued_on, *days]).year, 12, 31))


def _beyond(first: Head, found: tuple[Item, ...], setting: Setting, term: Term) -> Iterator[Ask]:
    """Ask whether the term goes on, where days are told that lie behind the one of the title."""
    last = max(_days(found, setting), default=term.ends_on)
    if first.term and last > term.ends_on:
        yield Ask("term-exceeded", HEAD, Span(0, 0), ({"ends_on": date(last.year, 12, 31)}, {}))


def _days(found: tuple[Item, ...], setting: Setting) -> list[date]:
    """Return the days that are told in full, which a plan names because they are to come."""
    said = (s for item in found for s in phrases.read(item.text, setting))
    plain = (s.readings[0].due_on for s in said if s.mark.sort == "time" and len(s.readings) == 1)
    return [day for day in plain if day]


def _fields(first: Head, register: Register, term: Term, code: str) -> dict[str, Any]:
    fields = {
        "plan": code,
        "title": first.title,
        "number": first.number,
        "issued_on": term.issued_on,
        "starts_on": term.starts_on,
        "ends_on": term.ends_on,
        "office": register.office,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _about_the_head(first: Head, register: Register, term: Term) -> Iterator[Ask]:
    start = Span(0, 0)
    if not first.title:
        yield Ask("title-missing", HEAD, start)
    if first.issued_on is None:
        yield Ask("issue-undated", HEAD, start, ({"issued_on": term.issued_on},))
    if first.term is None:
        offered = {"starts_on": term.starts_on, "ends_on": term.ends_on}
        yield Ask("term-untold", HEAD, start, (offered,))
    if register.office is None:
        offices = (a.id for a in register.agencies if a.kind == "office")
        yield Ask("office-untold", HEAD, start, tuple({"office": office} for office in offices))


def _measure(
    text: str, item: Item, register: Register, setting: Setting, term: Term
) -> tuple[Drafted, tuple[Ask, ...]]:
    answers = assigned(text, item, register)
    asked = proposed(item, register, setting, term)
    span = Span(item.start, item.start + len(item.text))
    measure = Drafted(
        number=item.number,
        chapter=item.chapter,
        section=item.section,
        title=item.title,
        span=span,
        lead=answers.lead,
        participants=answers.participants,
        proposals=asked.proposals,
    )
    return measure, (*answers.asks, *asked.asks)


def _outside(text: str, found: tuple[Item, ...], setting: Setting, term: Term) -> Iterator[Ask]:
    """Yield a question for each date that stands in no item: in the head, behind a signature."""
    held = sorted(Span(item.heading.start, item.start + len(item.text)) for item in found)
    for sentence in _promises(text):
        at = bisect.bisect(held, sentence.start, key=lambda span: span.end)
        if at < len(held) and held[at].start < sentence.end:
            continue
        words = text[sentence.start : sentence.end]
        titles = [found.span() for found in re.finditer("《[^《》]*》", words)]
        for each in phrases.read(words, setting):
            if any(start < each.mark.start < end for start, end in titles):
                continue
            due = [when.due_on for when in each.readings if when.due_on]
            if _NO_MORE.search(fold(each.mark.phrase)) and due[:1] == [term.ends_on]:
                continue
            if each.mark.sort == "recurs" or any(d > term.issued_on for d in due):
                place = Span(sentence.start + each.mark.start, sentence.start + each.mark.end)
                yield Ask("date-outside", HEAD, place, ({},))


def _promises(text: str) -> Iterator[Span]:
    """Yield the paragraphs of whole sentences, leaving out titles, addresses and dates."""
    for line in paragraphs(text):
        if fold(text[line.end - 1]) in "。;":
            yield Span(*line)
