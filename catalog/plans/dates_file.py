"""Days decided by the office, written into the text of a plan's file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from catalog.errors import InvalidError
from catalog.plans import file as plan_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog.plans.file import PlanFile
    from catalog.plans.office_dates import Decision
    from catalog.plans.rules import At


def write_days(source: str, name: str, decisions: Mapping[str, Decision]) -> str:
    """Return the text of a plan's file with the days decided, by the full ids of obligations.

    All else stays as it is, comments too. InvalidError if an obligation is not written as a table
    of its own.
    """
    file = plan_file.parse(source.encode(), name)
    lines = source.split("\n")
    edits = [
        edit
        for at, obligation, full_id in _obligations(file)
        if full_id in decisions
        for edit in _edits(file, at, obligation, decisions[full_id])
    ]
    for number, replaces, line in sorted(edits, reverse=True):
        lines[number - 1 if replaces else number : number] = [line]
    return "\n".join(lines)


def _obligations(file: PlanFile) -> Iterator[tuple[At, Mapping[str, Any], str]]:
    for m, measure in enumerate(file.tables.get("measure", ())):
        for n, obligation in enumerate(measure.get("obligation", ())):
            full_id = f"{measure.get('number')}.{obligation.get('id')}"
            yield ("measure", m, "obligation", n), obligation, full_id


def _edits(
    file: PlanFile, at: At, obligation: Mapping[str, Any], decision: Decision
) -> Iterator[tuple[int, bool, str]]:
    """Yield the line of each field to be replaced, or after which it is written anew."""
    if (*at, "id") not in file.lines:
        raise InvalidError("plan-dates-inline", place=file.name, id=obligation.get("id"))
    last = max(file.lines[*at, key] for key in obligation if (*at, key) in file.lines)
    fields = {"due_on": f"{decision.due_on}"}
    if decision.reason:
        fields["reason"] = json.dumps(decision.reason, ensure_ascii=False)
    for key, value in fields.items():
        there = file.lines.get((*at, key))
        yield there or last, there is not None, f"{key} = {value}"
