"""A database that is locked, read-only, full or crashes keeps a deed whole or leaves it undone."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from itertools import count

import pytest
import sqlalchemy as sa

from catalog.errors import ConflictError
from desk import signin
from tasks.replay import sweep_instant
from tasks.sweep import sweep
from tasks.tick import Tick
from tests.databases import ON_POSTGRESQL, ON_SQLITE, on_postgresql
from tests.faults.surviving import FORK, LONG, assert_sound, everything
from tests.world import ISSUED, ZONE, PostOffice, World, small_plan

PLAN = "small-2013"
LOCKED = 10 if LONG else 1  # seconds
DUTIES = [{"id": f"r{n}", "parties": ["city", "reviewer", "stranger"]} for n in range(20)]
REFUSED = 7


@pytest.fixture
def published(database, tmp_path):
    """A home with a plan in force that was never swept."""
    with database.open(tmp_path / "home") as ledger:
        World(ledger, PostOffice()).publish(small_plan(tmp_path, *DUTIES))
    return tmp_path / "home"


def first_sweep(ledger):
    return sweep(ledger, Tick(PLAN, ISSUED, sweep_instant(ZONE, ISSUED)))


def refusal(ledger):
    """Return the key of the refusal that a sweep met, None where it completed."""
    try:
        first_sweep(ledger)
    except ConflictError as refused:
        return refused.key
    return None


def on_each_connection(ledger, *statements):
    """Have the database refuse what its owner's settings refuse, on every connection from now."""

    def prepare(connection, _):
        for statement in statements:
            connection.execute(statement)

    sa.event.listen(ledger.engine, "connect", prepare)
    ledger.engine.dispose()


def assert_completes(database, home):
    with database.open(home) as ledger:
        assert first_sweep(ledger)["opened"] == 60
        assert_sound(ledger)


def test_locked_for_a_while_a_sweep_waits_and_completes(published, database):
    locked, unlock = threading.Event(), threading.Event()

    def hold():
        with database.locked(published):
            locked.set()
            unlock.wait(LOCKED)

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait(30)
    began = time.monotonic()
    assert_completes(database, published)
    holder.join()
    assert time.monotonic() - began >= LOCKED - 0.1


@ON_SQLITE
def test_a_file_that_may_not_be_written_is_refused_and_unchanged(published, database):
    with database.open(published) as ledger:
        before = everything(ledger)
        on_each_connection(ledger, "PRAGMA query_only = ON")
        with pytest.raises(ConflictError) as refused:
            first_sweep(ledger)
        assert refused.value.key == "ledger-read-only"
        assert everything(ledger) == before
    assert_completes(database, published)


@ON_SQLITE
def test_full_after_any_page_it_is_refused_and_the_next_sweep_completes(
    published, database, tmp_path, record_property
):
    step = 1 if LONG else 40
    for n in count():
        copy = tmp_path / f"{n}"
        database.copy(published, copy)
        with database.open(copy) as ledger, ledger.read() as conn:
            pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one() + n * step
        with database.open(copy) as ledger:
            on_each_connection(ledger, f"PRAGMA max_page_count = {pages}")
            refused = refusal(ledger)
            assert_sound(ledger)
        if refused is None:
            break
        assert refused == "ledger-full"
        with database.open(copy) as ledger:
            first_sweep(ledger)
            assert_sound(ledger)
    assert n > 1
    record_property("full disks", n)


@ON_SQLITE
def test_a_file_that_may_not_grow_is_a_full_disk(published, database):
    size = (published / "duban.db").stat().st_size

    def live():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        with database.open(published) as ledger:
            os._exit(REFUSED if refusal(ledger) == "ledger-full" else 1)

    child = FORK.Process(target=live)
    child.start()
    child.join(60)
    assert child.exitcode == REFUSED
    with database.open(published) as ledger:
        assert_sound(ledger)
        first_sweep(ledger)
        assert_sound(ledger)


@ON_SQLITE
@pytest.mark.usefixtures("kind")
def test_a_page_of_a_full_ledger_says_when_to_try_again_and_keeps_nothing(app, signed_in):
    browser, ledger = signed_in("trade"), app.state.desk.ledger
    with ledger.read() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
    before = everything(ledger)
    on_each_connection(ledger, f"PRAGMA max_page_count = {pages}")
    said = {"token": signin.form_token(browser.cookies["duban"]), "text": "滿" * 900}
    for _ in range(100):  # what is free within the file is used up first
        answer = browser.post("/duty/small-2013/1.report/-/once/do/progress", data=said)
        if answer.status_code != 303:
            break
        before = everything(ledger)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "10")
    assert everything(ledger) == before


@pytest.mark.skipif(not LONG, reason="a server of its own crashes: make faults")
@ON_POSTGRESQL
def test_a_server_that_crashes_in_mid_transaction_leaves_nothing_half_done(tmp_path, kind):
    del kind
    with on_postgresql(careless=False) as database:
        home = tmp_path / "home"
        with database.open(home) as ledger:
            World(ledger, PostOffice()).publish(small_plan(tmp_path, *DUTIES))
            before = everything(ledger)
            with pytest.raises(ConflictError) as lost, ledger.transaction() as tx:  # noqa: PT012
                tx.record("lost", "x", at=sweep_instant(ZONE, ISSUED), actor="x")
                pid = tx.conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
                os.kill(pid, signal.SIGKILL)  # the server ends every connection and recovers
                time.sleep(3)
            assert lost.value.key == "ledger-lost"
            assert everything(ledger) == before
        assert_completes(database, home)
