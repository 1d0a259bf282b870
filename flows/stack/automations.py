"""`python -m flows.stack.automations [FILE]`: what Prefect must notice by itself, set by name."""

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
    found = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["automations"]
    return [AutomationCore.model_validate(one) for one in found]


def upsert(automations: Iterable[AutomationCore]) -> None:
    """Make each automation what it is here; run twice it makes no second ones."""
    with get_client(sync_client=True) as client:
        for automation in automations:
            held = client.read_automations_by_name(automation.name)
            if held:
                client.update_automation(held[0].id, automation)
            else:
                client.create_automation(automation)


if __name__ == "__main__":
    upsert(read(*map(Path, sys.argv[1:])))
