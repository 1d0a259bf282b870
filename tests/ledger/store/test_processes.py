"""Many processes append to one ledger, and none is turned away."""

from __future__ import annotations

from datetime import UTC, datetime

from ledger.offices.installation import load_settings
from ledger.proof.ledger_verification import verify_ledger
from ledger.session import Ledger
from ledger.store.changes import Change
from tests.processes import AT_ONCE

AT = datetime(2014, 3, 14, tzinfo=UTC)
PROCESSES, TIMES = 8, 10


def append(environ: dict[str, str], number: int, barrier) -> None:
    with Ledger.open(load_settings(environ)) as ledger:
        barrier.wait()
        for time in range(TIMES):
            with ledger.transaction() as tx:
                seen = len(tx.present("agencies", [f"{number}-{n}" for n in range(TIMES)]))
                made = Change(
                    "agencies", f"{number}-{time}", {"name": str(seen), "kind": "city"}, "insert"
                )
                tx.record("registered", f"{number}", changes=[made], at=AT, actor=f"{number}")


def test_eight_processes_append_at_once_and_the_chain_holds(ledger, home, database):
    barrier = AT_ONCE.Barrier(PROCESSES)
    processes = [
        AT_ONCE.Process(target=append, args=(database.environ(home), number, barrier))
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0] * PROCESSES
    with ledger.read() as conn:
        found = verify_ledger(conn)
    assert (found.entries, found.ok, found.faults) == (PROCESSES * TIMES, True, ())
