"""Office dates: the days proposed where a plan's text leaves them open, and why.

The office decides; what it decides is written into the plan (docs/rules.md, Office dates).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from catalog.dates.edges import END, START, Edge, later
from catalog.errors import InvalidError
from catalog.plans.expand import periods
from catalog.plans.model import Plan
from catalog.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from catalog.plans.contents import Contents, Kind, Measure, Obligation

MONTHS: Mapping[str, int] = {"document": 6, "meeting": 6, "scheme": 3}  # from the issue of the plan
_BY_KIND: Mapping[Kind, str] = {
    "deliverable": "document",
    "report": "document",
    "meeting": "meeting",
    "milestone": "campaign",
    "event": "campaign",
    "standing": "standing",
    "target": "standing",
}
_EARLY = re.compile("計劃|计划|安排|方案|要點|要点|部署|work plan|work programme", re.IGNORECASE)
_LATE = re.compile(
    "評估|评估|考核|評價|评价|總結|总结|統計|统计|通報|通报|evaluat|review", re.IGNORECASE
)


class OfficeDate(NamedTuple):
    """A day proposed for an obligation that does not recur; `why` names the reason's text.

    `of` is the title of the obligation that the reason speaks of, where it speaks of one.
    """

    measure: Measure
    obligation: Obligation
    due_on: date
    why: str
    of: str = ""

    def reason(self, language: str) -> str:
        """Return the reason in a language, at most a line."""
        return reason(language, self.why, of=self.of)


class Rhythm(NamedTuple):
    """The days proposed for each period of an obligation that recurs."""

    measure: Measure
    obligation: Obligation
    opens: Edge
    due: Edge
    why: str

    def reason(self, language: str) -> str:
        """Return the reason in a language."""
        return reason(language, self.why)


class Decision(NamedTuple):
    """The decision of the office about one obligation."""

    due_on: date
    reason: str | None = None


def reason(language: str, why: str, *, of: str = "") -> str:
    """Return the text of a reason, at most a line of a plan's file."""
    return say(language, f"office-date.{why}", of=of[:100])


def by_kind(kind: Kind, issued_on: date, ends_on: date, *, quota: bool = False) -> tuple[date, str]:
    """Return the day for an obligation of a kind that depends on no other, and why.

    A document or a meeting takes six months from the issue of the plan, a platform, a campaign or
    a number to be reached the whole of its term.
    """
    why = "quota" if quota else _BY_KIND[kind]
    if why not in MONTHS:
        return ends_on, why
    day = later(issued_on, months=MONTHS[why])
    return (day, why) if day < ends_on else (ends_on, "short-term")


def undecided(plan: Contents) -> tuple[OfficeDate, ...]:
    """Return a proposal for each obligation without a date, or due unsaid on the plan's last day.

    Unsaid is a date of the office (`basis`) without a reason. The proposals keep what comes before
    what; those of a scheme on which others depend are three months from the issue of the plan.
    """
    return tuple(_Proposing(plan))


def is_undecided(plan: Contents, obligation: Obligation) -> bool:
    """Tell whether the office has still to decide the day of an obligation, or to give a reason."""
    if obligation.recurrence != "once" or obligation.basis != "office":
        return False
    unsaid = obligation.due_on == plan.ends_on and obligation.reason is None
    return obligation.is_undated or unsaid


def rhythms(plan: Contents) -> Iterator[Rhythm]:
    """Yield the days proposed for obligations that recur and are due at the end of each period."""
    for measure in plan.measures:
        for obligation in measure.obligations:
            turned = (obligation.opens, obligation.due) != (START, END)
            if obligation.recurrence == "once" or obligation.anchor or turned or obligation.reason:
                continue
            if proposed := _rhythm(obligation):
                yield Rhythm(measure, obligation, *proposed)


