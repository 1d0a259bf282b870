"""`python -m flows.stack.schedules`: schedule the flows of every jurisdiction and run them."""

from __future__ import annotations

import asyncio
import copyreg
import logging
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.flow_runs import arun_deployment
from prefect.exceptions import TerminationSignal
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.importtools import import_object

from catalog.errors import DubanError
from flows import alarm
from flows.deliver import deliver
from flows.demo_day import next_day
from flows.run import runs
from flows.run.jurisdiction import ledger_of
from flows.stack import automations
from flows.stack.secret import require_client
from flows.stack.tree import SERVING
from flows.sweep import sweep
from ledger.offices.installation import load_settings
from ledger.offices.jurisdictions import listed
from ledger.session import UNREADABLE
from tasks import today
from tasks.in_force import in_force
from tasks.sweep_time import SWEEP_AT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from prefect.schedules import Schedule

    from ledger.session import Ledger
    from ledger.settings import Settings

LOG = logging.getLogger(__name__)
LOOK_EVERY = 30.0  # seconds until a new plan or jurisdiction has its schedules
ALARMS = 8  # at once: none waits for a mail server that takes another's time


class Deployment(NamedTuple):
    """A flow of ours with a name, parameters, tags and schedules; so many runs `at_once`."""

    flow: Flow[..., Any]
    name: str
    parameters: dict[str, str]
    tags: list[str]
    schedules: list[Schedule]
    at_once: int = 1

    @property
    def full_name(self) -> str:
        """The names of its flow and of itself, as Prefect writes them."""
        return f"{self.flow.name}/{self.name}"


def daily_sweep(plan: str, zone: str, jurisdiction: str = "") -> Deployment:
    """Return the deployment that sweeps `plan` every day at SWEEP_AT in its zone."""
    daily = Cron(f"{SWEEP_AT.minute} {SWEEP_AT.hour} * * *", timezone=zone, slug="daily")
    return _deployment(sweep, plan, jurisdiction, {"plan": plan}, daily)


def delivery(jurisdiction: str = "") -> Deployment:
    """Return the deployment that delivers every five minutes."""
    often = Cron("*/5 * * * *", slug="every-5-minutes")
    return _deployment(deliver, "every-5-minutes", jurisdiction, {}, often)


def demo_clock(jurisdiction: str = "") -> Deployment:
    """Return the deployment that moves a demonstration on when a person asks for it."""
    return _deployment(next_day, "demo", jurisdiction, {})


def operator_alarm() -> Deployment:
    """Return the installation's one deployment that automations start to tell a person."""
    return _deployment(alarm.alarm, alarm.DEPLOYMENT, "", {})._replace(at_once=ALARMS)


def _deployment(
    flow: Flow[..., Any],
    name: str,
    jurisdiction: str,
    parameters: dict[str, str],
    *schedules: Schedule,
) -> Deployment:
    """Return the deployment of a flow in one jurisdiction."""
    return Deployment(
        flow,
        runs.named(jurisdiction, name),
        parameters | ({"jurisdiction": jurisdiction} if jurisdiction else {}),
        runs.tags_of(jurisdiction, **parameters),
        list(schedules),
    )


class Service:
    """The flows of every jurisdiction, scheduled and run by one Prefect runner."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runner = Runner(name="duban")
        self._scheduled: set[str] = set()

    async def run(self) -> None:
        """Schedule everything, mark the home as served, and run what is due until stopped."""
        await self._register(operator_alarm())  # automations name it
        await asyncio.to_thread(automations.upsert)
        await self._take_up("")
        await self._take_up_each()
        (self._settings.installation / SERVING).touch()
        await asyncio.gather(self._runner.start(), self._look())

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self._take_up_each()

    async def _take_up_each(self) -> None:
        """Schedule every jurisdiction; an unreadable one is tried again and stops no other."""
        for jurisdiction in listed(self._settings):
            await self._try_to_take_up(jurisdiction.id)

    async def _try_to_take_up(self, jurisdiction: str) -> None:
        try:
            await self._take_up(jurisdiction)
        except UNREADABLE:
            LOG.exception("jurisdiction %s cannot be read", jurisdiction or "main")

    async def _take_up(self, jurisdiction: str) -> None:
        """Schedule the new deployments; sweep a new plan at once, as days may have been missed."""
        with ledger_of(jurisdiction) as ledger:
            deployments = list(_wanted(ledger))
        for deployment in deployments:
            if deployment.full_name not in self._scheduled:
                deployment_id = await self._register(deployment)
                if deployment.flow is sweep:
                    await arun_deployment(deployment_id, timeout=0, as_subflow=False)
                self._scheduled.add(deployment.full_name)

    async def _register(self, deployment: Deployment) -> UUID:
        """Register a deployment whose further runs wait; return its id.

        `aadd_flow` makes the runner execute this very flow. A deployment added in any other way
        is loaded from the entry point that the API tells, which others may have changed.
        """
        return await self._runner.aadd_flow(
            deployment.flow,
            deployment.name,
            parameters=deployment.parameters,
            schedules=deployment.schedules,
            concurrency_limit=ConcurrencyLimitConfig(
                limit=deployment.at_once, collision_strategy="ENQUEUE"
            ),
            tags=deployment.tags,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )


def _wanted(ledger: Ledger) -> Iterator[Deployment]:
    """Yield the deployments of one ledger."""
    jurisdiction = ledger.settings.jurisdiction
    yield delivery(jurisdiction)
    if today.demo_day(ledger) is not None:
        yield demo_clock(jurisdiction)
    for plan in today.plans(ledger):
        with ledger.read() as conn:
            zone = in_force(conn, plan).plan.zone
        yield daily_sweep(plan, zone, jurisdiction)


def _by_name(flow: Flow[..., Any]) -> tuple[Callable[[str], Any], tuple[str]]:
    """Have a run import its flow; a copy sent to it would lack the types of its parameters."""
    return import_object, (runs.entry_point(flow),)


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    copyreg.pickle(Flow, _by_name)
    try:
        require_client()
        asyncio.run(Service(load_settings()).run())
    except (KeyboardInterrupt, TerminationSignal):
        return
    except DubanError as error:
        sys.exit(f"duban: {error}")


if __name__ == "__main__":
    main()
