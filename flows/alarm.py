"""Alarm flow: one short letter to those who run the installation; automations start it."""

from __future__ import annotations

from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.tasks import exponential_backoff
from pydantic import Field

from ledger.settings import main_settings
from tasks.clock import now_utc
from tasks.letters.letter_format import Letter
from tasks.post import alarms
from tasks.post.alarms import Alarm, Kind
from tasks.post.channels.channel import TryAgainError
from tasks.post.lines import Lines

DEPLOYMENT = "operator"
TIMEOUT = 30 * 60  # seconds: four tries of each of a few letters end before it by themselves
Number = Annotated[int, Field(ge=0, le=1_000_000_000)]
Source = Annotated[str, Field(pattern=r"^[a-z0-9-]{0,40}$")]  # an office's id or a flow's name


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    return isinstance(state.result(raise_on_failure=False), TryAgainError)


@task(
    name="letter",
    task_run_name="{channel}",
    cache_policy=NO_CACHE,
    retries=3,
    retry_delay_seconds=exponential_backoff(backoff_factor=10),
    retry_jitter_factor=0.5,
    retry_condition_fn=_may_pass,
)
def send(channel: str, letter: Letter) -> None:
    """Send `letter` by the channel of that name, within the time of any letter."""
    with Lines(main_settings(), now_utc) as lines:
        lines.send(channel, letter)


def _run_name() -> str:
    parameters = flow_run.parameters
    return f"{parameters['kind']} {parameters.get('source', '')}".strip()


@flow(name="alarm", flow_run_name=_run_name, timeout_seconds=TIMEOUT)
def alarm(kind: Kind, source: Source = "", number: Number = 1, about: tuple[str, ...] = ()) -> int:
    """Tell the addresses of DUBAN_ALARM_TO about `kind`; return how many letters left.

    At most one letter a kind, source and day. It asks no ledger and writes none: one that was
    tampered with, or that takes no write, is told like anything else.
    """
    settings, at, log = main_settings(), now_utc(), get_run_logger()
    note = Alarm(kind, source, number, about)
    if reason := alarms.silence(settings, note, at.date()):
        log.warning(reason)
        return 0
    letters = alarms.letters(settings, note, at)
    outcomes = [send(channel, letter, return_state=True) for channel, letter in letters]
    if any(outcome.is_completed() for outcome in outcomes):
        try:
            alarms.note_sent(settings, note, at.date())
        except OSError as error:  # a full disk is no reason to keep silent
            log.warning("the next alarm of this kind will be sent as well: %s", error)
    for outcome in outcomes:
        outcome.result()  # raises what kept a letter here, once the others have left
    return len(outcomes)
