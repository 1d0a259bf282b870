"""Whether a plan has taken up everything its text promises, and nothing the text does not say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.document.lines import paper
from catalog.reading.document.structure import items
from catalog.reading.grammar import phrases
from catalog.reading.grammar.amounts import quota_of
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.rule import Setting
from catalog.reading.proposing.words import Words
from catalog.reading.who.assignment import assigned
from catalog.reading.who.register import Register
from catalog.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from catalog.plans.contents import Baseline, Measure, Obligation, Target
    from catalog.plans.model import Plan
    from catalog.reading.document.structure import Item
    from catalog.reading.grammar.amounts import Amount
    from catalog.reading.grammar.phrases import Mark, Said
    from catalog.reading.grammar.rule import When

# Phrases that bind nobody by themselves.
_FREE = ("trap", "base")
_DATING = ("time", "since", "recurs")
_FIGURES = ("count", "figure")


class Finding(NamedTuple):
    """What is wrong in one measure: `key` names the text, `phrase` the words it is about."""

    measure: str
    key: str
    phrase: str

    def line(self, language: str) -> str:
        """Return the finding as one line in `language`."""
        return say(language, f"error.{self.key}", measure=self.measure, phrase=self.phrase)


def check(plan: Plan, source: str) -> list[Finding]:
    """Return what the plan leaves out of `source`, adds to it or reads otherwise; none is good.

    Plan and source may be written in different scripts and widths.
    """
    read = paper(source, name=plan.plan)
    found = items(read.text)
    numbers = {item.number for item in found}
    findings = [
        Finding(measure.number, "source_measure_foreign", measure.title)
        for measure in plan.measures
        if measure.number not in numbers
    ]
    measures = {measure.number: measure for measure in plan.measures}
    for item in found:
        if item.number in measures:
            for key, phrase in _wrong(plan, measures[item.number], item, read.text):
                findings.append(Finding(item.number, key, phrase))
        else:
            opening = item.text.strip()[:24]
            findings.append(Finding(item.number, "source_measure_missing", opening))
    return findings


def _wrong(plan: Plan, measure: Measure, item: Item, source: str) -> Iterator[tuple[str, str]]:
    yield from _of_the_frame(measure, item)
    yield from _of_the_agencies(plan, measure, item, source)
    yield from _of_the_quotes(measure, item.text)
    yield from _of_the_marks(measure, item.text)
    words = Words(item.text, Setting.of(plan.issued_on, plan.starts_on, plan.ends_on))
    for obligation in measure.obligations:
        yield from _of_an_obligation(obligation, words, plan.issued_on)
    for target in measure.targets:
        yield from _of_a_target(target, words)


def _of_the_frame(measure: Measure, item: Item) -> Iterator[tuple[str, str]]:
    if fold(measure.chapter + measure.section) != fold(item.chapter + item.section):
        yield "source_heading_differs", f"{item.chapter} {item.section}"
    if not measure.obligations and not measure.targets:
        yield "source_measure_empty", measure.title


def _of_the_agencies(
    plan: Plan, measure: Measure, item: Item, source: str
) -> Iterator[tuple[str, str]]:
    """Yield who is named otherwise; where the text leaves the lead to be asked, people chose it."""
    answers = assigned(source, item, Register.of(plan))
    for ask in answers.asks:
        if ask.key in ("agency-unknown", "lead-unknown"):
            yield "source_agency_unknown", source[ask.span.start : ask.span.end]
    named = answers.participants
    if answers.lead is None:
        if named and not {*named} <= {measure.lead, *measure.participants}:
            yield "source_participants_differ", _names(plan, named)
        return
    if answers.lead != measure.lead:
        yield "source_lead_differs", plan.agency(answers.lead).name
    doubtful = {
        a for ask in answers.asks if ask.key == "agency-part" for a in ask.readings[0]["add"]
    }
    if {*named} | doubtful != {*measure.participants} | doubtful:
        yield "source_participants_differ", _names(plan, named)


def _names(plan: Plan, agencies: tuple[str, ...]) -> str:
    return "、".join(plan.agency(agency).name for agency in agencies)


def _quotes(measure: Measure) -> Iterator[str]:
    for obligation in measure.obligations:
        yield from (obligation.says, *obligation.also)
    for target in measure.targets:
        yield from (target.says, *target.also)
    yield from (aside.says for aside in measure.asides)


def _of_the_quotes(measure: Measure, text: str) -> Iterator[tuple[str, str]]:
    for quote in dict.fromkeys(_quotes(measure)):
        times = len(_spans(quote, text))
        if times != 1:
            yield ("source_quote_repeated" if times else "source_quote_absent"), quote


def _of_the_marks(measure: Measure, text: str) -> Iterator[tuple[str, str]]:
    found = phrases.marks(text)
    quotes = [span for quote in _quotes(measure) for span in _spans(quote, text)]
    for mark in found:
        if mark.sort not in _FREE and not any(_within(mark, span) for span in quotes):
            yield "source_mark_untaken", _context(mark, text)
    for aside in measure.asides:
        if not any(_within(mark, span) for mark in found for span in _spans(aside.says, text)):
            yield "source_aside_idle", aside.says


def _spans(quote: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(re.escape(fold(quote)), fold(text))]


def _within(mark: Mark, span: tuple[int, int]) -> bool:
    return span[0] <= mark.start and mark.end <= span[1]


def _context(mark: Mark, text: str) -> str:
    before, after = text[max(0, mark.start - 6) : mark.start], text[mark.end : mark.end + 8]
    return f"{before}[{mark.phrase}]{after}".strip()


def _of_an_obligation(
    obligation: Obligation, words: Words, issued_on: date
) -> Iterator[tuple[str, str]]:
    spoken = _spoken(obligation.says, words)
    further = [s for phrase in obligation.also for s in _spoken(phrase, words)]
    counts = [s.mark for s in spoken if s.mark.sort == "count"]
    if obligation.quota:
        counts += [s.mark for s in further if s.mark.sort == "count"]
    counted = [quota_of(phrases.figure(mark, words.text)) for mark in counts]
    asked = any(words.use(mark) == "quota" for mark in counts)
    if obligation.quota not in counted if obligation.quota else asked:
        yield "source_quota_differs", obligation.says
    dated = [s for s in spoken if s.mark.sort in _DATING]
    dated = dated or [s for s in further if s.mark.sort in _DATING]
    if bool(dated) != (obligation.basis == "plan"):
        yield "source_basis_differs", obligation.says
    if dated and not _as_dated(obligation, dated, issued_on):
        yield "source_date_differs", obligation.says


def _spoken(quote: str, words: Words) -> list[Said]:
    """Return the phrases of a quote as they are read where it stands in the text."""
    return [s for span in _spans(quote, words.text) for s in words.said if _within(s.mark, span)]


def _as_dated(obligation: Obligation, dated: list[Said], issued_on: date) -> bool:
    """Tell whether one reading of its phrases is the date the obligation has."""
    if obligation.recurrence == "once":
        readings = (when for s in dated for when in s.readings if when.recurs == "once")
        return any(_same_days(obligation, when, issued_on) for when in readings)
    since = [s.readings[0].opens_on for s in dated if s.mark.sort == "since"]
    turns = [when for s in dated for when in s.readings if when.recurs == obligation.recurrence]
    anchors = {when.due_on for when in turns} - {None}
    return (
        bool(turns)
        and (not since or since == [obligation.since])
        and (not anchors or obligation.anchor in anchors)
    )


def _same_days(obligation: Obligation, when: When, issued_on: date) -> bool:
    opens_on = max(when.opens_on or issued_on, issued_on)
    ours = max(obligation.opens_on or issued_on, issued_on)
    return (opens_on, when.due_on) == (ours, obligation.due_on)


def _of_a_target(target: Target, words: Words) -> Iterator[tuple[str, str]]:
    spoken = _spoken(target.says, words)
    figures = [phrases.figure(s.mark, words.text) for s in spoken if s.mark.sort in _FIGURES]
    ours = [figure for figure in figures if figure.least == target.value]
    if not any(fold(figure.unit) == fold(target.unit) for figure in ours):
        yield "source_value_differs", target.says
    if target.baseline and not _as_based(target.baseline, spoken, figures):
        yield "source_baseline_differs", target.says
    if ours and target.bound not in [figure.bound for figure in ours]:
        yield "source_bound_differs", target.says
    for phrase in target.also:
        dates = (s.readings for s in _spoken(phrase, words) if s.mark.sort == "time")
        if any(target.by not in [when.due_on for when in readings] for readings in dates):
            yield "source_date_differs", phrase


def _as_based(baseline: Baseline, spoken: list[Said], figures: list[Amount]) -> bool:
    on = [when.due_on for s in spoken for when in s.readings if s.mark.sort in ("base", "time")]
    return baseline.on in on and baseline.value in [figure.least for figure in figures]
