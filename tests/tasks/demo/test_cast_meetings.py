"""The meetings of the demonstration's cast: proposed, moved, answered, held."""

from __future__ import annotations

from datetime import date

from ledger.duties import duties, life
from tasks.demo import play as demo
from tasks.demo.cast import meetings as cast
from tests.world import small_plan

KEY = "small-2013/1.talk/-/once"


def test_a_meeting_is_proposed_moved_and_answered(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(cast, "MOVED", frozenset({KEY}))
    monkeypatch.setattr(cast, "REPLIES", ("accepted",))
    talk = {"id": "talk", "kind": "meeting", "due_on": date(2013, 9, 30), "evidence": []}
    plan = small_plan(tmp_path, talk, participants=["city"])
    demo.begin(ledger, plan)
    demo.play(ledger, plan.plan, until=date(2013, 9, 30), progress=lambda _: None)

    with ledger.read() as conn:
        duty = duties.one(conn, KEY)
        proposed, fixed = life.plannings(conn, KEY)
        answers = life.meeting_answers(conn, KEY)
    assert (proposed.tentative, fixed.tentative) == (True, False)
    assert proposed.uid == fixed.uid
    assert proposed.planned_on < fixed.planned_on == duty.held_on
    assert (fixed.starts_at, fixed.chair) == ("09:00", cast.CHAIR)
    assert [(a.planning, a.agency) for a in answers] == [(1, "city"), (2, "city")]
