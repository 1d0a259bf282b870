"""`python -m flows.stack.automations [FILE]`: register Prefect's automations by name.

Their actions name a deployment of ours as `deployment: FLOW/NAME`, which must exist.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect.client.orchestration import get_client
from prefect.events.schemas.automations import AutomationCore
from prefect.exceptions import ObjectNotFound
from ruamel.yaml import YAML

from catalog.errors import DubanError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from prefect.client.orchestration import SyncPrefectClient

FILE = Path(__file__).parents[2] / "deploy" / "automations.yaml"


def read(id_of: Callable[[str], UUID], file: Path = FILE) -> list[AutomationCore]:
    """Return the automations of `file`, checked by Prefect's own schema.

    `id_of` gives the id of a deployment by its full name.
    """
    automations = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["automations"]
    for automation in automations:
        automation["actions"] = [_identified(action, id_of) for action in automation["actions"]]
    return [AutomationCore.model_validate(automation) for automation in automations]


def _identified(action: dict[str, Any], id_of: Callable[[str], UUID]) -> dict[str, Any]:
    """Return `action` with the id of its deployment in place of the name."""
    if "deployment" not in action:
        return action
    rest = {name: value for name, value in action.items() if name != "deployment"}
    return {**rest, "deployment_id": id_of(action["deployment"])}


def upsert(file: Path = FILE) -> None:
    """Create or update each automation by its name; safe to run twice.

    Raises NotFoundError for an action whose deployment is not there.
    """
    with get_client(sync_client=True) as client:
        for automation in read(lambda name: _deployment_id(client, name), file):
            existing = client.read_automations_by_name(automation.name)
            if existing:
                client.update_automation(existing[0].id, automation)
            else:
                client.create_automation(automation)


def _deployment_id(client: SyncPrefectClient, name: str) -> UUID:
    try:
        return client.read_deployment_by_name(name).id
    except ObjectNotFound as error:
        raise NotFoundError("deployment-unknown", name=name) from error


if __name__ == "__main__":
    try:
        upsert(*map(Path, sys.argv[1:]))
    except DubanError as error:
        sys.exit(f"duban: {error}")
