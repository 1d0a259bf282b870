"""A plan with the ids that a register has for its agencies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from catalog.plans.model import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping

_ONE = ("host", "office", "lead", "party")  # fields that hold the id of an agency
_SEVERAL = ("members", "participants", "parties")


def with_ids(plan: Plan, ids: Mapping[str, str]) -> Plan:
    """Return the plan with other ids for some of its agencies, wherever it names them."""
    if not ids:
        return plan
    document = _renamed(plan.model_dump(mode="json"), ids)
    for agency in document["agencies"]:
        agency["id"] = ids.get(agency["id"], agency["id"])
    return Plan.model_validate_json(json.dumps(document))


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(each, ids) for each in value]
    if not isinstance(value, dict):
        return value
    new = {key: _renamed(each, ids) for key, each in value.items()}
    for key in _ONE:
        if isinstance(new.get(key), str):
            new[key] = ids.get(new[key], new[key])
    for key in _SEVERAL:
        if isinstance(new.get(key), list):
            new[key] = [ids.get(each, each) for each in new[key]]
    return new
