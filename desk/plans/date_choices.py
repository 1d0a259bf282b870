"""Dates that a plan's text leaves open, as the form in which the office decides them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import LONGEST_LINE, typed
from catalog.errors import InvalidError
from catalog.plans.office_dates import Decision, decide, undecided
from catalog.reading.script import language_of
from desk.web import forms
from tasks.clock import typed_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData

    from catalog.errors import DubanError
    from catalog.plans.model import Plan
    from catalog.plans.office_dates import OfficeDate


class Choice(NamedTuple):
    """One date to be decided: the proposal, and its day and reason as the form shows them."""

    proposed: OfficeDate
    day: str
    reason: str

    @property
    def day_field(self) -> str:
        """The name of the field of the day."""
        return f"day-{self.proposed.obligation.id}"

    @property
    def reason_field(self) -> str:
        """The name of the field of the reason."""
        return f"reason-{self.proposed.obligation.id}"


def names(plan: Plan) -> list[str]:
    """Return the fields of the dates of a plan."""
    return [name for each in choices(plan, {}) for name in (each.day_field, each.reason_field)]


def choices(plan: Plan, typed_before: Mapping[str, object]) -> list[Choice]:
    """Return the dates of a plan to be decided, in its order, with what was typed or is proposed.

    The reasons are in the language of the plan, as they become a part of it.
    """
    language = language_of(plan.title + "".join(measure.title for measure in plan.measures))
    offered = [Choice(p, f"{p.due_on}", p.reason(language)) for p in undecided(plan)]
    return [
        choice._replace(
            day=str(typed_before.get(choice.day_field, choice.day)),
            reason=str(typed_before.get(choice.reason_field, choice.reason)),
        )
        for choice in offered
    ]


def as_proposed(plan: Plan) -> Plan:
    """Return the plan with the days proposed, to compare it with the edition in force."""
    return decide(plan, {p.obligation.id: Decision(p.due_on) for p in undecided(plan)})


def refusal(error: DubanError, lang: str, plan: Plan, form: FormData) -> forms.Form:
    """Return the form with its dates as typed, and the error at the field it speaks of."""
    fields = {name: str(form.get(name, "")) for name in names(plan) if name in form}
    place = str(error.values.get("place", ""))
    return forms.refusal(error, lang, {error.key: place if place in fields else ""}, **fields)


def decisions(plan: Plan, form: FormData) -> dict[str, Decision]:
    """Return the decisions of a form, by the full ids of obligations.

    InvalidError names the field of a day that is none, and of a missing reason for the plan's last
    day.
    """
    decided = {}
    for choice in choices(plan, form):
        if choice.day_field in form:
            decided[choice.proposed.obligation.id] = _decision(plan, choice)
    return decided


def _decision(plan: Plan, choice: Choice) -> Decision:
    try:
        day = typed_day(choice.day.strip())
    except ValueError:
        raise InvalidError("draft-field", place=choice.day_field, text=choice.day) from None
    reason = typed(choice.reason, choice.reason_field, LONGEST_LINE).strip()
    if day == plan.ends_on and not reason:
        raise InvalidError("plan-date-reason", place=choice.reason_field)
    return Decision(day, reason[:300] or None)
