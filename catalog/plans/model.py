"""Plan: one edition of an official plan, whole and without a fault between its parts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from catalog.errors import NotFoundError
from catalog.plans import rules, target_rules
from catalog.plans.contents import OWN_CALENDAR, Contents
from catalog.plans.expand import periods

if TYPE_CHECKING:
    from datetime import date

    from catalog.dates.workdays import Workdays
    from catalog.plans.contents import Agency, Measure, Obligation, Target


class Plan(Contents):
    """One edition of an official plan, whose parts are looked up by their ids."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = (*rules.faults(self), *target_rules.faults(self))
        if faults:
            raise PydanticCustomError("plan-faults", "{faults}", {"faults": faults})
        return self

    def agency(self, agency_id: str) -> Agency:
        """Return the agency of that id; NotFoundError when none is registered under it."""
        try:
            return self._agencies[agency_id]
        except KeyError:
            raise NotFoundError("agency-unknown", agency=agency_id) from None

    def measure(self, number: str) -> Measure:
        """Return the measure of that number ("40", "S1"); NotFoundError when there is none."""
        try:
            return self._measures[number]
        except KeyError:
            raise NotFoundError("measure-unknown", measure=number) from None

    def obligation(self, full_id: str) -> Obligation:
        """Return the obligation or reading of that full id ("40.meeting"), or NotFoundError."""
        try:
            return self._obligations[full_id]
        except KeyError:
            raise NotFoundError("obligation-unknown", obligation=full_id) from None

    def slip_number(self, year: int, serial: int) -> str:
        """Return the number of the `serial`-th slip (督辦單) of that year, in the official form."""
        return f"{self.slip_prefix}〔{year}〕{serial}號"

    def circular_number(self, year: int, serial: int) -> str:
        """Return the number of the `serial`-th circular (通報) of that year."""
        return f"{self.circular_prefix}〔{year}〕{serial}號"

    def localities(self) -> tuple[str, ...]:
        """Return the agencies evaluated: those that report the indicators, else the cities."""
        if self.indicators_by:
            return self.obligation(self.indicators_by).parties or ()
        return tuple(a.id for a in self.agencies if a.kind == "city")

    def tells_evaluation(self, full_id: str) -> bool:
        """Tell whether the report of that obligation is, or rests on, the yearly evaluation."""
        if self.evaluated_by is None or full_id not in self._obligations:
            return False
        return self.evaluated_by in (full_id, *(self.obligation(full_id).after))

    def target(self, full_id: str) -> Target:
        """Return the target of that full id ("8.emerging-share"), or NotFoundError."""
        try:
            return self.targets[full_id]
        except KeyError:
            raise NotFoundError("target-unknown", target=full_id) from None

    @cached_property
    def closes_on(self) -> date:
        """The last day on which a duty is due: the plan's end, or a later one."""
        all_ = (periods(self, o) for m in self.measures for o in m.all_obligations)
        return max([self.ends_on, *(p.due_on for of in all_ for p in of)])

    @cached_property
    def targets(self) -> dict[str, Target]:
        """The targets by their full ids, in the plan's order."""
        return {f"{m.number}.{t.id}": t for m in self.measures for t in m.targets}

    @cached_property
    def agency_ids(self) -> dict[str, str]:
        """The ids of the agencies by all that names them: id, name, aliases."""
        return {text: a.id for a in self.agencies for text in (a.id, a.name, *a.aliases)}

    @cached_property
    def _agencies(self) -> dict[str, Agency]:
        return {a.id: a for a in self.agencies}

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {m.number: m for m in self.measures}

    @cached_property
    def _obligations(self) -> dict[str, Obligation]:
        return {o.id: o for m in self.measures for o in m.all_obligations}


def under(plan: Plan, workdays: Workdays) -> Plan:
    """Return the plan with its working days as a ledger has them, equal to the plan itself."""
    if plan.calendar is workdays:
        return plan
    copy = plan.model_copy()
    copy.__dict__.pop("closes_on", None)
    copy.__dict__[OWN_CALENDAR] = workdays
    return copy
