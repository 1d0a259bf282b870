"""`python -m flows.stack.automations [FILE]`: register Prefect's automations by name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from prefect.client.orchestration import get_client
from prefect.events.schemas.automations import AutomationCore
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = Path(__file__).parents[2] / "deploy" / "automations.yaml"


def read(file: Path = FILE) -> list[AutomationCore]:
    """Return the automations of `file`, checked by Prefect's own schema."""
    automations = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["automations"]
    return [AutomationCore.model_validate(one) for one in automations]


def upsert(automations: Iterable[AutomationCore]) -> None:
    """Create or update each automation by its name; safe to run twice."""
    with get_client(sync_client=True) as client:
        for automation in automations:
            existing = client.read_automations_by_name(automation.name)
            if existing:
                client.update_automation(existing[0].id, automation)
            else:
                client.create_automation(automation)


if __name__ == "__main__":
    upsert(read(*map(Path, sys.argv[1:])))
