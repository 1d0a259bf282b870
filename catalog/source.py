"""Whether a plan has taken up everything its text promises, and nothing the text does not say."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from catalog import phrases
from catalog.phrases import Window
from catalog.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.phrases import Mark
    from catalog.plan import Baseline, Measure, Obligation, Plan, Target

_NUMERAL = "[一二三四五六七八九十]+"
_CHAPTER = re.compile(rf"({_NUMERAL}、[^。]+)。?")
_SECTION = re.compile(rf"(\({_NUMERAL}\)[^。]+)。?(.*)")
_MEASURE = re.compile(r"(\d+)\.(.*)")
_BRACKET = re.compile(r"\(([^()]*)\)。?$")
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
    for obligation in measure.obligations:
        yield from _of_an_obligation(plan, obligation)
    for target in measure.targets:
        yield from _of_a_target(target)


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
        if not any(_within(mark, span) for span in quotes):
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


def _of_an_obligation(plan: Plan, obligation: Obligation) -> Iterator[tuple[str, str]]:
    found = phrases.marks(obligation.says)
    counts = [phrases.quota(mark.phrase) for mark in found if mark.rule == "count"]
    if obligation.quota != (counts[0] if counts else None):
        yield "source_quota_differs", obligation.says
    windows = _windows(obligation.says)
    yearly = any(mark.rule == "yearly" for mark in found)
    dated = bool(windows) or yearly
    if dated != (obligation.basis == "plan"):
        yield "source_basis_differs", obligation.says
    if dated and not _as_dated(plan, obligation, windows):
        yield "source_date_differs", obligation.says


def _as_dated(plan: Plan, obligation: Obligation, windows: list[Window]) -> bool:
    if not windows:
        return obligation.recurrence == "yearly"
    if obligation.recurrence == "once":
        return any(_same_days(plan, obligation, window) for window in windows)
    return windows == [Window(obligation.since, None)]


def _same_days(plan: Plan, obligation: Obligation, window: Window) -> bool:
    opens_on = max(window.opens_on or plan.issued_on, plan.issued_on)
    ours = max(obligation.opens_on or plan.issued_on, plan.issued_on)
    return (opens_on, window.due_on) == (ours, obligation.due_on)


def _of_a_target(target: Target) -> Iterator[tuple[str, str]]:
    if not _writes(target, target.value):
        yield "source_value_differs", target.says
    if target.baseline and not _as_based(target, target.baseline):
        yield "source_baseline_differs", target.says
    if _bound(target) != target.bound:
        yield "source_bound_differs", target.says
    for phrase in target.also:
        if any(window.due_on != target.by for window in _windows(phrase)):
            yield "source_date_differs", phrase


def _as_based(target: Target, baseline: Baseline) -> bool:
    on = [window.due_on for window in _windows(target.says)]
    return _writes(target, baseline.value) and baseline.on in on


def _writes(target: Target, value: float) -> bool:
    figure = re.escape(f"{value}{target.unit}")
    return re.search(rf"(?<![\d.]){figure}", target.says) is not None


def _windows(text: str) -> list[Window]:
    return [phrases.window(mark.phrase) for mark in phrases.marks(text) if mark.rule == "year"]


def _bound(target: Target) -> str:
    if target.says.endswith("以上"):
        return "at-least"
    return "more-than" if "超過" in target.says else "reach"
