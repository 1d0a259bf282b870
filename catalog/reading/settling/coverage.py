"""Coverage of a document by its plan: what the plan leaves out, adds or reads otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.document.lines import paper
from catalog.reading.document.structure import items_of
from catalog.reading.grammar import matching
from catalog.reading.grammar.amounts import quota_of
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.rule import Setting
from catalog.reading.proposing.dated_clauses import DATING
from catalog.reading.proposing.item_text import ItemText
from catalog.reading.settling.taking_up import quotes_of, spans, untaken, within
from catalog.reading.who.assignment import assign
from catalog.reading.who.register import Register
from catalog.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from catalog.plans.contents import Baseline, Measure, Obligation, Target
    from catalog.plans.model import Plan
    from catalog.reading.document.structure import Item
    from catalog.reading.grammar.amounts import Amount
    from catalog.reading.grammar.matching import Phrase
    from catalog.reading.grammar.rule import Timing

_FIGURES = ("count", "figure")


class Finding(NamedTuple):
    """A fault of one measure: `key` names the text, `phrase` the words it is about."""

    measure: str
    key: str
    phrase: str

    def line(self, language: str) -> str:
        """Return the finding as one line in `language`."""
        return say(language, f"error.{self.key}", measure=self.measure, phrase=self.phrase)


def check(plan: Plan, source: str) -> list[Finding]:
    """Return what the plan leaves out of `source`, adds to it or reads otherwise.

    Plan and source may be written in different scripts and widths.
    """
    text = paper(source, name=plan.plan).text
    items = items_of(text)
    numbers = {item.number for item in items}
    findings = [
        Finding(measure.number, "source-measure-foreign", measure.title)
        for measure in plan.measures
        if measure.number not in numbers
    ]
    measures = {measure.number: measure for measure in plan.measures}
    for item in items:
        if item.number in measures:
            faults = faults_of(plan, measures[item.number], item, text)
            findings += (Finding(item.number, key, phrase) for key, phrase in faults)
        else:
            opening = item.text.strip()[:24]
            findings.append(Finding(item.number, "source-measure-missing", opening))
    return findings


def faults_of(plan: Plan, measure: Measure, item: Item, source: str) -> Iterator[tuple[str, str]]:
    """Yield the faults of one measure against its item of the text `source`, each with words."""
    yield from _of_the_frame(measure, item)
    yield from _of_the_agencies(plan, measure, item, source)
    words = ItemText(item.text, Setting.of(plan.issued_on, plan.starts_on, plan.ends_on))
    yield from _of_the_quotes(measure, item.text)
    yield from untaken(measure, item, words)
    for obligation in measure.obligations:
        yield from _of_an_obligation(obligation, words, plan.issued_on)
    for target in measure.targets:
        yield from _of_a_target(target, words)


def _of_the_frame(measure: Measure, item: Item) -> Iterator[tuple[str, str]]:
    if fold(measure.chapter + measure.section) != fold(item.chapter + item.section):
        yield "source-heading-differs", f"{item.chapter} {item.section}"
    if not measure.obligations and not measure.targets:
        yield "source-measure-empty", measure.title


def _of_the_agencies(
    plan: Plan, measure: Measure, item: Item, source: str
) -> Iterator[tuple[str, str]]:
    """Yield differing leads and participants; a lead the text leaves open is free."""
    assignment = assign(source, item, Register.of(plan))
    for ask in assignment.asks:
        if ask.key in ("agency-unknown", "lead-unknown"):
            yield "source-agency-unknown", source[ask.span.start : ask.span.end]
    lead, participants, asks = assignment
    if lead is None:
        if participants and not {*participants} <= {measure.lead, *measure.participants}:
            yield "source-participants-differ", _names(plan, participants)
        return
    if lead != measure.lead:
        yield "source-lead-differs", plan.agency(lead).name
    doubtful = {a for ask in asks if ask.key == "agency-part" for a in ask.readings[0]["add"]}
    if {*participants} | doubtful != {*measure.participants} | doubtful:
        yield "source-participants-differ", _names(plan, participants)


def _names(plan: Plan, agencies: tuple[str, ...]) -> str:
    return "、".join(plan.agency(agency).name for agency in agencies)


def _of_the_quotes(measure: Measure, text: str) -> Iterator[tuple[str, str]]:
    for quote in dict.fromkeys(quote for part in quotes_of(measure) for quote in part):
        times = len(spans(quote, text))
        if times != 1:
            yield ("source-quote-repeated" if times else "source-quote-absent"), quote


def _of_an_obligation(
    obligation: Obligation, words: ItemText, issued_on: date
) -> Iterator[tuple[str, str]]:
    first = _phrases(obligation.says, words)
    further = [phrase for quote in obligation.also for phrase in _phrases(quote, words)]
    counts = [p.mark for p in first if p.mark.sort == "count"]
    if obligation.quota:
        counts += [p.mark for p in further if p.mark.sort == "count"]
        quotas = [quota_of(matching.figure(mark, words.text)) for mark in counts]
        differs = obligation.quota not in quotas
    else:
        differs = any(words.use(mark) == "quota" for mark in counts)
    if differs:
        yield "source-quota-differs", obligation.says
    dates = [p for p in first if p.mark.sort in DATING]
    dates = dates or [p for p in further if p.mark.sort in DATING]
    if bool(dates) != (obligation.basis == "plan"):
        yield "source-basis-differs", obligation.says
    if dates and not _has_date(obligation, dates, issued_on):
        yield "source-date-differs", obligation.says


def _phrases(quote: str, words: ItemText) -> list[Phrase]:
    """Return the phrases of a quote as they are read where it stands in the text."""
    places = spans(quote, words.text)
    return [phrase for span in places for phrase in words.phrases if within(phrase.mark, span)]


def _has_date(obligation: Obligation, dates: list[Phrase], issued_on: date) -> bool:
    """Tell whether one reading of its phrases is the date the obligation has."""
    if obligation.recurrence == "once":
        readings = (t for phrase in dates for t in phrase.readings if t.recurs == "once")
        return any(_same_days(obligation, timing, issued_on) for timing in readings)
    since = [p.readings[0].opens_on for p in dates if p.mark.sort == "since"]
    turns = [t for p in dates for t in p.readings if t.recurs == obligation.recurrence]
    anchors = {timing.due_on for timing in turns} - {None}
    return (
        bool(turns)
        and (not since or since == [obligation.since])
        and (not anchors or obligation.anchor in anchors)
    )


def _same_days(obligation: Obligation, timing: Timing, issued_on: date) -> bool:
    opens_on = max(timing.opens_on or issued_on, issued_on)
    starts_on = max(obligation.opens_on or issued_on, issued_on)
    return (opens_on, timing.due_on) == (starts_on, obligation.due_on)


def _of_a_target(target: Target, words: ItemText) -> Iterator[tuple[str, str]]:
    first = _phrases(target.says, words)
    figures = [matching.figure(p.mark, words.text) for p in first if p.mark.sort in _FIGURES]
    equal = [figure for figure in figures if figure.least == target.value]
    if not any(fold(figure.unit) == fold(target.unit) for figure in equal):
        yield "source-value-differs", target.says
    if target.baseline and not _has_baseline(target.baseline, first, figures):
        yield "source-baseline-differs", target.says
    if equal and target.bound not in [figure.bound for figure in equal]:
        yield "source-bound-differs", target.says
    for quote in target.also:
        dates = (p.readings for p in _phrases(quote, words) if p.mark.sort == "time")
        if any(target.by not in [timing.due_on for timing in readings] for readings in dates):
            yield "source-date-differs", quote


def _has_baseline(baseline: Baseline, dates: list[Phrase], figures: list[Amount]) -> bool:
    days = [t.due_on for p in dates for t in p.readings if p.mark.sort in ("base", "time")]
    return baseline.on in days and baseline.value in [figure.least for figure in figures]
