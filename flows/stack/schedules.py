"""`python -m flows.stack.schedules`: schedule the flows of every jurisdiction and run them."""

from __future__ import annotations

import asyncio
import copyreg
import logging
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.flow_runs import arun_deployment
from prefect.exceptions import TerminationSignal
from prefect.runner import Runner
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.importtools import import_object

from catalog.errors import DubanError
from flows.run import runs
from flows.run.jurisdiction import ledger_of
from flows.stack import automations, deployments
from flows.stack.secret import require_client
from flows.stack.tree import SERVING
from flows.sweep import sweep
from ledger.offices.installation import load_settings
from ledger.offices.jurisdictions import listed
from ledger.session import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from uuid import UUID

    from flows.stack.deployments import Deployment, State
    from ledger.settings import Settings

LOG = logging.getLogger(__name__)
LOOK_EVERY = 30.0  # seconds until a new plan or jurisdiction has its schedules


class Scheduled(NamedTuple):
    """A deployment that Prefect has: its id there, and what it was told."""

    id: UUID
    content: tuple[Any, ...]


class Service:
    """The flows of every jurisdiction, scheduled and run by one Prefect runner."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runner = Runner(name="duban")
        self._scheduled: dict[str, Scheduled] = {}
        self._state_of_plans: dict[str, list[State]] = {}

    async def run(self) -> None:
        """Schedule everything, mark the home as served, and run what is due until stopped."""
        await self._register(deployments.operator_alarm())  # automations name it
        await asyncio.to_thread(automations.upsert)
        await self._take_up("")
        await self._each(self._take_up)
        (self._settings.installation / SERVING).touch()
        await asyncio.gather(self._runner.start(), self._look_again())

    async def _look_again(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Schedule what is new in any jurisdiction."""
        await self._each(self._take_up)
        await self._each(self.take_up_obligations)

    async def _each(self, take_up: Callable[[str], Awaitable[None]]) -> None:
        """Take up every jurisdiction; whatever stops one is logged, and it is tried again.

        An unreadable ledger stops no other, nor does a busy Prefect stop the runs under way and
        the pages, which end when this process ends.
        """
        try:
            jurisdictions = listed(self._settings)
        except UNREADABLE:
            LOG.exception("the jurisdictions cannot be read")
            return
        for jurisdiction in jurisdictions:
            try:
                await take_up(jurisdiction.id)
            except Exception:
                LOG.exception("jurisdiction %s has no new schedules", jurisdiction.id or "main")

    async def _take_up(self, jurisdiction: str) -> None:
        """Schedule the new deployments; sweep a new plan at once, as days may have been missed."""
        with ledger_of(jurisdiction) as ledger:
            current = list(deployments.of_ledger(ledger))
        for deployment in current:
            deployment_id = await self._register(deployment)
            if deployment_id and deployment.flow is sweep:
                await arun_deployment(deployment_id, timeout=0, as_subflow=False)

    async def take_up_obligations(self, jurisdiction: str) -> None:
        """Schedule the recurring obligations anew where an edition or the day has changed."""
        with ledger_of(jurisdiction) as ledger:
            states = deployments.states(ledger)
            if self._state_of_plans.get(jurisdiction) == states:
                return
            current = [each for s in states for each in deployments.of_obligations(ledger, s)]
        for deployment in current:
            await self._register(deployment)
        await self._delete_others(jurisdiction, [each.full_name for each in current])
        self._state_of_plans[jurisdiction] = states

    async def _register(self, deployment: Deployment) -> UUID | None:
        """Register a deployment whose further runs wait; return its id.

        One registered as it is needs nothing (None).

        `aadd_flow` makes the runner execute this very flow. A deployment added in any other way
        is loaded from the entry point that the API tells, which others may have changed.
        """
        scheduled = self._scheduled.get(deployment.full_name)
        if scheduled and scheduled.content == deployment.content:
            return None
        deployment_id = await self._runner.aadd_flow(
            deployment.flow,
            deployment.name,
            parameters=deployment.parameters,
            schedules=deployment.schedules,
            concurrency_limit=ConcurrencyLimitConfig(
                limit=deployment.at_once, collision_strategy="ENQUEUE"
            ),
            tags=deployment.tags,
            description=deployment.description,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        self._scheduled[deployment.full_name] = Scheduled(deployment_id, deployment.content)
        return deployment_id

    async def _delete_others(self, jurisdiction: str, current: Iterable[str]) -> None:
        """Delete the deployments of obligations that ended, were withdrawn or changed their kind.

        One that comes back later is registered anew.
        """
        ids = {self._scheduled[name].id for name in current}
        courses = DeploymentFilter(tags=DeploymentFilterTags(all_=[deployments.COURSE]))
        async with get_client() as client:
            offset = 0
            while page := await client.read_deployments(deployment_filter=courses, offset=offset):
                offset += len(page)
                for old in page:
                    of = old.parameters.get("jurisdiction", "")
                    if of == jurisdiction and old.id not in ids:
                        await client.delete_deployment(old.id)
                        self._forget(old.id)
                        offset -= 1

    def _forget(self, deployment_id: UUID) -> None:
        others = {name: each for name, each in self._scheduled.items() if each.id != deployment_id}
        self._scheduled = others


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
