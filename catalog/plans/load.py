"""Plans of the catalogue by their code, and plans of any file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from catalog.errors import NotFoundError
from catalog.plans import file as plan_file
from catalog.plans.model import Plan

PLANS = Path(__file__).parent


def plan_names() -> tuple[str, ...]:
    """Return the codes of the plans in the catalogue; a file in `plans/` adds one."""
    return tuple(sorted(path.stem for path in PLANS.glob("*.toml")))


def load_plan(name_or_path: str | Path) -> Plan:
    """Return the plan of that code in the catalogue, or of that file.

    NotFoundError when there is neither, and InvalidError with `place` (file:line) for the
    first fault of the file: a plan is taken whole or not at all.
    """
    return plan_of(plan_file.read(plan_path(name_or_path)))


def plan_of(file: plan_file.PlanFile) -> Plan:
    """Return the plan of a file; InvalidError with `place` for the first fault of it."""
    try:
        return Plan.model_validate(file.fields())
    except ValidationError as error:
        raise file.refusal(error) from error


@lru_cache(maxsize=64)
def plan_in(document: str) -> Plan:
    """Return the plan of a published document, cached; raises ValidationError.

    Every step of a sweep needs it.
    """
    return Plan.model_validate_json(document)


def plan_path(name_or_path: str | Path) -> Path:
    """Return the file of a plan of the catalogue, or the file of that path; else NotFoundError."""
    if name_or_path in plan_names():
        return PLANS / f"{name_or_path}.toml"
    path = Path(name_or_path)
    if not path.is_file():
        raise NotFoundError("plan-unknown", plan=str(name_or_path), known=", ".join(plan_names()))
    return path
