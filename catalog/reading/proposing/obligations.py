"""Obligations as proposals: what a clause asks for, by when, how many and of whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from catalog.plans.office_dates import by_kind
from catalog.reading.proposing import naming
from catalog.reading.proposing.dated_clauses import DATING
from catalog.reading.proposing.due_dates import date_fields, date_questions
from catalog.reading.proposing.pen import Entry
from catalog.reading.span import Ask, Span
from catalog.reading.who.parties import parties

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.plans.contents import Kind
    from catalog.reading.document.clauses import Clause, Sentence
    from catalog.reading.grammar.matching import Mark, Phrase
    from catalog.reading.proposing.dated_clauses import DatedPart
    from catalog.reading.proposing.item_text import ItemText
    from catalog.reading.proposing.passage import Passage

_WHOLE_ITEM = re.compile("(?:该项|此项|上述|以上|各项)(?:工作|任务|事项)")


def dated(
    passage: Passage,
    sentence: Sentence,
    part: DatedPart,
    *,
    clause: Clause,
    count: Phrase | None = None,
    title: str = "",
) -> Entry:
    """Return the obligation of a clause that a date governs, with the quota of its count."""
    source = passage.source
    offers = [date_fields(timing, passage.term) for timing in part.readings]
    fields: dict[str, Any] = {"basis": "plan", **(offers[0] if len(offers) == 1 else {})}
    marks = [phrase.mark for phrase in part.dates]
    if count:
        fields["quota"] = source.quota(count)
        marks.append(count.mark)
    if title := title or _title(passage, part, clause):
        fields["title"] = title
    entry = _entry(
        passage, sentence, clause, _kind(source, part, clause), marks=marks, fields=fields
    )
    around = [part.own, clause] if part.recurs else [*part.before, part.own, clause]
    apart = clause.span.start != part.own.span.end + 1 or source.weighs(part.own)
    quoted_apart = clause is not part.own and not count and apart
    return entry._replace(
        place=_place(source, part.own, clause, marks[0]),
        documents=source.documents(*around),
        also=[source.gist(clause)] if quoted_apart else [],
        asks=(*entry.asks, *date_questions(part.dates, offers, passage.term)),
    )


def undated(
    passage: Passage,
    sentence: Sentence,
    clause: Clause,
    mark: Mark,
    *,
    quota: Mapping[str, Any] | None = None,
) -> Entry:
    """Return the obligation of a clause without a date: the office's, as proposed by its kind."""
    kind: Kind = "milestone" if quota else "deliverable"
    term = (passage.term.issued_on, passage.term.ends_on)
    due_on, why = by_kind(kind, *term, quota=quota is not None)
    reason = passage.reason(why)
    fields = {"quota": quota, "basis": "office", "due_on": due_on, "reason": reason}
    return _entry(passage, sentence, clause, kind, marks=[mark], fields=fields)


def standing(
    passage: Passage,
    sentence: Sentence,
    clause: Clause,
    marks: Sequence[Mark],
    *,
    title: str | None = None,
) -> Entry:
    """Return a report on progress every half-year, for words that name no date."""
    fields = {"basis": "office", "recurrence": "half-yearly"}
    if title is not None:
        fields["title"] = title
    return _entry(passage, sentence, clause, "standing", marks=marks, fields=fields)


def _entry(
    passage: Passage,
    sentence: Sentence,
    clause: Clause,
    kind: Kind,
    *,
    marks: Sequence[Mark],
    fields: Mapping[str, Any],
) -> Entry:
    """Return an obligation with the parties that each do it, or the question who they are."""
    source = passage.source
    doers = parties(source.text, sentence, clause, passage.register)
    if kind == "standing" and doers and source.folded[clause.span.start : doers.span.start].strip():
        doers = None
    dates = [p.mark.phrase for p in clause.phrases if p.mark.sort in DATING]
    title = naming.title(source.original(clause.span), dates)
    fields = {"kind": kind, "title": title, **fields}
    if not doers:
        return Entry("obligation", kind, marks, fields, clause.span)
    if doers.agencies:
        return Entry("obligation", kind, marks, {**fields, "parties": doers.agencies}, clause.span)
    groups = tuple({"parties": members} for members in passage.register.places)
    asks = [Ask("parties-unknown", "", doers.span, groups)]
    return Entry("obligation", kind, marks, fields, clause.span, asks=asks)


def _kind(source: ItemText, part: DatedPart, clause: Clause) -> Kind:
    if source.documents(clause):
        return "deliverable"
    return naming.kind(source.folded_of(clause.span), once=not part.recurs)


def _place(source: ItemText, own: Clause, clause: Clause, first: Mark) -> Span:
    """Return the stretch to quote from: with the date's clause where the first phrase is there."""
    if not own.span.start <= first.start < own.span.end:
        return clause.span
    near = own.span.end + 1 == clause.span.start and not source.weighs(own)
    return Span(own.span.start, clause.span.end if near else own.span.end)


def _title(passage: Passage, part: DatedPart, clause: Clause) -> str:
    """Return a title from nearby words for a clause that says little more than its date."""
    source = passage.source
    if _WHOLE_ITEM.match(source.folded_of(clause.span)):
        return naming.title(passage.item.title)
    if clause is not part.own or source.weighs(clause) or not part.before:
        return ""
    return naming.title(source.original(Span(part.before[-1].span.start, clause.span.end)))
