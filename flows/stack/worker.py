"""`python -m flows.stack.worker --pool POOL`: a process worker that runs the flows of this code."""

from __future__ import annotations

import runpy
import sys
from typing import TYPE_CHECKING, Any

import anyio
from prefect.runner._flow_run_executor import FlowRunExecutorContext
from prefect.runner._starter_engine import EngineCommandStarter
from prefect.workers.process import ProcessWorker, ProcessWorkerResult

from catalog.errors import DubanError
from flows.alarm import alarm
from flows.deliver import deliver
from flows.demo_day import next_day
from flows.run import runs
from flows.shard import shard
from flows.stack.secret import require_client
from flows.sweep import COURSES, sweep

if TYPE_CHECKING:
    from anyio.abc import TaskStatus
    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun
    from prefect.runner._process_manager import ProcessHandle
    from prefect.workers.process import ProcessJobConfiguration

OURS: tuple[Flow[..., Any], ...] = (alarm, deliver, next_day, shard, sweep, *COURSES.values())
FLOWS = {flow.name: flow for flow in OURS}


class FlowsWorker(ProcessWorker):
    """Runs the flow of this code that is named as the run's flow, and refuses any other.

    The API's entry points, pull steps, commands and environments are not used: others may have
    changed them.
    """

    type = "duban"
    _display_name = "duban"
    _description = "Runs the flows of duban, and no others, as processes."

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """Run `flow_run` in a process to its end; RuntimeError if its flow is not of this code."""
        del configuration
        flow = await self._flow(flow_run)
        status = task_status or anyio.TASK_STATUS_IGNORED
        async with FlowRunExecutorContext() as context:
            executor = context.create_executor(
                flow_run,
                EngineCommandStarter(
                    entrypoint=runs.entry_point(flow), control_channel=context.control_channel
                ),
                resolve_flow=self._flow,
                propose_submitting=False,
            )
            result = await executor.submit(_Pid(status))
        if result is None or result.status_code is None:
            raise RuntimeError(f"the process of the run {flow_run.id} did not start")
        return ProcessWorkerResult(
            status_code=result.status_code, identifier=str(result.handle.pid)
        )

    async def _flow(self, flow_run: FlowRun) -> Flow[..., Any]:
        name = (await self.client.read_flow(flow_run.flow_id)).name
        if name not in FLOWS:
            raise RuntimeError(f"there is no flow {name} in this code")
        return FLOWS[name]


class _Pid:
    """Passes on the number of a process that has started."""

    def __init__(self, status: TaskStatus[int]) -> None:
        self._status = status

    def started(self, value: ProcessHandle | None = None) -> None:
        if value is not None and value.pid is not None:
            self._status.started(value.pid)


def main() -> None:
    """Start a worker in this process, unless Prefect's secret protects nothing."""
    try:
        require_client()
    except DubanError as error:
        sys.exit(f"duban: {error}")
    sys.argv[1:1] = ["worker", "start", "--type", FlowsWorker.type]
    runpy.run_module("prefect", run_name="__main__")


if __name__ == "__main__":
    main()
