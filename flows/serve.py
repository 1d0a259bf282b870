"""`python -m flows.serve`: which flows run by themselves, and when."""

from __future__ import annotations

import asyncio

from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.flow_runs import arun_deployment
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import TerminationSignal
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows import automations, runs
from flows.deliver import deliver
from flows.next_day import next_day
from flows.stack import SERVING
from flows.sweep import sweep
from ledger.session import Ledger
from ledger.settings import load_settings
from tasks import today
from tasks.editions import in_force

LOOK_EVERY = 30.0  # seconds until a newly published plan has its daily sweep
ONE_BY_ONE = ConcurrencyLimitConfig(limit=1, collision_strategy="ENQUEUE")


def daily_sweep(plan: str, zone: str) -> RunnerDeployment:
    """Return the deployment that sweeps `plan` every day at 08:30 in its zone."""
    return RunnerDeployment.from_flow(
        sweep,
        plan,
        parameters={"plan": plan},
        schedules=[Cron("30 8 * * *", timezone=zone, slug="daily")],
        concurrency_limit=ONE_BY_ONE,
        tags=runs.tags_of(plan),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def delivery() -> RunnerDeployment:
    """Return the deployment that delivers every five minutes."""
    return RunnerDeployment.from_flow(
        deliver,
        "every-5-minutes",
        schedules=[Cron("*/5 * * * *", slug="every-5-minutes")],
        concurrency_limit=ONE_BY_ONE,
        tags=["duban"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def demo_clock() -> RunnerDeployment:
    """Return the deployment that moves a demonstration on, at a person's request."""
    return RunnerDeployment.from_flow(
        next_day,
        "demo",
        concurrency_limit=ONE_BY_ONE,
        tags=["duban"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


class Service:
    """The flows of one ledger, scheduled and run by one Prefect runner."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._runner = Runner(name="duban")
        self._swept: set[str] = set()

    async def run(self) -> None:
        """Schedule everything, say so in the home, and run what is due until told to stop."""
        await asyncio.to_thread(automations.upsert, automations.read())
        await self._runner.aadd_deployment(delivery())
        if today.demo_day(self._ledger) is not None:
            await self._runner.aadd_deployment(demo_clock())
        await self._take_up_plans()
        (self._ledger.settings.home / SERVING).touch()
        await asyncio.gather(self._runner.start(), self._look_for_plans())

    async def _look_for_plans(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self._take_up_plans()

    async def _take_up_plans(self) -> None:
        """Schedule each plan in force that is not yet, and sweep it at once: days may be missed."""
        for plan in today.plans(self._ledger):
            if plan not in self._swept:
                with self._ledger.read() as conn:
                    zone = in_force(conn, plan).plan.zone
                deployment = await self._runner.aadd_deployment(daily_sweep(plan, zone))
                await arun_deployment(deployment, timeout=0, as_subflow=False)
                self._swept.add(plan)


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    with Ledger.open(load_settings()) as ledger:
        try:
            asyncio.run(Service(ledger).run())
        except (KeyboardInterrupt, TerminationSignal):
            return


if __name__ == "__main__":
    main()
