"""One stack on a demonstration of the real plan, for every test that only looks at Prefect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalog.plans.load import load_plan
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.demo import play
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.flows.running import PLAN, SEEDED, Stack, end, start

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("stack") / "home"
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        plan = load_plan(PLAN)
        play.begin(ledger, plan)
        sweep(ledger, Tick(PLAN, SEEDED, sweep_instant(plan.zone, SEEDED)))
    running = start(home)
    yield running
    end(running)
