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
    document = renamed(plan.model_dump(mode="json"), ids)
    for agency in document["agencies"]:
        agency["id"] = ids.get(agency["id"], agency["id"])
    return Plan.model_validate_json(json.dumps(document))


def renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """Return a plan's document, or a part of it, with other ids for agencies where it names them.

    The rows of the agencies keep theirs.
    """
    if isinstance(value, list):
        return [renamed(each, ids) for each in value]
    if not isinstance(value, dict):
        return value
    new = {key: renamed(each, ids) for key, each in value.items()}
    for key in _ONE:
        if isinstance(new.get(key), str):
            new[key] = ids.get(new[key], new[key])
    for key in _SEVERAL:
        if isinstance(new.get(key), list):
            new[key] = [ids.get(each, each) for each in new[key]]
    return new
