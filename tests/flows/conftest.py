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
from tests.tasks.post.sink import Sink

if TYPE_CHECKING:
    from collections.abc import Iterator


OPERATOR = "operator@office.example"


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """The mail server of the stack."""
    with Sink() as sink:
        yield sink


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("stack") / "home"
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        plan = load_plan(PLAN)
        play.begin(ledger, plan)
        sweep(ledger, Tick(PLAN, SEEDED, sweep_instant(plan.zone, SEEDED)))
    for name in ("new", "cur", "tmp"):
        (home.parent / "bounces" / name).mkdir(parents=True)
    bounces = f"maildir:{home.parent}/bounces"
    running = start(home, DUBAN_MAIL_URL=sink.url, DUBAN_ALARM_TO=OPERATOR, DUBAN_BOUNCES=bounces)
    yield running
    end(running)