def _rhythm(obligation: Obligation) -> tuple[Edge, Edge, str] | None:
    """Return opening, due day and reason for what recurs, None where the period's end is right."""
    yearly = obligation.recurrence == "yearly"
    over = Edge("end", 1, "days")
    reported = Edge("end", 3, "months") if yearly else Edge("end", 10, "days")
    if obligation.kind in ("report", "target") or _LATE.search(obligation.title):
        return over, reported, "measured"
    if obligation.kind == "standing":
        return START, Edge("end", 10, "days"), "progress"
    if yearly and _EARLY.search(obligation.title):
        return START, Edge("start", 3, "months"), "early"
    once_a_year = yearly and (obligation.quota is None or obligation.quota.min == 1)
    if obligation.kind == "meeting" and once_a_year:
        return START, Edge("start", 6, "months"), "useful"
    return None


class _Proposing:
    """The proposals for one plan, each computed once."""

    def __init__(self, plan: Contents) -> None:
        self._plan = plan
        self._all = {o.id: (m, o) for m in plan.measures for o in m.all_obligations}
        self._days: dict[str, tuple[date, str, str]] = {}
        self._needing: dict[str, list[Obligation]] = {}
        for _, obligation in self._all.values():
            for earlier in obligation.after:
                self._needing.setdefault(earlier, []).append(obligation)

    def __iter__(self) -> Iterator[OfficeDate]:
        for measure, obligation in self._all.values():
            if is_undecided(self._plan, obligation):
                yield OfficeDate(measure, obligation, *self._proposed(obligation))

    def _proposed(self, obligation: Obligation) -> tuple[date, str, str]:
        if obligation.id not in self._days:
            self._days[obligation.id] = self._propose(obligation)
        return self._days[obligation.id]

    def _propose(self, obligation: Obligation) -> tuple[date, str, str]:
        """Return day and reason: by its kind, then by those that need it and those it needs."""
        plan, since = self._plan, obligation.opens_on or self._plan.issued_on
        quota = obligation.quota is not None
        day, why = by_kind(obligation.kind, since, plan.ends_on, quota=quota)
        of = ""
        scheme = later(since, months=MONTHS["scheme"])
        if obligation.id in self._needing and scheme < day:
            day, why = scheme, "scheme"
        for needing in self._needing.get(obligation.id, ()):
            if (fixed := self._fixed(needing)) and fixed < day:
                day, why, of = fixed, "needed", needing.title
        for earlier in self._earlier(obligation):
            first = self._fixed(earlier) or self._proposed(earlier)[0]
            if first > day:
                day, why, of = first, "after", earlier.title
        return min(max(day, since), plan.ends_on), why, of

    def _earlier(self, obligation: Obligation) -> Iterator[Obligation]:
        for name in obligation.after:
            if name in self._all:
                earlier = self._all[name][1]
                if self._fixed(earlier) or is_undecided(self._plan, earlier):
                    yield earlier

    def _fixed(self, obligation: Obligation) -> date | None:
        """Return the first due day of an obligation that needs no decision."""
        if is_undecided(self._plan, obligation):
            return None
        return next((period.due_on for period in periods(self._plan, obligation)), None)


def decide(plan: Plan, decisions: Mapping[str, Decision]) -> Plan:
    """Return the plan with the days that the office decided, by the full ids of obligations.

    InvalidError for the first fault that a day makes.
    """
    fields: dict[str, Any] = plan.model_dump()
    for measure in fields["measures"]:
        measure["obligations"] = tuple(_decided(o, decisions) for o in measure["obligations"])
    try:
        return Plan.model_validate(fields)
    except ValidationError as error:
        raise _refusal(plan, error) from error


def accepted(proposals: Iterable[OfficeDate], language: str) -> dict[str, Decision]:
    """Return the decisions that take the proposals as they are."""
    return {p.obligation.id: Decision(p.due_on, p.reason(language)) for p in proposals}


def _decided(fields: dict[str, Any], decisions: Mapping[str, Decision]) -> dict[str, Any]:
    decision = decisions.get(fields["id"])
    if decision is None:
        return fields
    return fields | {"due_on": decision.due_on, "reason": decision.reason}


def _refusal(plan: Plan, error: ValidationError) -> InvalidError:
    details = error.errors()[0]
    for fault in details.get("ctx", {}).get("faults", ())[:1]:
        return InvalidError(fault.key, place=plan.plan, **fault.values)
    return InvalidError("plan-value", place=plan.plan, name="due_on", problem=details["msg"])
