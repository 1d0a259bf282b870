"""Whether a plan has taken up everything its text promises, and nothing the text does not say."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from catalog import phrases
from catalog.reading.folding import fold
from catalog.reading.rule import Setting
from catalog.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from catalog.phrases import Mark, Said
    from catalog.plan import Baseline, Measure, Obligation, Plan, Target
    from catalog.reading.amounts import Amount
    from catalog.reading.rule import When

_NUMERAL = "[一二三四五六七八九十]+"
_CHAPTER = re.compile(rf"({_NUMERAL}、[^。]+)。?")
_SECTION = re.compile(rf"(\({_NUMERAL}\)[^。]+)。?(.*)")
_MEASURE = re.compile(r"(\d+)\.(.*)")
_BRACKET = re.compile(r"\(([^()]*)\)。?$")
# Phrases that bind nobody by themselves.
_FREE = ("trap", "base")
_DATING = ("time", "since", "recurs")
_FIGURES = ("count", "figure")
# What the last name of a list lends to those before it: 廣東、深圳、珠海檢驗檢疫局.
_LENT = ("檢驗檢疫局", "市人民政府")


class Finding(NamedTuple):
    """What is wrong in one measure: `key` names the text, `phrase` the words it is about."""

    measure: str
    key: str
    phrase: str

    def line(self, language: str) -> str:
        """Return the finding as one line in `language`."""
        return say(language, f"error.{self.key}", measure=self.measure, phrase=self.phrase)


class Passage(NamedTuple):
    """One measure as the text has it: its words, and the agencies of its closing bracket."""

    number: str
    chapter: str
    section: str
    text: str
    agencies: tuple[str, ...]


def passages(source: str) -> tuple[Passage, ...]:
    """Return the measures of a plan's text in order.

    A measure is a line that begins with a number, or a section that closes with a bracket of
    agencies itself: such a one is a safeguard, numbered S1, S2, ...
    """
    found: list[Passage] = []
    chapter = section = ""
    safeguards = 0
    for line in source.splitlines():
        if match := _CHAPTER.fullmatch(line):
            chapter = match[1]
        elif match := _SECTION.fullmatch(line):
            section = match[1]
            if match[2]:
                safeguards += 1
                found.append(_passage(f"S{safeguards}", chapter, section, match[2]))
        elif chapter and (match := _MEASURE.fullmatch(line)):
            found.append(_passage(match[1], chapter, section, match[2]))
    return tuple(found)


def _passage(number: str, chapter: str, section: str, text: str) -> Passage:
    bracket = _BRACKET.search(text)
    if bracket is None:
        return Passage(number, chapter, section, text, ())
    agencies = named(bracket[1].split("。")[0])
    return Passage(number, chapter, section, text[: bracket.start()], agencies)


def named(bracket: str) -> tuple[str, ...]:
    """Return a bracket's single names: a leading 省 and a shared ending carry over (rules 1)."""
    names: list[str] = []
    for part in bracket.split(","):
        items = part.split("、")
        lent = next((end for end in _LENT if items[-1].endswith(end)), "")
        items = [item if item.endswith(lent) else item + lent for item in items]
        if items[0].startswith("省"):
            items = [item if item.startswith("省") else f"省{item}" for item in items]
        names += items
    return tuple(names)


def check(plan: Plan, source: str) -> list[Finding]:
    """Return what the plan leaves out of `source`, adds to it or reads otherwise; none is good."""
    found = passages(source)
    numbers = {passage.number for passage in found}
    findings = [
        Finding(measure.number, "source_measure_foreign", measure.title)
        for measure in plan.measures
        if measure.number not in numbers
    ]
    measures = {measure.number: measure for measure in plan.measures}
    for passage in found:
        if passage.number in measures:
            for key, phrase in _wrong(plan, measures[passage.number], passage):
                findings.append(Finding(passage.number, key, phrase))
        else:
            findings.append(Finding(passage.number, "source_measure_missing", passage.text[:24]))
    return findings


def _wrong(plan: Plan, measure: Measure, passage: Passage) -> Iterator[tuple[str, str]]:
    yield from _of_the_frame(plan, measure, passage)
    yield from _of_the_quotes(measure, passage.text)
    yield from _of_the_marks(measure, passage.text)
    said = phrases.read(passage.text, Setting.of(plan.issued_on, plan.starts_on, plan.ends_on))
    for obligation in measure.obligations:
        yield from _of_an_obligation(obligation, passage.text, said, plan.issued_on)
    for target in measure.targets:
        yield from _of_a_target(target, passage.text, said)


