"""Runs end by themselves before Prefect ends them, and leave nothing claimed."""

from __future__ import annotations

from flows import deliver, shard, sweep
from flows.stack.server import is_healthy
from tasks.offices.exchanging import EXCHANGE
from tasks.post import lines
from tasks.post.deliver import ROUND
from tasks.tick import SWEEP
from tests.trickling import HEADERS, Trickler

CHANNELS = 5
STATEMENT = 300  # seconds PostgreSQL gives the page that began just before the end


def delivering() -> float:
    """Return the longest that a delivery with all its tries can take."""
    task = deliver.deliver_round
    pauses = sum(task.retry_delay_seconds) * (1 + task.retry_jitter_factor)
    once = ROUND + lines.LETTER + CHANNELS * lines.FAREWELL
    return (1 + task.retries) * once + pauses


def test_a_delivery_ends_before_the_time_of_its_run():
    assert delivering() + EXCHANGE < deliver.deliver.timeout_seconds


def test_a_sweep_and_its_delivery_end_before_the_time_of_their_run():
    assert SWEEP + STATEMENT + delivering() < sweep.sweep.timeout_seconds
    assert shard.shard.timeout_seconds > SWEEP + STATEMENT


def test_a_server_that_trickles_is_not_healthy():
    with Trickler(first=HEADERS) as server:
        assert not is_healthy(server.port)
