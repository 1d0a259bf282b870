"""Circulars (通報): drafted, edited, and released under a number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import typed
from catalog.errors import ConflictError, UsageRefusedError
from catalog.reports.circular_words import first_words, sections_of
from catalog.reports.evaluation_words import circular_words
from ledger.duties import conditions, life
from ledger.proof import chain
from ledger.reports import circulars
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.known_on import known_on
from tasks.post.tidings import News, herald, involved
from tasks.reports.circular_figures import count
from tasks.reports.deciders import require_office
from tasks.reports.evaluation import evaluate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from catalog.dates.spans import Span
    from catalog.reports.circular import CircularFigures
    from catalog.reports.evaluation import Evaluation
    from ledger.reports.circulars import Circular
    from ledger.session import Connection, Ledger
    from tasks.act import Act


class Preview(NamedTuple):
    """The figures of a circular, and its first words."""

    figures: CircularFigures | Evaluation
    words: Mapping[str, str]


def preview(
    ledger: Ledger, plan: str, span: Span, act: Act, *, on: dt.date | None = None
) -> Preview:
    """Return the circular of `span` as known at the end of day `on`, without storing it.

    `on` defaults to the span's last day, or today while the span lasts. That of a year tells the
    evaluation of the localities; its data come in later, so `on` is today. ConflictError for a span
    that has not begun, or was over when the plan was issued, and for a day before the span or in
    the future.
    """
    day = on or (act.on if span.is_year else min(span.until, act.on))
    if not span.since <= day <= act.on:
        raise ConflictError("circular-day", span=span.label, since=span.since, on=day)
    with ledger.read() as conn:
        issued_on = in_force(conn, plan).plan.issued_on
    if span.until < issued_on:
        raise ConflictError("circular-before-plan", span=span.label, issued_on=issued_on)
    with known_on(ledger, day, lambda: act.at) as conn:
        language = ledger.settings.lang
        if span.is_year:
            results = evaluate(conn, plan, span.since.year, on=day, language=language)
            return Preview(results, circular_words(results, language))
        figures = count(conn, plan, span, on=day)
        words = first_words(figures, language, _problem_texts(conn, plan))
        return Preview(figures, words)


def draft(
    ledger: Ledger, plan: str, span: Span, act: Act, *, on: dt.date | None = None
) -> Circular:
    """Draft the circular of `span`, or regenerate its draft; return it.

    Its data are frozen with the head of the history they were counted from. ConflictError if it
    is released already: a released circular never changes.
    """
    figures, words = preview(ledger, plan, span, act, on=on)
    with ledger.transaction() as tx:
        require_office(tx.conn, plan, act, "draft-circular")
        before = circulars.find(tx.conn, plan, span.label)
        _require_draft(before)
        values = {
            "on": figures.on,
            "data": chain.canonical(figures.model_dump()),
            "entries": figures.entries,
            "head": figures.head,
            "language": ledger.settings.lang,
            "words": chain.canonical(words),
            "drafted_on": act.on,
            "drafted_by": act.user,
        }
        key = circulars.circular_id(plan, span.label)
        if before is None:
            row = Change("circulars", key, {"plan": plan, "span": span.label, **values}, "insert")
        else:
            row = Change("circulars", key, values, expected={"number": None})
        note = {"on": act.on}
        tx.record("circular-drafted", key, changes=[row], note=note, at=act.at, actor=act.user)
        return circulars.one(tx.conn, plan, span.label)


def edit(ledger: Ledger, plan: str, span: str, act: Act, *, words: Mapping[str, str]) -> None:
    """Replace the words of sections of a draft; its data stay as counted.

    UsageRefusedError for an unknown section, ConflictError for a released circular.
    """
    with ledger.transaction() as tx:
        require_office(tx.conn, plan, act, "edit-circular")
        before = circulars.one(tx.conn, plan, span)
        sections = sections_of(before.figures)
        if unknown := next((name for name in words if name not in sections), None):
            raise UsageRefusedError("section-unknown", section=unknown, known=", ".join(sections))
        _require_draft(before)
        new_words = {name: typed(text, name) for name, text in words.items()}
        values = {"words": chain.canonical(json.loads(before.words) | new_words)}
        row = Change("circulars", before.id, values, expected={"number": None})
        note = {"on": act.on}
        tx.record("circular-edited", before.id, changes=[row], note=note, at=act.at, actor=act.user)


def release(ledger: Ledger, plan: str, span: str, act: Act) -> Circular:
    """Release the draft under the next number of the year, and notify every agency; return it.

    A person answers for this, as for a slip. ConflictError if it is released already.
    """
    with ledger.transaction() as tx:
        require_office(tx.conn, plan, act, "release-circular")
        before = circulars.one(tx.conn, plan, span)
        _require_draft(before)
        year = act.on.year
        serial = circulars.next_serial(tx.conn, plan, year)
        number = in_force(tx.conn, plan).plan.circular_number(year, serial)
        values = {
            "year": year,
            "serial": serial,
            "number": number,
            "released_on": act.on,
            "released_by": act.user,
        }
        row = Change("circulars", before.id, values, expected={"number": None})
        news = [News("circular", before.id, involved(tx.conn, plan))]
        notices = herald(tx, plan, act, news, sender=ledger.settings.sender)
        note = {"on": act.on, "number": number}
        tx.record(
            "circular-released",
            before.id,
            changes=[row, *notices],
            note=note,
            at=act.at,
            actor=act.user,
        )
        return circulars.one(tx.conn, plan, span)


def _require_draft(before: Circular | None) -> None:
    if before is not None and before.number is not None:
        raise ConflictError("circular-released", span=before.span, number=before.number)


def _problem_texts(conn: Connection, plan: str) -> dict[tuple[str, int], tuple[str, str]]:
    """Return the words of every problem and its answer, by duty and number."""
    problems = life.problems_of(conn, conditions.of(plan=plan))
    return {(p.duty, p.number): (p.text, p.answer or "") for p in problems}
