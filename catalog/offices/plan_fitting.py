"""A plan fitted to an office: its office is this one, its agencies those registered here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from catalog.offices.agency_ids import renamed
from catalog.plans.model import Plan
from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.plans.contents import Agency


def fitted(plan: Plan, office: Agency, registered: Sequence[Agency] = ()) -> Plan:
    """Return `plan` coordinated by `office`, with the ids that agencies have where registered.

    A plan of the catalogue, or one written elsewhere, names another office and gives agencies ids
    that may be taken here. An agency is the registered one that has one of its names, in either
    script. What the plan's own office leads, `office` leads.
    """
    ids = _ids(plan, office, registered)
    if all(old == new for old, new in ids.items()) and plan.agency(plan.office) == office:
        return plan
    document = renamed(plan.model_dump(mode="json"), ids)
    for measure in document["measures"]:
        _each_once(measure, "participants", but=measure["lead"])
        for part in (*measure["obligations"], *measure["targets"]):
            _each_once(part, "parties")
    document["agencies"] = _agencies(document["agencies"], office, ids)
    return Plan.model_validate_json(json.dumps(document))


def _ids(plan: Plan, office: Agency, registered: Sequence[Agency]) -> dict[str, str]:
    """Return the id here of each agency of the plan."""
    known = {name: a.id for a in (office, *registered) for name in _names(a)}
    occupied = {office.id, *(a.id for a in registered)}
    ids = {plan.office: office.id}
    for agency in plan.agencies:
        if agency.id not in ids:
            here = next((known[name] for name in _names(agency) if name in known), "")
            ids[agency.id] = here or _free(agency.id, occupied)
            occupied.add(ids[agency.id])
    return ids


def _agencies(
    rows: Sequence[dict[str, Any]], office: Agency, ids: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the agencies under their new ids, each once; the office is as it is here."""
    own = office.model_dump(mode="json")
    agencies = {office.id: own}
    for row in rows:
        here = ids[row["id"]]
        if here == office.id:
            own["host"] = own["host"] or (row["host"] if row["host"] != office.id else None)
        agencies.setdefault(here, row | {"id": here})
    return list(agencies.values())


def _each_once(fields: dict[str, Any], name: str, *, but: str = "") -> None:
    if fields.get(name):
        fields[name] = [each for each in dict.fromkeys(fields[name]) if each != but]


def _names(agency: Agency) -> list[str]:
    return [fold(name) for name in (agency.name, *agency.aliases)]


def _free(wish: str, occupied: set[str]) -> str:
    """Return the id, or with a number behind it where another agency has it here."""
    number, free = 2, wish
    while free in occupied:
        free, number = f"{wish[:56]}-{number}", number + 1
    return free
