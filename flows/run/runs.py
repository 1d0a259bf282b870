"""Names, tags, tables and retries of runs in Prefect.

Operators read these; the facts are in the ledger.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from httpx import HTTPError
from prefect import task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.tasks import exponential_backoff

from catalog.errors import DubanError
from ledger.proof.chain import head

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from prefect import Flow
    from prefect.client.schemas.objects import State, TaskRun
    from prefect.tasks import Task

    from ledger.session import Ledger
    from tasks.sweep.steps import Step
    from tasks.tick import Counts, Tick

COLUMNS = ("opened", "reminded", "escalated", "coalesced", "sent", "dead", "waiting", "wrong")


def named(jurisdiction: str, name: str) -> str:
    """Return `name` with the jurisdiction in front; the main jurisdiction has no prefix."""
    return f"{jurisdiction}.{name}" if jurisdiction else name


def entry_point(flow: Flow[..., Any]) -> str:
    """Return the address of a flow of this code, by which a process imports it."""
    return f"{flow.fn.__module__}.{flow.fn.__name__}"


def name_of_run() -> str:
    """Return the name of a run with a `plan` and an `on`: plan, day, and a shard's number."""
    parameters = flow_run.parameters
    words = (parameters["plan"], parameters["on"], parameters.get("number", ""))
    return named(parameters.get("jurisdiction", ""), " ".join(map(str, words)).strip())


def tags_of(jurisdiction: str, plan: str = "") -> list[str]:
    """Return the tags of a run in `jurisdiction`, and of `plan` if it has one."""
    labels = {"jurisdiction": jurisdiction, "plan": plan}
    return ["duban", *(f"{name}:{value}" for name, value in labels.items() if value)]


def worth_another_try(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Tell whether a retry may succeed: after a busy ledger it may, after wrong data never."""
    error = state.result(raise_on_failure=False)
    return not isinstance(error, DubanError) or error.key in {"ledger-busy", "ledger-lost"}


def as_task(step: Step) -> Task[[Ledger, Tick], Counts]:
    """Return the Prefect task that is one step of a sweep."""
    return task(
        name=step.__name__,
        task_run_name=f"{step.__name__} {{tick.plan}} {{tick.on}}",
        cache_policy=NO_CACHE,
        retries=2,
        retry_delay_seconds=exponential_backoff(backoff_factor=10),
        retry_jitter_factor=0.5,
        retry_condition_fn=worth_another_try,
    )(step)


def artifact_key(jurisdiction: str, name: str) -> str:
    """Return the key of an artifact: small letters, digits and single dashes, as Prefect wants.

    Two dashes end the id of a jurisdiction.
    """
    key = re.sub(r"[^a-z0-9]+", "-", name.lower())
    return f"{jurisdiction}--{key}" if jurisdiction else key


@contextmanager
def showing(name: str) -> Iterator[None]:
    """Log that Prefect takes no sheet of `name`, which changes nothing of what was done."""
    try:
        yield
    except HTTPError as error:
        get_run_logger().warning("no sheet of %s: %s", name, error)


def show_totals(jurisdiction: str, name: str, day: dt.date, totals: Counts) -> None:
    """Store the table of this run under the key of `name`."""
    key = artifact_key(jurisdiction, name)
    row = {"day": day.isoformat(), **{name: totals[name] for name in COLUMNS}}
    with showing(name):
        create_table_artifact(key=key, table=[row], description=f"{key}, {day}")


def entries_so_far(ledger: Ledger) -> int:
    """Return how many entries the history has, for the events of what comes after them."""
    with ledger.read() as conn:
        return head(conn).entries
