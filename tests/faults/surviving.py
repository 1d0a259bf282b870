"""Assertions after every fault (I1-I7 of the promises), and processes made to die."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from typing import TYPE_CHECKING, Any

from ledger.post import notices
from ledger.proof import chain
from ledger.proof.ledger_verification import verify_home
from ledger.tables import TABLES
from tests.faults import points

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from ledger.session import Ledger

LONG = "DUBAN_FAULTS" in os.environ  # `make faults` takes its time
FORK = multiprocessing.get_context("fork")
OUTSIDE = {"anchors", "homes"}
DEEDS_OF_RUNGS = {"reminded", "escalated"}


def assert_sound(ledger: Ledger) -> None:
    """Fail unless chain, anchors, evidence, fold, notices and the database itself are whole."""
    with ledger.read() as conn:
        assert verify_home(conn, ledger.settings.home, ledger.evidence).faults == ()
        rows = notices.listed(conn)
        assert len({n[1:6] for n in rows}) == len(rows), "two notices of one key"
        rungs = Counter(
            (e.subject, e.payload["rung"], tuple(sorted(_versions(e.payload))))
            for e in chain.entries(conn)
            if e.deed in DEEDS_OF_RUNGS
        )
        assert set(rungs.values()) <= {1}, "two entries of one rung"
        assert_intact(conn)


def assert_intact(conn: Connection) -> None:
    """Fail unless the database's own check passes (I7).

    PostgreSQL verifies the checksum of each page it reads: whole tables, then by an index.
    """
    ask = conn.exec_driver_sql
    if conn.dialect.name == "sqlite":
        assert ask("PRAGMA integrity_check").scalars().all() == ["ok"]
        assert ask("PRAGMA foreign_key_check").all() == []
        return
    assert ask("SHOW data_checksums").scalar_one() == "on"
    totals = []
    for way in ("indexscan = off; SET enable_indexonlyscan = off", "seqscan = off"):
        ask(f"SET enable_{way}")
        counts = {name: ask(f"SELECT count(*) FROM {name}").scalar_one() for name in TABLES}  # noqa: S608  names and values of our own
        totals.append(counts)
        ask("RESET ALL")
    assert totals[0] == totals[1]


def everything(ledger: Ledger) -> dict[str, list[Any]]:
    """Return every row of every table, including leases; not the lists of what lies outside."""
    tables = [name for name in TABLES if name not in OUTSIDE]
    with ledger.read() as conn:
        read = conn.exec_driver_sql
        return {name: sorted(read(f"SELECT * FROM {name}").all(), key=repr) for name in tables}  # noqa: S608  names and values of our own


def dies(work: Callable[[], object], *, at: str) -> bool:
    """Do `work` in a process that dies at the failpoint `at`; False if it ended before."""

    def live() -> None:
        os.environ["DUBAN_FAILPOINT"] = at
        work()

    child = FORK.Process(target=live)
    child.start()
    child.join(60)
    assert child.exitcode in {0, -signal.SIGKILL}, f"{at}: ended with {child.exitcode}"
    if child.exitcode:
        points.hit(at.partition(":")[0])
    return child.exitcode != 0


def _versions(payload: dict[str, Any]) -> set[int]:
    rows = [values for table, _, values in payload["changes"] if table == "notices"]
    return {values["due_version"] for values in rows}
