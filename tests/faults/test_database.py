"""A database that is locked, read-only, full or crashing keeps each deed whole or not at all."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from itertools import count
from signal import SIGKILL

import pytest
import sqlalchemy as sa

from catalog.errors import ConflictError
from desk.access import signin
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.databases import ON_POSTGRESQL, ON_SQLITE, on_postgresql
from tests.faults.conftest import KEY
from tests.faults.surviving import FORK, LONG, assert_sound, everything
from tests.postgresql import NOBODY
from tests.world import ISSUED, ZONE, PostOffice, World, small_plan

PLAN = "small-2013"
LOCKED = 10 if LONG else 1  # seconds
DUTIES = [{"id": f"r{n}", "parties": ["city", "reviewer", "stranger"]} for n in range(20)]
REFUSED = 7
GROWS = ("duties", "notices", "messages", "entries")


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
def test_a_page_of_a_ledger_that_is_only_read_says_when_to_try_again(app, signed_in):
    browser, ledger = signed_in("trade"), app.state.desk.ledger
    token = signin.form_token(browser.cookies["duban"])
    on_each_connection(ledger, "PRAGMA query_only = ON")
    answer = browser.post(f"/duty/{KEY}/do/progress", data={"token": token, "text": "過半"})
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "10")
    assert browser.get(f"/duty/{KEY}").status_code == 200


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
        answer = browser.post(f"/duty/{KEY}/do/progress", data=said)
        if answer.status_code != 303:
            break
        before = everything(ledger)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "10")
    assert everything(ledger) == before


@contextmanager
def disk(folder):
    """Have a disk of 3 MB, where this machine lets us."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m,mode=777", "none", str(folder)]
    if not LONG or shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("a disk is mounted with `make faults` alone, and by root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder, *, but):
    """Fill a disk up, so many kilobytes aside."""
    room = os.statvfs(folder)
    (folder / "filling").write_bytes(bytes(room.f_bavail * room.f_frsize - but * 1024))


def assert_full_and_then_completes(ledger, folder):
    assert refusal(ledger) == "ledger-full"
    assert_sound(ledger)
    (folder / "filling").unlink()
    first_sweep(ledger)
    assert_sound(ledger)


@ON_SQLITE
@pytest.mark.parametrize("kilobytes", [0, 4, 16, 64, 200])
def test_a_disk_that_is_full_is_refused_and_loses_nothing(published, database, kilobytes):
    with disk(published.parent / "disk") as small:
        shutil.copytree(published, small / "home")
        fill(small, but=kilobytes)
        with database.open(small / "home") as ledger:
            assert_full_and_then_completes(ledger, small)


@ON_POSTGRESQL
@pytest.mark.parametrize("kilobytes", [0, 8, 64])
def test_a_servers_disk_that_is_full_is_refused_and_loses_nothing(published, database, kilobytes):
    with disk(database.server.sockets / "disk") as small, database.open(published) as ledger:
        move(ledger, small)
        fill(small, but=kilobytes)
        assert_full_and_then_completes(ledger, small)
        move_back(ledger)


def move(ledger, folder):
    """Let what grows lie on another disk."""
    shutil.chown(folder, NOBODY)
    outside(ledger, f"CREATE TABLESPACE small LOCATION '{folder}'")
    outside(ledger, *(f"ALTER TABLE {name} SET TABLESPACE small" for name in GROWS))


def move_back(ledger):
    outside(ledger, *(f"ALTER TABLE {name} SET TABLESPACE pg_default" for name in GROWS))
    outside(ledger, "DROP TABLESPACE small")


def outside(ledger, *statements):
    """Do as the owner of the database what no transaction holds."""
    with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)


@pytest.mark.skipif(not LONG, reason="a server of its own crashes: make faults")
@ON_POSTGRESQL
def test_a_server_that_crashes_in_mid_transaction_leaves_nothing_half_done(tmp_path, kind):
    del kind
    with on_postgresql(careless=False) as database:
        home = tmp_path / "home"
        with database.open(home) as ledger:
            World(ledger, PostOffice()).publish(small_plan(tmp_path, *DUTIES))
            before = everything(ledger)
            with pytest.raises(ConflictError) as lost, ledger.transaction() as tx:  # noqa: PT012  the end of the transaction raises too
                tx.record("lost", "x", at=sweep_instant(ZONE, ISSUED), actor="x")
                pid = tx.conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
                os.kill(pid, SIGKILL)  # the server ends every connection and recovers
                time.sleep(3)
            assert lost.value.key == "ledger-lost"
            assert everything(ledger) == before
        assert_completes(database, home)


@pytest.mark.skipif(not LONG, reason="a server of its own stands by: make faults")
@ON_POSTGRESQL
def test_a_server_that_stands_by_refuses_until_it_is_the_first(tmp_path, kind):
    del kind
    with on_postgresql(careless=False) as database:
        home = tmp_path / "home"
        with database.open(home) as ledger:
            World(ledger, PostOffice()).publish(small_plan(tmp_path, *DUTIES))
            (database.server.sockets / "data" / "standby.signal").touch()
            with ledger.engine.connect() as conn:
                pid = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            os.kill(pid, SIGKILL)
            before = eventually(ledger)
            assert refusal(ledger) == "ledger-read-only"
            assert everything(ledger) == before
            with database.open(home) as opened:
                assert everything(opened) == before
            outside(ledger, "SELECT pg_promote()")
        assert_completes(database, home)


def eventually(ledger):
    """Return every row as soon as the server reads again."""
    for _ in range(100):
        try:
            return everything(ledger)
        except ConflictError:
            time.sleep(0.1)
    return everything(ledger)
