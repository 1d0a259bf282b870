"""Draft of a plan, made from a document: its head, its measures and their questions."""

from __future__ import annotations

import bisect
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from catalog.errors import InvalidError
from catalog.reading.document.head import head_of
from catalog.reading.document.structure import beginning, items_of, paragraphs
from catalog.reading.draft import HEAD, Draft, DraftMeasure
from catalog.reading.grammar import matching
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.rule import Setting
from catalog.reading.proposing.items import propose
from catalog.reading.proposing.passage import Term
from catalog.reading.span import Ask, Span
from catalog.reading.who.assignment import assign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.reading.document.head import Head
    from catalog.reading.document.lines import Paper
    from catalog.reading.document.structure import Item
    from catalog.reading.who.register import Register


_WHOLE_TERM = re.compile("[年度]$|全年")  # 做好今年工作: the term itself
_MOST = 2000  # items of a document, and phrases of an item


def draft(paper: Paper, register: Register, *, code: str, on: date) -> Draft:
    """Return the draft of a plan of that code, with what `paper` leaves open as questions.

    `on` stands for the day of issue where the document gives none, which is a question then.
    InvalidError where the document has no items at all, or too many.
    """
    items = items_of(paper.text)
    if not items:
        raise InvalidError("document-without-items", place=paper.name)
    _check_size(paper, items)
    head = head_of(paper.text, until=beginning(paper.text))
    term = _term(head, items, on)
    setting = Setting.of(term.issued_on, term.starts_on, term.ends_on)
    if head.term is None:
        setting = setting._replace(only=None, year=None)
    setting = setting._replace(sure=bool(head.issued_on or head.posted_on or setting.only))
    measures: list[DraftMeasure] = []
    asks = [*head_questions(head, register, term), *_term_question(head, items, setting, term)]
    for item in items:
        measure, questions = _measure(paper.text, item, register, setting, term)
        measures.append(measure)
        asks += questions
    asks += _outside_questions(paper.text, items, setting, term)
    numbered = (replace(ask, id=f"q{n}") for n, ask in enumerate(asks, 1))
    fields = head_fields(head, register, term, code)
    return Draft(paper, register, fields, tuple(measures), tuple(numbered))


def _check_size(paper: Paper, items: tuple[Item, ...]) -> None:
    """Refuse thousands of items, or of phrases in one: that is no plan."""
    if len(items) > _MOST:
        raise InvalidError("document-too-dense", place=paper.name, count=len(items), most=_MOST)
    for item in items:
        count = len(matching.marks(item.text))
        if count > _MOST:
            place = f"{paper.name}:{paper.line(item.start)}"
            raise InvalidError("document-too-dense", place=place, count=count, most=_MOST)


def _term(head: Head, items: tuple[Item, ...], on: date) -> Term:
    """Return the plan's term: as its title says, else from its issue to its last date."""
    issued_on = head.issued_on or head.posted_on or (head.term[0] if head.term else None)
    if issued_on and head.term:
        starts_on, ends_on = head.term
        return Term(issued_on, min(starts_on, issued_on), max(ends_on, issued_on))
    days = _days(items, Setting(issued_on or on))
    issued_on = issued_on or min([on, *(date(day.year, 1, 1) for day in days)])
    return Term(issued_on, issued_on, date(max([issued_on, *days]).year, 12, 31))


def _term_question(
    head: Head, items: tuple[Item, ...], setting: Setting, term: Term
) -> Iterator[Ask]:
    """Ask whether the term goes on, where a day lies behind the term of the title."""
    last = max(_days(items, setting), default=term.ends_on)
    if head.term and last > term.ends_on:
        yield Ask("term-exceeded", HEAD, Span(0, 0), ({"ends_on": date(last.year, 12, 31)}, {}))


def _days(items: tuple[Item, ...], setting: Setting) -> list[date]:
    """Return the days that stand in full, which a plan names because they are to come."""
    dates = (p for item in items for p in matching.interpret(item.text, setting))
    plain = (p.readings[0].due_on for p in dates if p.mark.sort == "time" and len(p.readings) == 1)
    return [day for day in plain if day]


def head_fields(head: Head, register: Register, term: Term, code: str) -> dict[str, Any]:
    """Return the fields of a plan's head."""
    fields = {
        "plan": code,
        "title": head.title,
        "number": head.number,
        "issued_on": term.issued_on,
        "starts_on": term.starts_on,
        "ends_on": term.ends_on,
        "office": register.office,
    }
    return {key: value for key, value in fields.items() if value is not None}


def head_questions(head: Head, register: Register, term: Term) -> Iterator[Ask]:
    """Yield the questions about what a head does not tell, with what is proposed."""
    start = Span(0, 0)
    if not head.title:
        yield Ask("title-missing", HEAD, start)
    if head.issued_on is None:
        yield Ask("issue-undated", HEAD, start, ({"issued_on": term.issued_on},))
    if head.term is None:
        offer = {"starts_on": term.starts_on, "ends_on": term.ends_on}
        yield Ask("term-untold", HEAD, start, (offer,))
    if register.office is None:
        offices = (a.id for a in register.agencies if a.kind == "office")
        yield Ask("office-untold", HEAD, start, tuple({"office": office} for office in offices))


def _measure(
    text: str, item: Item, register: Register, setting: Setting, term: Term
) -> tuple[DraftMeasure, tuple[Ask, ...]]:
    assignment = assign(text, item, register)
    proposals, asks = propose(item, register, setting, term)
    measure = DraftMeasure(
        number=item.number,
        chapter=item.chapter,
        section=item.section,
        title=item.title,
        span=Span(item.start, item.start + len(item.text)),
        lead=assignment.lead,
        participants=assignment.participants,
        proposals=proposals,
    )
    return measure, (*assignment.asks, *asks)


def _outside_questions(
    text: str, items: tuple[Item, ...], setting: Setting, term: Term
) -> Iterator[Ask]:
    """Yield a question for each date that stands in no item: in the head, behind a signature."""
    spans = sorted(Span(item.heading.start, item.start + len(item.text)) for item in items)
    for sentence in _promises(text):
        at = bisect.bisect(spans, sentence.start, key=lambda span: span.end)
        if at < len(spans) and spans[at].start < sentence.end:
            continue
        words = text[sentence.start : sentence.end]
        titles = [match.span() for match in re.finditer("《[^《》]*》", words)]
        for mark, readings in matching.interpret(words, setting):
            if any(start < mark.start < end for start, end in titles):
                continue
            days = [timing.due_on for timing in readings if timing.due_on]
            if _WHOLE_TERM.search(fold(mark.phrase)) and days[:1] == [term.ends_on]:
                continue
            if mark.sort == "recurs" or any(day > term.issued_on for day in days):
                span = Span(sentence.start + mark.start, sentence.start + mark.end)
                yield Ask("date-outside", HEAD, span, ({},))


def _promises(text: str) -> Iterator[Span]:
    """Yield the paragraphs of whole sentences, leaving out titles, addresses and dates."""
    for line in paragraphs(text):
        if fold(text[line.end - 1]) in "。;":
            yield Span(*line)
