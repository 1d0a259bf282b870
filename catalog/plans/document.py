"""A plan as `plan show --json` prints it: the contract's shape, agencies by name, ISO dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catalog.plans.contents import Measure, Obligation, Target
    from catalog.plans.model import Plan


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return `plan` in the contract's shape; `office` is the agency the office sits in."""
    office = plan.agency(plan.office)
    return {
        "plan": plan.plan,
        "title": plan.title,
        "issued_on": plan.issued_on.isoformat(),
        "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on.isoformat(),
        "edition": plan.edition,
        "office": plan.agency(office.host or office.id).name,
        "agencies": [
            {"id": a.id, "name": a.name, "aliases": list(a.aliases), "kind": a.kind}
            for a in plan.agencies
        ],
        "measures": [_measure(plan, measure) for measure in plan.measures],
    }


def _measure(plan: Plan, measure: Measure) -> dict[str, Any]:
    return {
        "number": measure.number,
        "chapter": measure.chapter,
        "title": measure.title,
        "lead": plan.agency(measure.lead).name,
        "participants": _names(plan, measure.participants),
        "obligations": [_obligation(plan, o) for o in measure.all_obligations],
        "targets": [_target(target) for target in measure.targets],
    }


def _obligation(plan: Plan, obligation: Obligation) -> dict[str, Any]:
    return {
        "id": obligation.id,
        "kind": obligation.kind,
        "title": obligation.title,
        "says": obligation.says,
        "basis": obligation.basis,
        "recurrence": obligation.recurrence,
        "quota": obligation.quota and obligation.quota.model_dump(),
        "parties": obligation.parties and _names(plan, obligation.parties),
        "due_on": obligation.due_on and obligation.due_on.isoformat(),
        **({"answers": obligation.answers} if obligation.answers else {}),
        **({"agenda": list(obligation.agenda)} if obligation.agenda is not None else {}),
        "opens": str(obligation.opens),
        "due": str(obligation.due),
        "first_part": obligation.first_part,
        "after": list(obligation.after),
        "reason": obligation.reason,
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "indicator": target.indicator,
        "value": target.value,
        "unit": target.unit,
        "by": target.by.isoformat(),
        "baseline": target.baseline and target.baseline.model_dump(mode="json"),
    }


def _names(plan: Plan, agencies: tuple[str, ...]) -> list[str]:
    return [plan.agency(agency).name for agency in agencies]
