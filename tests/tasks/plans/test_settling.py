"""A document is settled by people phrase by phrase, and published with their decisions."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog.errors import ConflictError, InvalidError, NotFoundError
from catalog.reading.settling.settlement import Step
from catalog.reading.who.register import Register
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from tasks.in_force import in_force
from tasks.plans import settling
from tests.world import ISSUED, PostOffice, World, small_plan

TEXT = """\
廣東省試點行動計劃(2013-2015年)
2013年8月20日
一、任務
1.推進試點。2013年10月底前完成摸底,每年召開2次會議。(省外經貿廳負責)
2.清理檔案。近期完成清理。(省審計廳負責)
"""


@pytest.fixture
def world(ledger, tmp_path):
    """A small plan in force, the cast known."""
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {}))
    stage.sweep(ISSUED)
    return stage


@pytest.fixture
def draft(world):
    return begin(world)


def begin(world):
    act = world.act("office/officer")
    register = Register.of(world.plans[0])
    return settling.begin(
        world.ledger, TEXT.encode(), act, name="方案.txt", code="pilot", register=register
    )


def say(world, draft, deed, about, **fields):
    step = Step(deed, about, fields)
    settling.say(world.ledger, draft, world.act("office/officer"), step=step)


def now(world, draft):
    with world.ledger.read() as conn:
        return settling.settling(conn, draft)


def settle(world, draft):
    """Settle everything as a person would: questions first, then the rest by measure."""
    stands = now(world, draft).stands
    for ask in stands.draft.questions:
        say(world, draft, "answer", ask.id, reading=len(ask.readings) - 1)
    for measure in stands.draft.measures:
        say(world, draft, "take", measure.number)
    for about in now(world, draft).stands.open:
        say(world, draft, "take", about)


def test_a_document_is_kept_with_its_questions_until_it_is_settled(world, draft):
    stands = now(world, draft).stands
    assert [ask.key for ask in stands.draft.questions] == ["date-vague"]
    assert {"plan", "1", "2", "1.meeting", "1.milestone"} <= set(stands.open)


def test_taking_a_measure_leaves_what_is_asked(world, draft):
    say(world, draft, "take", "1")
    say(world, draft, "take", "2")
    (ask,) = now(world, draft).stands.draft.questions
    assert now(world, draft).stands.open == ("plan", ask.about)


def test_an_answer_settles_what_it_is_about(world, draft):
    (ask,) = now(world, draft).stands.draft.questions
    say(world, draft, "answer", ask.id, reading=0)
    stands = now(world, draft).stands
    assert stands.draft.questions == ()
    assert ask.about in stands.settled


def test_a_correction_is_kept_and_closes_the_question(world, draft):
    (ask,) = now(world, draft).stands.draft.questions
    say(world, draft, "correct", ask.about, recurrence=None, due_on="2013-11-30")
    stands = now(world, draft).stands
    (proposal,) = [p for p in stands.draft.measures[1].proposals if p.id == ask.about]
    assert proposal.fields["due_on"] == dt.date(2013, 11, 30)
    assert stands.draft.questions == ()


def test_what_is_dropped_stays_as_an_aside_with_its_reason(world, draft):
    say(world, draft, "drop", "1.meeting", reason="另文部署")
    (proposal,) = [
        p for p in now(world, draft).stands.draft.measures[0].proposals if "meet" in p.id
    ]
    assert (proposal.shape, proposal.fields) == ("aside", {"reason": "另文部署"})


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (("take", "9", {}), NotFoundError),
        (("answer", "q9", {"reading": 0}), NotFoundError),
        (("answer", "q1", {"reading": 9}), NotFoundError),
        (("drop", "1.meeting", {"reason": ""}), InvalidError),
        (("correct", "1.meeting", {"recurrence": "daily"}), InvalidError),
        (("correct", "1.milestone", {"due_on": None}), InvalidError),
        (("correct", "1", {"lead": "nobody"}), NotFoundError),
    ],
)
def test_what_does_not_fit_is_refused_and_not_kept(world, draft, step, error):
    deed, about, fields = step
    with pytest.raises(error):
        say(world, draft, deed, about, **fields)
    assert now(world, draft).steps == []


def test_what_is_still_asked_cannot_be_taken(world, draft):
    (ask,) = now(world, draft).stands.draft.questions
    with pytest.raises(ConflictError):
        say(world, draft, "take", ask.about)


def test_the_last_thing_said_can_be_taken_back(world, draft):
    say(world, draft, "take", "1")
    say(world, draft, "drop", "1.meeting", reason="誤")
    settling.take_back(world.ledger, draft)
    assert [step.deed for step in now(world, draft).steps] == ["take"]


def test_nothing_is_published_while_anything_is_open(world, draft):
    say(world, draft, "take", "1")
    with pytest.raises(ConflictError, match="Not settled"):
        settling.publish(world.ledger, draft, world.act("office/officer"))


def test_publishing_puts_who_confirmed_what_into_the_history(world, draft):
    settle(world, draft)
    settling.publish(world.ledger, draft, world.act("office/officer"))
    with world.ledger.read() as conn:
        (entry,) = [e for e in chain.entries(conn) if e.subject == "pilot"]
        assert list(differences(conn)) == []
    source = entry.payload["source"]
    assert (entry.deed, source["document"]) == ("published", "方案.txt")
    assert ["take", "1", {}, "office/officer", "2013-08-05T00:30:00Z"] in source["said"]


def test_a_published_draft_is_over(world, draft):
    settle(world, draft)
    settling.publish(world.ledger, draft, world.act("office/officer"))
    with pytest.raises(NotFoundError):
        now(world, draft)


def test_a_draft_can_be_thrown_away(world, draft):
    settling.throw_away(world.ledger, draft, world.act("office/officer"))
    with pytest.raises(NotFoundError):
        now(world, draft)


def test_what_nobody_proposed_is_added_with_the_words_it_rests_on(world, draft):
    words = {"shape": "obligation", "says": "清理 檔案"}
    fields = {"kind": "report", "title": "報送清理情況", "due_on": "2013-12-31", "basis": "office"}
    say(world, draft, "add", "2", **words, **fields)
    stands = now(world, draft).stands
    (proposal,) = [p for p in stands.draft.measures[1].proposals if p.id == "2.added-1"]
    assert (stands.draft.quote(proposal.says), proposal.fields["due_on"]) == (
        "清理檔案",
        dt.date(2013, 12, 31),
    )
    assert "2.added-1" in stands.settled


def test_what_is_added_twice_has_two_names_and_is_published(world, draft):
    fields = {"shape": "target", "indicator": "完成率", "value": 90, "unit": "%"}
    for by in ("2014-12-31", "2015-12-31"):
        say(world, draft, "add", "1", says="完成摸底", by=by, basis="office", **fields)
    settle(world, draft)
    settling.publish(world.ledger, draft, world.act("office/officer"))
    with world.ledger.read() as conn:
        plan = in_force(conn, "pilot").plan
    assert [target.id for target in plan.measures[0].targets] == ["added-1", "added-2"]


@pytest.mark.parametrize(
    ("number", "says", "error"),
    [("1", "文件沒有的話", InvalidError), ("1", "", InvalidError), ("9", "摸底", NotFoundError)],
)
def test_nothing_is_added_that_the_document_does_not_say(world, draft, number, says, error):
    fields = {"kind": "report", "title": "甲", "due_on": "2013-12-31", "basis": "plan"}
    with pytest.raises(error):
        say(world, draft, "add", number, shape="obligation", says=says, **fields)
    assert now(world, draft).steps == []


def test_so_many_drafts_are_open_at_once_and_no_more(world, draft, monkeypatch):
    monkeypatch.setattr(settling, "MOST", 1)
    with pytest.raises(ConflictError, match="1 drafts are open"):
        begin(world)
    settling.throw_away(world.ledger, draft, world.act("office/officer"))
    assert begin(world) != draft


UNREGISTERED = """\
廣東省試點方案(2013-2015年)
2013年8月20日
1.清理檔案。2013年10月底前完成清理。(省檔案局牽頭,省審計廳配合)
2.彙報。每季度報告進展。(省檔案局負責)
3.清理檔案。近期完成清理。(省審計廳負責)
"""


def test_an_agency_nobody_registered_is_added_and_answers_its_questions(world):
    act, register = world.act("office/officer"), Register.of(world.plans[0])
    content, words = UNREGISTERED.encode(), {"name": "方案.txt", "code": "pilot"}
    draft = settling.begin(world.ledger, content, act, register=register, **words)
    say(world, draft, "take", "1.milestone")
    undated = next(ask for ask in now(world, draft).stands.draft.questions if ask.about[0] == "3")
    say(world, draft, "answer", undated.id, reading=len(undated.readings) - 1)

    assert settling.name_agency(world.ledger, draft, name="省檔案局") == 0

    after = now(world, draft)
    (agency,) = after.stands.draft.register.find("省檔案局")
    assert [m.lead for m in after.stands.draft.measures[:2]] == [agency, agency]
    assert not after.stands.draft.questions
    assert "1.milestone" in after.stands.settled
    with pytest.raises(ConflictError):
        settling.name_agency(world.ledger, draft, name="省檔案局")