def _of_the_frame(plan: Plan, measure: Measure, passage: Passage) -> Iterator[tuple[str, str]]:
    if (measure.chapter, measure.section) != (passage.chapter, passage.section):
        yield "source_heading_differs", f"{passage.chapter} {passage.section}"
    if not measure.obligations and not measure.targets:
        yield "source_measure_empty", measure.title
    known = _agencies(plan)
    for name in passage.agencies:
        if name not in known:
            yield "source_agency_unknown", name
    lead, *others = (known.get(name, ()) for name in passage.agencies or ("",))
    if lead != (measure.lead,):
        yield "source_lead_differs", "".join(passage.agencies[:1])
    if {*itertools.chain.from_iterable(others)} != {*measure.participants}:
        yield "source_participants_differ", "、".join(passage.agencies[1:])


def _agencies(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the single agencies behind each name and alias of the plan."""
    known = {name: g.members for g in plan.groups for name in (g.name, *g.aliases)}
    return known | {name: (a.id,) for a in plan.agencies for name in (a.name, *a.aliases)}


def _quotes(measure: Measure) -> Iterator[str]:
    for obligation in measure.obligations:
        yield from (obligation.says, *obligation.also)
    for target in measure.targets:
        yield from (target.says, *target.also)
    yield from (aside.says for aside in measure.asides)


def _of_the_quotes(measure: Measure, text: str) -> Iterator[tuple[str, str]]:
    for quote in dict.fromkeys(_quotes(measure)):
        times = text.count(quote)
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
    return [match.span() for match in re.finditer(re.escape(quote), text)]


def _within(mark: Mark, span: tuple[int, int]) -> bool:
    return span[0] <= mark.start and mark.end <= span[1]


def _context(mark: Mark, text: str) -> str:
    return f"{text[max(0, mark.start - 6) : mark.start]}[{mark.phrase}]{text[mark.end :][:8]}"


def _of_an_obligation(
    obligation: Obligation, text: str, said: tuple[Said, ...], issued_on: date
) -> Iterator[tuple[str, str]]:
    spoken = _spoken(obligation.says, text, said)
    counts = [phrases.quota(s.mark.phrase) for s in spoken if s.mark.sort == "count"]
    if obligation.quota != (counts[0] if counts else None):
        yield "source_quota_differs", obligation.says
    dated = [s for s in spoken if s.mark.sort in _DATING]
    if bool(dated) != (obligation.basis == "plan"):
        yield "source_basis_differs", obligation.says
    if dated and not _as_dated(obligation, dated, issued_on):
        yield "source_date_differs", obligation.says


def _spoken(quote: str, text: str, said: tuple[Said, ...]) -> list[Said]:
    """Return the phrases of a quote as they are read where it stands in the text."""
    return [s for span in _spans(quote, text) for s in said if _within(s.mark, span)]


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


def _of_a_target(target: Target, text: str, said: tuple[Said, ...]) -> Iterator[tuple[str, str]]:
    spoken = _spoken(target.says, text, said)
    figures = [phrases.figure(s.mark, text) for s in spoken if s.mark.sort in _FIGURES]
    ours = [figure for figure in figures if figure.least == target.value]
    if not any(fold(figure.unit) == fold(target.unit) for figure in ours):
        yield "source_value_differs", target.says
    if target.baseline and not _as_based(target.baseline, spoken, figures):
        yield "source_baseline_differs", target.says
    if ours and target.bound not in [figure.bound for figure in ours]:
        yield "source_bound_differs", target.says
    for phrase in target.also:
        dates = (s.readings for s in _spoken(phrase, text, said) if s.mark.sort == "time")
        if any(target.by not in [when.due_on for when in readings] for readings in dates):
            yield "source_date_differs", phrase


def _as_based(baseline: Baseline, spoken: list[Said], figures: list[Amount]) -> bool:
    on = [when.due_on for s in spoken for when in s.readings if s.mark.sort in ("base", "time")]
    return baseline.on in on and baseline.value in [figure.least for figure in figures]
