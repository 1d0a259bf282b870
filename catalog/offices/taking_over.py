"""Editions of a plan that take over duties handed down by another office."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from catalog.errors import ConflictError, InvalidError
from catalog.plans.model import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from catalog.offices.bundle import BundledDuty, HandDown

CHAPTER = "上級交辦"
CARRIED = (
    "meeting",
    "event",
    "report",
    "deliverable",
    "milestone",
)  # kinds that need no other part of a plan
LONGEST = 300  # characters of a line of a plan
_ID = re.compile(r"(?=.{1,50}$)[a-z0-9]+(?:-[a-z0-9]+)*")


def next_number(plan: Plan) -> str:
    """Return the number that a further measure of `plan` has."""
    return str(1 + max((int(m.number) for m in plan.measures if m.number.isdigit()), default=0))


def next_edition(
    plan: Plan, bundle: HandDown, *, keys: Sequence[str], lead: str, title: str, on: date
) -> Plan:
    """Return the next edition of `plan`, with the duties `keys` of `bundle` as obligations.

    They form a new measure led by agency `lead`, each due no later than the duty it answers; one
    that the plan answers already keeps its place and takes the new terms. NotFoundError for
    an agency the plan does not have, ConflictError for a duty that was due before the day `on`,
    or opens when the plan is over, InvalidError for a title that is no line.
    """
    plan.agency(lead)
    tables: dict[str, Any] = json.loads(plan.model_dump_json())
    answering = {
        o["answers"]: o for m in tables["measures"] for o in m["obligations"] if "answers" in o
    }
    new = []
    for duty in (each for each in bundle.duties if each.key in keys):
        terms = _terms(plan, duty, on)
        if duty.key in answering:
            answering[duty.key].update(terms)
        else:
            new.append((duty, terms))
    if new:
        head = {"lead": lead, "title": title or new[0][0].measure}
        tables["measures"].append(_measure(plan, bundle, new, head))
    tables["edition"] += 1
    try:
        return Plan.model_validate_json(json.dumps(tables))
    except ValidationError as error:
        problem = error.errors()[0]["msg"]
        raise InvalidError("take-unfit", place=plan.plan, problem=problem) from None


def _measure(
    plan: Plan,
    bundle: HandDown,
    duties: Sequence[tuple[BundledDuty, Mapping[str, Any]]],
    head: Mapping[str, str],
) -> dict[str, Any]:
    number, names, obligations = next_number(plan), set[str](), []
    for duty, terms in duties:
        name = _name(duty, names)
        names.add(name)
        obligations.append({"id": f"{number}.{name}", "answers": duty.key, **terms})
    source = " ".join(filter(None, (bundle.plan.title, bundle.plan.number)))
    return {
        "number": number,
        "chapter": CHAPTER,
        "section": source[:LONGEST],
        **head,
        "obligations": obligations,
    }


def _terms(plan: Plan, duty: BundledDuty, on: date) -> dict[str, Any]:
    """Return the fields of an obligation for the duty, with dates within the term of `plan`."""
    if duty.opens_on > plan.ends_on or on > plan.ends_on:
        raise ConflictError("take-outside", key=duty.key, plan=plan.plan, ends_on=plan.ends_on)
    if duty.due_on < max(on, plan.issued_on, plan.starts_on):
        raise ConflictError("take-late", key=duty.key, due_on=duty.due_on)
    quota = {"min": duty.quota_min, "max": duty.quota_max} if duty.quota_min else None
    return {
        "kind": duty.kind if duty.kind in CARRIED else "report",
        "title": duty.title,
        "says": duty.says,
        "basis": duty.basis,
        "opens_on": f"{max(duty.opens_on, plan.issued_on, plan.starts_on)}",
        "due_on": f"{min(duty.due_on, plan.ends_on)}",
        "quota": quota,
    }


def _name(duty: BundledDuty, others: set[str]) -> str:
    """Return a name for the obligation: that of the duty it answers, numbered if need be."""
    ids = duty.key.split("/")[1:2]
    name = ids[0].rpartition(".")[2] if ids else ""
    name = name if _ID.fullmatch(name) else "duty"
    numbered = (f"{name}-{n}" for n in range(2, len(others) + 3))
    return name if name not in others else next(n for n in numbered if n not in others)
