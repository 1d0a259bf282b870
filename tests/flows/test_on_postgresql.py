"""The whole stack on a ledger that lies on PostgreSQL: started, swept, and told so by Prefect."""

from __future__ import annotations

import pytest

from catalog.plans.load import load_plan
from flows.stack.server import is_healthy
from ledger.plans import editions
from ledger.proof.ledger_verification import verify_ledger
from tasks.demo import play
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.flows.running import PATIENCE, PLAN, SEEDED, end, eventually, start

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(2 * PATIENCE)]


@pytest.fixture
def running(postgresql, tmp_path, monkeypatch):
    home = tmp_path / "home"
    for name, value in postgresql.environ(home).items():
        monkeypatch.setenv(name, value)
    with postgresql.open(home) as ledger:
        plan = load_plan(PLAN)
        play.begin(ledger, plan)
        sweep(ledger, Tick(PLAN, SEEDED, sweep_instant(plan.zone, SEEDED)))
    stack = start(home)
    yield stack
    end(stack)


def test_the_stack_sweeps_a_ledger_on_postgresql_and_its_desk_answers(running, postgresql):
    assert is_healthy(running.desk, "/health")
    assert running.run(PLAN)["state_type"] == "COMPLETED"
    eventually(lambda: len(running.finished(PLAN)) > 1)

    with postgresql.open(running.home) as ledger, ledger.read() as conn:
        assert conn.dialect.name == "postgresql"
        assert editions.all_in_force(conn)[0].swept_through >= SEEDED
        assert verify_ledger(conn).ok
    assert not (running.home / "duban.db").exists()
