"""Cost of verifying a million entries: time beside bare hashing, and memory."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ledger.offices.installation import load_settings
from ledger.proof.ledger_verification import verify_ledger
from ledger.session import Ledger
from tests.bench.measure import Figure, at_least, at_most, side_by_side
from tests.bench.rows.history import ENTRIES, Ours, chained, read_anew, walked
from tests.bench.rows.sweep_large import peak_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE = True  # a minute to fill, and half a gigabyte
HELD = 1_000_000
RUNS = 3  # each a quarter of a minute


def figures() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        with opened(home) as ledger:
            history = Ours(ledger)
            for _ in range(HELD // ENTRIES):
                history.append()
            with closing(sqlite3.connect(home / "duban.db")) as conn:
                yield from _rates(ledger, conn)
        yield _memory(home)


def opened(home: Path) -> Ledger:
    return Ledger.open(load_settings({"DUBAN_HOME": str(home)}))


def _rates(ledger: Ledger, conn: sqlite3.Connection) -> Iterator[Figure]:
    took = side_by_side(
        lambda: walked(ledger),
        lambda: chained(conn),
        lambda: verified(ledger),
        lambda: read_anew(conn),
        runs=RUNS,
    )
    rates = [HELD / each for each in took]
    peers = ("sqlite3 by hand, hashing only", "sqlite3 by hand, each payload read and hashed")
    works = ("the chain", "chain, anchors and every row")
    for work, ours, peer, theirs in zip(works, rates[::2], peers, rates[1::2], strict=True):
        yield Figure(
            work=f"history: {work} of {HELD:,} verified",
            unit="entries/s",
            ours=ours,
            against=peer,
            theirs=theirs,
            goal=at_least(0.5),
            runs=RUNS,
        )


def _memory(home: Path) -> Figure:
    command = [sys.executable, "-m", __name__, str(home)]
    peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Figure(
        work=f"peak memory of verifying {HELD:,} entries, rows and all",
        unit="MB",
        ours=int(peak) / 1000,
        goal=at_most(300, of="ours"),
        runs=1,
    )


def verified(ledger: Ledger) -> None:
    with ledger.read() as conn:
        assert verify_ledger(conn).ok


if __name__ == "__main__":
    with opened(Path(sys.argv[1])) as there:
        verified(there)
    print(peak_memory())
