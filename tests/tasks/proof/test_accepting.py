"""An older database is not written to until somebody decides, and the history says who did."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from catalog.errors import ConflictError, UsageRefusedError
from ledger.proof import anchors, chain
from ledger.proof.ledger_verification import verify_home
from tasks.act import Act
from tasks.deeds import answering
from tasks.proof.accepting import accept, differing
from tests.databases import tamper
from tests.faults.surviving import dies
from tests.world import PostOffice, World, small_plan

DAYS = [date(2013, 8, 5), date(2013, 8, 12), date(2013, 8, 19)]
KEY = "small-2013/1.report/-/once"


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {}))
    for day in DAYS:
        stage.sweep(day)
        stage.deliver()
    return stage


def cut(ledger, *, to):
    """Take the ledger back to its first `to` entries, as an older copy would be."""
    with ledger.engine.begin() as conn:
        tamper(conn, f"DELETE FROM entries WHERE seq > {to}")  # noqa: S608  a number


def whats(ledger):
    with ledger.read() as conn:
        verdict = verify_home(conn, ledger.settings.home, ledger.evidence)
    return [fault.what for fault in verdict.faults]


def filed(ledger):
    return anchors.anchors(ledger.settings.home)


def refused(work, *args, **options):
    with pytest.raises(ConflictError) as error:
        work(*args, **options)
    return error.value.key


def act(world):
    return Act("cli:root", world.today, world.at)


def test_a_ledger_with_its_anchors_verifies_and_needs_no_decision(world):
    assert whats(world.ledger) == []
    assert refused(differing, world.ledger) == "anchors-agree"


@pytest.mark.both
def test_an_older_ledger_refuses_every_write_and_can_be_read(world):
    cut(world.ledger, to=filed(world.ledger)[0].entries)
    assert refused(world.sweep, DAYS[2]) == "ledger-older"
    assert refused(world.deliver) == "ledger-older"
    assert refused(answering.acknowledge, world.ledger, KEY, act(world)) == "ledger-older"
    with pytest.raises(ConflictError), world.ledger.together():
        pytest.fail("it was written to")
    with pytest.raises(ConflictError), world.ledger.rehearsal():
        pytest.fail("it was rehearsed")
    assert world.duty(KEY).key == KEY


def test_another_ledger_refuses_every_write(world):
    newest = filed(world.ledger)[-1]
    anchors.replace(world.ledger.settings.home, [newest._replace(head="0" * 64)])
    assert refused(world.sweep, DAYS[2]) == "ledger-other"


@pytest.mark.both
def test_a_decision_stands_in_the_history_and_everything_goes_on(world):
    ledger, before = world.ledger, filed(world.ledger)
    cut(ledger, to=before[0].entries)
    with pytest.raises(UsageRefusedError):
        accept(ledger, act(world), reason=" ")
    decision = accept(ledger, act(world), reason="磁盤損壞，只有此備份")
    assert len(decision.difference.contradicted) == len(before) - 1
    with ledger.read() as conn:
        entry = list(chain.entries(conn))[-1]
    assert (entry.deed, entry.actor) == ("anchors-accepted", "cli:root")
    assert entry.payload["reason"] == "磁盤損壞，只有此備份"
    assert entry.payload["newest"]["head"] == before[-1].head
    chain_faults = ("cut", "rewritten", "missing: ", "unreadable")
    assert not [what for what in whats(ledger) if what.startswith(chain_faults)]
    assert filed(ledger)[0] == before[0]
    assert filed(ledger)[-1].head == entry.hash
    aside = anchors.set_aside_file(ledger.settings.home).read_text(encoding="utf-8")
    assert before[-1].head in aside
    answering.progress(ledger, KEY, world.act("trade/officer"), text="續辦")


def test_a_file_that_was_removed_or_cut_is_a_finding(world):
    path = anchors.anchor_file(world.ledger.settings.home)
    whole = path.read_bytes()
    path.write_bytes(whole.splitlines(keepends=True)[0])
    assert whats(world.ledger) == [
        "missing: 2 anchors of 2013-08-12 to 2013-08-19 in anchors.jsonl"
    ]
    path.unlink()
    assert whats(world.ledger) == [
        "missing: 3 anchors of 2013-08-05 to 2013-08-19 in anchors.jsonl"
    ]
    path.write_bytes(whole)
    assert whats(world.ledger) == []


@pytest.mark.parametrize("n", [1, 30, 100])
def test_a_torn_line_of_a_listed_anchor_is_mended_by_the_next_sweep(world, n):
    path = anchors.anchor_file(world.ledger.settings.home)
    whole = path.read_bytes()
    path.write_bytes(whole[:-n])
    assert whats(world.ledger) == []
    world.sweep(DAYS[2])
    assert path.read_bytes().startswith(whole)
    assert whats(world.ledger) == []


def test_a_torn_line_hides_no_other_anchor_that_is_missing(world):
    path = anchors.anchor_file(world.ledger.settings.home)
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0] + b"{")
    assert whats(world.ledger) == ["missing: 1 anchors of 2013-08-12 in anchors.jsonl"]


def test_a_sweep_does_not_hide_that_anchors_are_missing(world):
    anchors.anchor_file(world.ledger.settings.home).unlink()
    world.sweep(date(2013, 8, 26))
    assert "missing: 3 anchors" in whats(world.ledger)[0]


def test_a_file_that_was_lost_is_written_again_by_decision(world):
    before = filed(world.ledger)
    anchors.anchor_file(world.ledger.settings.home).unlink()
    accept(world.ledger, act(world), reason="誤刪")
    assert filed(world.ledger)[: len(before)] == before
    assert whats(world.ledger) == []


def test_a_ledger_swept_before_anchors_were_listed_lists_them_at_its_next_sweep(world):
    ledger = world.ledger
    with ledger.engine.begin() as conn:
        conn.exec_driver_sql("DELETE FROM anchors")
    path = anchors.anchor_file(ledger.settings.home)
    whole = path.read_bytes()
    path.unlink()
    assert whats(ledger) == ["missing: anchors.jsonl has no anchor, and 2013-08-19 was swept"]
    path.write_bytes(whole)
    assert whats(ledger) == []
    world.sweep(date(2013, 8, 20))
    path.write_bytes(b"")
    assert whats(ledger)[0].startswith("missing: 4 anchors")


@pytest.mark.parametrize("name", ["before-commit", "anchored", "after-commit"])
def test_a_sweep_killed_anywhere_locks_nobody_out(world, name, database):
    """The next sweep and the next deed go on, and everything verifies."""
    home = world.ledger.settings.home
    for n in itertools.count(1):
        on = date(2013, 8, 26) + n * (DAYS[1] - DAYS[0])

        def swept(on=on):
            with database.open(home) as ledger:
                other = World(ledger, PostOffice())
                other.plans = world.plans
                other.sweep(on)

        if not dies(swept, at=f"{name}:{n}"):
            break
        world.sweep(on)
        assert whats(world.ledger) == []
        assert refused(differing, world.ledger) == "anchors-agree"
    assert n > 1


@pytest.mark.parametrize(
    "at", ["before-commit:1", "after-commit:1", "anchored:1", "after-commit:2"]
)
def test_a_decision_killed_anywhere_is_made_again(world, at, database):
    home, before = world.ledger.settings.home, filed(world.ledger)
    anchors.replace(home, [*before, before[-1]._replace(entries=9999)])

    def accepted():
        with database.open(home) as ledger:
            accept(ledger, act(world), reason="誤拷")

    assert dies(accepted, at=at)
    if whats(world.ledger):
        accepted()
    assert whats(world.ledger) == []
    with world.ledger.read() as conn:
        assert "anchors-accepted" in {entry.deed for entry in chain.entries(conn)}
