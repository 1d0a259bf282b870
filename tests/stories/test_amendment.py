"""A new edition moves, adds and removes duties, and loses nothing of what was done."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.duties.standing import standing
from catalog.errors import ConflictError
from catalog.ladder.rungs import Ladder
from catalog.plans.model import Plan
from ledger.duties import duties, life
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from ledger.store.changes import Change
from tasks.plans.publish import publish
from tests.world import AROUND, DAY, ISSUED, dump, small_plan

REPORT, SECOND = "small-2013/1.report/-/once", "small-2013/1.second/-/once"
DUE, LATER, EARLIER = date(2013, 12, 31), date(2014, 3, 31), date(2013, 10, 31)
AMENDED = date(2013, 11, 15)


def edition(number, folder, *obligations, **changes):
    ladder = changes.pop("ladder", AROUND)
    applies = changes.pop("ladder_applies", "new")
    plan = small_plan(folder, *obligations, **changes)
    head = {"edition": number, "ladder": ladder.model_dump(), "ladder_applies": applies}
    return Plan.model_validate(plan.model_dump() | head)


def amend(world, plan):
    return publish(world.ledger, plan, at=world.at, actor="office/officer")


def entries(world, key):
    with world.ledger.read() as conn:
        return list(chain.entries(conn, subject=key))


def due_dates(world, key):
    with world.ledger.read() as conn:
        return [(d.version, d.due_on, d.moved_on, d.deed) for d in life.due_dates(conn, key)]


@pytest.fixture
def running(world, tmp_path):
    """The report is signed for, and nothing is due before it is amended."""
    world.publish(small_plan(tmp_path, {"due_on": DUE}, between=False))
    world.day(ISSUED)
    world.acknowledge(REPORT)
    world.day(AMENDED - DAY)
    world.expect("trade/officer", ISSUED, "issue")
    world.calm()
    world.today = AMENDED
    yield world
    with world.ledger.read() as conn:
        assert list(differences(conn)) == []


def test_a_moved_date_is_the_same_duty_with_a_new_version(running, tmp_path):
    done = amend(running, edition(2, tmp_path, {"due_on": LATER}))
    duty = running.duty(REPORT)
    assert (duty.due_on, duty.due_version, duty.edition) == (LATER, 2, 2)
    assert due_dates(running, REPORT) == [(1, DUE, AMENDED, "amended")]
    assert [(a.term, a.before, a.after) for a in done.difference.of("due_on")] == [
        ("due_on", DUE, LATER)
    ]
    running.day(AMENDED)
    running.expect("trade/officer", AMENDED, "amended:2")


def test_the_rungs_of_a_moved_date_are_told_anew(running, tmp_path):
    running.until(date(2013, 12, 24))
    running.post.letters.clear()
    amend(running, edition(2, tmp_path, {"due_on": LATER}))
    running.day(date(2013, 12, 25))
    running.post.letters.clear()
    running.until(date(2014, 2, 28))
    running.expect("trade/officer", date(2014, 2, 28), "before-30")


def test_a_date_moves_while_a_submission_waits(running, tmp_path):
    running.file(REPORT)
    amend(running, edition(2, tmp_path, {"due_on": EARLIER}))
    duty = running.duty(REPORT)
    assert (duty.filed_on, duty.due_on, duty.due_version) == (AMENDED, AMENDED, 2)
    running.until(date(2013, 11, 20))
    running.expect("office/officer", date(2013, 11, 18), "filed:1")
    running.expect("trade/officer", date(2013, 11, 18), "amended:2")
    running.close(REPORT)
    standing_now = standing(duties.facts(running.duty(REPORT)), running.today)
    assert standing_now.status == "closed-on-time"


def test_a_removed_duty_is_waived_with_the_edition_as_its_reason(running, tmp_path):
    done = amend(running, edition(2, tmp_path, {"id": "second", "due_on": LATER}))
    assert (list(done.difference.removed), list(done.difference.added)) == ([REPORT], [SECOND])
    assert running.duty(REPORT).waived_on == AMENDED
    last = entries(running, REPORT)[-1]
    assert (last.deed, last.payload["edition"]) == ("waived", 2)
    running.day(AMENDED)
    running.expect("trade/officer", AMENDED, "issue", "waived:2")
    assert (running.duty(SECOND).opens_on, running.duty(SECOND).edition) == (AMENDED, 2)


def test_a_duty_asked_for_again_is_the_same_duty(running, tmp_path):
    amend(running, edition(2, tmp_path, {"id": "second", "due_on": LATER}))
    amend(running, edition(3, tmp_path, {"due_on": LATER}))
    assert running.duty(REPORT).waived_on is None
    assert running.duty(SECOND).waived_on == AMENDED
    running.day(AMENDED)
    running.expect("trade/officer", AMENDED, "waived:2", "reinstated:3")


def test_a_closed_duty_is_left_as_it_was(running, tmp_path):
    running.file(REPORT)
    running.close(REPORT)
    before = running.duty(REPORT)
    amend(running, edition(2, tmp_path, {"id": "second", "due_on": LATER}))
    assert running.duty(REPORT) == before
    running.day(AMENDED)
    running.expect("trade/officer", AMENDED, "issue", "closed")


def test_a_new_lead_and_the_old_one_are_told(running, tmp_path):
    amend(running, edition(2, tmp_path, {"due_on": DUE}, lead="city"))
    duty = running.duty(REPORT)
    assert (duty.lead, duty.performer, duty.acknowledged_on) == ("city", "city", None)
    assert duty.due_version == 1
    running.day(AMENDED)
    running.expect("trade/officer", AMENDED, "relieved:edition-2")
    running.expect("city/officer", AMENDED, "amended:2")


def test_a_duty_under_way_keeps_its_ladder(running, tmp_path):
    short = Ladder(rungs=AROUND.rungs[:2])
    done = amend(running, edition(2, tmp_path, {"due_on": DUE}, ladder=short))
    assert done.difference.ladder
    assert running.duty(REPORT).ladder == AROUND.digest


def test_a_ladder_for_all_is_climbed_by_duties_under_way_as_well(running, tmp_path):
    short = Ladder(rungs=AROUND.rungs[:2])
    plan = edition(2, tmp_path, {"due_on": DUE}, ladder=short, ladder_applies="all")
    amend(running, plan)
    assert running.duty(REPORT).ladder == short.digest
    running.until(LATER)


def test_a_rung_of_the_same_name_is_told_on_its_day_in_the_new_ladder(running, tmp_path):
    running.day(date(2014, 1, 2))
    running.post.letters.clear()
    rungs = [
        rung.model_copy(update={"days": 9}) if rung.name == "late-1" else rung
        for rung in AROUND.rungs
        if rung.form == "notice"
    ]
    plan = edition(2, tmp_path, {}, ladder=Ladder(rungs=tuple(rungs)), ladder_applies="all")
    amend(running, plan)
    assert due_dates(running, REPORT) == [(1, DUE, date(2014, 1, 2), "amended")]
    running.day(date(2014, 1, 9))
    running.expect("trade/officer", date(2014, 1, 9), "late-1")


def test_a_date_moved_back_takes_the_draft_slips_back(running, tmp_path):
    running.until(date(2014, 1, 7))
    running.post.letters.clear()
    assert len(running.notices(state="draft")) == 1
    amend(running, edition(2, tmp_path, {"due_on": LATER}))
    assert running.notices(state="draft") == []
    running.deliver()
    running.expect("trade/officer", date(2014, 1, 7), "amended:2")


@pytest.mark.parametrize(
    ("number", "issued_on", "key"),
    [(1, ISSUED, "edition-in-force"), (2, date(2013, 11, 15), "amendment-head")],
)
def test_an_edition_that_does_not_follow_is_refused_whole(
    running, tmp_path, number, issued_on, key
):
    plan = edition(number, tmp_path, {"due_on": LATER})
    plan = Plan.model_validate(plan.model_dump() | {"issued_on": issued_on})
    before = dump(running.ledger)
    with pytest.raises(ConflictError) as refused:
        amend(running, plan)
    assert refused.value.key == key
    assert dump(running.ledger) == before


def test_a_longer_term_makes_the_duties_of_the_new_year(world, tmp_path):
    yearly = {"id": "meeting", "recurrence": "yearly", "until": date(2013, 12, 31)}
    world.publish(small_plan(tmp_path, yearly))
    world.sweep(ISSUED)
    assert [d.period for d in world.duties()] == ["2013"]
    longer = edition(2, tmp_path, {"id": "meeting", "recurrence": "yearly"})
    amend(world, longer.model_copy(update={"ends_on": date(2016, 12, 31)}))
    assert [d.period for d in world.duties()] == ["2013", "2014", "2015"]
    world.sweep(date(2014, 1, 1))
    assert [(d.period, d.edition) for d in world.duties()] == [
        ("2013", 1),
        ("2014", 2),
        ("2015", 2),
        ("2016", 2),
    ]


def test_material_is_prepared_for_the_date_as_it_was_moved(world, tmp_path):
    asked = {"kind": "report"}
    world.publish(edition(1, tmp_path, asked))
    world.until(date(2013, 11, 8))
    amend(world, edition(2, tmp_path, asked | {"due_on": LATER}))
    world.until(date(2014, 3, 1))
    told = {n.rung: n.on for n in world.notices()}
    assert told["prepared-report"] == date(2014, 2, 14)
    assert told["prepared-report"] < told["before-30"]
    world.post.letters.clear()


def test_another_due_day_of_a_recurrence_moves_its_duties_under_the_same_keys(world, tmp_path):
    reading = {"id": "reading", "recurrence": "yearly"}
    world.publish(small_plan(tmp_path, reading))
    world.sweep(ISSUED)
    before = {d.key: d.due_version for d in world.duties()}
    world.today = ISSUED + DAY
    amend(world, edition(2, tmp_path, reading | {"due": "end + 3 months"}))
    assert {d.key: d.due_version for d in world.duties()} == dict.fromkeys(before, 2)
    assert [(d.due_on, d.covers_from, d.covers_until) for d in world.duties()] == [
        (date(2014, 3, 31), ISSUED, date(2013, 12, 31)),
        (date(2015, 3, 31), date(2014, 1, 1), date(2014, 12, 31)),
        (date(2016, 3, 31), date(2015, 1, 1), date(2015, 12, 31)),
    ]
    with world.ledger.read() as conn:
        assert list(differences(conn)) == []


def test_an_amended_duty_from_before_periods_were_recorded_learns_its_period(world, tmp_path):
    reading = {"id": "reading", "recurrence": "yearly"}
    world.publish(small_plan(tmp_path, reading))
    world.sweep(ISSUED)
    key, unrecorded = "small-2013/1.reading/-/2013", {"covers_from": None, "covers_until": None}
    with world.ledger.transaction() as tx:
        tx.record("test", key, changes=[Change("duties", key, unrecorded)], at=world.at, actor="x")
    amend(world, edition(2, tmp_path, reading | {"due": "end + 3 months"}))
    assert world.duty(key).covers_until == date(2013, 12, 31)
