"""Cost of the daily check of derived columns and seals, which runs after a sweep."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ledger.proof import daily_share
from tasks.sweep_time import sweep_instant
from tests.bench import load
from tests.bench.measure import RUNS, Figure, at_most, cpu

if TYPE_CHECKING:
    from collections.abc import Iterator

HELD = 100_000
UNTOUCHED = (  # as a sweep finds duties of the future
    "UPDATE duties SET opened_on = NULL, told_through = NULL, look_on = opens_on,"
    " prepare_on = NULL, kind = 'milestone'"
)


def figures() -> Iterator[Figure]:
    """Yield the CPU of a day's share, a seventh of the duties."""
    days = load.days(RUNS)
    with TemporaryDirectory() as folder, load.fill(Path(folder), held=HELD, due={}) as ledger:
        with ledger.engine.begin() as conn:
            conn.exec_driver_sql(UNTOUCHED)
        took = []
        for on in days:
            began = cpu()
            with ledger.read() as conn:
                daily_share.findings(conn, load.CODE, on, sweep_instant("Asia/Shanghai", on))
            took.append(cpu() - began)
    yield Figure(
        work=f"daily check after the sweep: CPU a day, {HELD:,} held",
        unit="ms",
        ours=median(took) * 1000,
        goal=at_most(1000, of="ours"),
    )
