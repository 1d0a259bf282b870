"""Eight processes sweep and deliver the same days at once, and everything happens once."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from ledger.offices.installation import load_settings
from ledger.post import messages, notices
from ledger.proof import chain
from ledger.proof.ledger_verification import verify_ledger
from ledger.session import Ledger
from tasks.post.deliver import deliver
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.processes import AT_ONCE
from tests.world import ZONE, PostOffice, World, small_plan

pytestmark = pytest.mark.both

PROCESSES = 8
DAYS = (date(2013, 8, 5), date(2013, 8, 12), date(2013, 8, 30), date(2013, 10, 8))
DUTIES = [{"id": f"report{n}", "due_on": date(2013, 9, 30)} for n in range(6)]
CITIES = [{"id": f"city{n}", "due_on": date(2013, 9, 30), "parties": ["city"]} for n in range(6)]


def live(environ, barrier):
    with Ledger.open(load_settings(environ)) as ledger:
        for on in DAYS:
            at = sweep_instant(ZONE, on)
            barrier.wait(120)
            sweep(ledger, Tick("small-2013", on, at, confirmed="office/officer"))
            deliver(ledger, on=on, clock=lambda at=at: at)


@pytest.fixture(scope="module")
def swept(tmp_path_factory, kind):
    folder = tmp_path_factory.mktemp("eight")
    environ = kind.environ(folder / "home")
    with Ledger.open(load_settings(environ)) as ledger:
        World(ledger, PostOffice()).publish(small_plan(folder, *DUTIES, *CITIES))
        barrier = AT_ONCE.Barrier(PROCESSES)
        processes = [
            AT_ONCE.Process(target=live, args=(environ, barrier)) for _ in range(PROCESSES)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        yield ledger, [process.exitcode for process in processes]


def test_no_process_is_turned_away(swept):
    _, exits = swept
    assert exits == [0] * PROCESSES


def test_each_rung_has_one_entry_and_each_duty_opens_once(swept):
    ledger, _ = swept
    with ledger.read() as conn:
        entries = list(chain.entries(conn))
    opened = Counter(e.subject for e in entries if e.deed == "opened")
    told = Counter(
        (e.subject, e.payload["rung"]) for e in entries if e.deed in {"reminded", "escalated"}
    )
    assert set(opened.values()) == set(told.values()) == {1}
    assert len(opened) == len(DUTIES) + len(CITIES)
    assert {rung for _, rung in told} == {"issue", "unsigned-5", "before-30", "late-7"}


def test_each_letter_is_sent_once(swept):
    ledger, _ = swept
    with ledger.read() as conn:
        letters, sent = messages.listed(conn), chain.entries(conn)
        tries = Counter(e.subject for e in sent if e.deed == "sent")
    assert {m.state for m in letters} == {"sent", "draft"}
    assert tries == Counter(m.id for m in letters if m.state == "sent")
    assert len(list((ledger.settings.home / "outbox").rglob("*.eml"))) == len(tries)


def test_the_history_is_true(swept):
    ledger, _ = swept
    with ledger.read() as conn:
        assert verify_ledger(conn).faults == ()
        assert len({n.id for n in notices.listed(conn)}) == len(notices.listed(conn))
