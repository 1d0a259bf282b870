"""The deeds of a duty's life: each records its fact once, in its place, and sends its notices."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.duties.standing import standing
from catalog.errors import ConflictError, NotFoundError
from ledger.duties import duties, life
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from tasks.deeds import answering, deciding, extending, pausing, raising, reassigning
from tests.world import DAY, ISSUED, PostOffice, World, dump, small_plan

KEY = "small-2013/1.report/-/once"
CITY = "small-2013/1.city/city/once"
MEETING = "small-2013/1.meeting/-/2013"
DUE = date(2013, 9, 30)


@pytest.fixture
def world(ledger, tmp_path):
    """A report of the lead's, one the city performs for it, and a quota of two meetings."""
    stage = World(ledger, PostOffice())
    meeting = {"id": "meeting", "recurrence": "yearly", "quota": {"min": 2}}
    city = {"id": "city", "due_on": DUE, "parties": ["city"]}
    stage.publish(small_plan(tmp_path, {"due_on": DUE}, city, meeting))
    stage.sweep(ISSUED)
    stage.today = date(2013, 8, 6)
    yield stage
    with ledger.read() as conn:
        assert list(differences(conn)) == []


def status(world, key=KEY):
    return standing(duties.facts(world.duty(key)), world.today).status


def read(world, noun, key=KEY):
    with world.ledger.read() as conn:
        return getattr(life, noun)(conn, key)


def entry(world, key=KEY):
    """The latest entry of a duty."""
    with world.ledger.read() as conn:
        return list(chain.entries(conn, subject=key))[-1]


def told(world, event, key=KEY):
    return {n.recipient for n in world.notices(duty=key) if n.rung == event}


def refused(deed, *args, **fields):
    with pytest.raises(ConflictError) as refusal:
        deed(*args, **fields)
    return refusal.value.key


def office(world):
    return world.ledger, KEY, world.act("office/officer")


def trade(world, key=KEY):
    return world.ledger, key, world.act("trade/officer")


def city(world):
    return world.ledger, CITY, world.act("city/officer")


def test_an_acknowledged_duty_is_on_course(world):
    assert status(world) == "awaiting-receipt"
    world.acknowledge(KEY)
    assert (world.duty(KEY).acknowledged_on, status(world)) == (world.today, "on-course")


def test_a_refusal_goes_to_the_office_and_nothing_can_be_filed_until_it_is_answered(world):
    answering.refuse(*city(world), reason="非本市職責")
    assert told(world, "refused:1", CITY) == {"office/officer", "trade/officer"}
    assert refused(world.file, CITY) == "rule-not-refused"
    act = world.act("office/officer")
    reassigning.reassign(world.ledger, CITY, act, to="city", reason="經核實屬本市")
    world.file(CITY)
    assert status(world, CITY) == "under-review"


def test_progress_is_kept_and_tells_nobody(world):
    before = len(world.notices())
    answering.progress(*trade(world), text="已完成初稿")
    (row,) = read(world, "remarks")
    assert (row.kind, row.said_by, row.text) == ("progress", "trade/officer", "已完成初稿")
    assert len(world.notices()) == before


def test_items_of_a_quota_are_counted_with_their_day(world):
    fields = {"title": "第一次會議", "place": "廣州", "held_on": ISSUED}
    answering.deliver_item(*trade(world, MEETING), **fields)
    world.deliver_item(MEETING, title="第二次會議")
    with world.ledger.read() as conn:
        items = duties.items(conn, MEETING)
    assert world.duty(MEETING).delivered == 2
    assert {(i.title, i.place, i.held_on) for i in items} == {
        ("第一次會議", "廣州", ISSUED),
        ("第二次會議", "", world.today),
    }


def test_a_meeting_still_to_come_is_not_counted(world):
    fields = {"title": "會議", "held_on": world.today + DAY}
    assert refused(answering.deliver_item, *trade(world, MEETING), **fields) == "rule-not-ahead"


def test_a_meeting_outside_of_its_period_is_refused_with_both_days(world):
    world.today = date(2014, 1, 10)
    with pytest.raises(ConflictError) as refusal:
        answering.deliver_item(*trade(world, MEETING), title="會議", held_on=world.today)
    days = {name: refusal.value.values[name] for name in ("since", "until")}
    assert refusal.value.key == "rule-within-period"
    assert days == {"since": ISSUED, "until": date(2013, 12, 31)}
    answering.deliver_item(*trade(world, MEETING), title="會議", held_on=date(2013, 12, 31))


def test_a_filing_of_a_quota_that_is_not_full_says_how_many_are_missing(world):
    world.deliver_item(MEETING)
    world.file(MEETING)
    assert entry(world, MEETING).payload["shortfall"] == 1


def test_a_filing_of_the_lead_goes_to_the_office_that_of_another_to_the_lead(world):
    world.file(KEY)
    world.file(CITY)
    assert told(world, "filed:1") == {"office/officer"}
    assert told(world, "filed:1", CITY) == {"trade/officer"}


def test_each_filing_is_kept_with_what_became_of_it(world):
    world.file(KEY)
    world.give_back(KEY, reason="缺數據")
    world.today += DAY
    world.file(KEY)
    first, second = read(world, "submissions")
    assert (first.returned_on, first.reason) == (date(2013, 8, 6), "缺數據")
    assert (second.number, second.filed_on, second.returned_on) == (2, date(2013, 8, 7), None)
    assert (world.duty(KEY).filings, status(world)) == (2, "under-review")


def test_a_returned_duty_is_looked_at_from_that_day_on(world):
    world.file(KEY)
    world.today = date(2013, 9, 26)
    world.give_back(KEY)
    duty = world.duty(KEY)
    assert (duty.told_through, duty.look_on) == (date(2013, 9, 26), date(2013, 9, 26))
    assert told(world, "returned:1") == {"trade/officer"}


def test_the_lead_accepts_before_the_office_closes(world):
    world.file(CITY)
    assert refused(world.close, CITY) == "rule-lead-accepts-first"
    deciding.accept(*trade(world, CITY))
    assert told(world, "accepted:1", CITY) == {"office/officer"}
    world.close(CITY)
    assert status(world, CITY) == "closed-on-time"
    assert told(world, "closed", CITY) == {"city/officer", "trade/officer"}


def test_what_is_returned_after_its_acceptance_must_be_accepted_again(world):
    world.file(CITY)
    deciding.accept(*trade(world, CITY))
    world.give_back(CITY)
    world.file(CITY)
    assert refused(world.close, CITY) == "rule-lead-accepts-first"


def test_done_late_stays_late(world):
    world.today = DUE + DAY
    world.file(KEY)
    world.close(KEY)
    assert standing(duties.facts(world.duty(KEY)), world.today) == ("closed-late", "amber")


def test_closed_not_done_keeps_its_reason(world):
    deciding.close_not_done(*office(world), reason="政策已取消")
    assert status(world) == "closed-not-done"
    assert entry(world).payload["reason"] == "政策已取消"


def test_an_extension_keeps_the_old_date(world):
    extending.ask(*trade(world), to=date(2013, 10, 31), reason="需徵求意見")
    assert told(world, "extension-asked:1") == {"office/officer"}
    assert world.duty(KEY).due_on == DUE
    extending.grant(*office(world), document="粵府函〔2013〕9號")
    duty, (old_date,) = world.duty(KEY), read(world, "due_dates")
    assert (duty.due_on, duty.due_version, duty.extensions) == (date(2013, 10, 31), 2, 1)
    assert (old_date.version, old_date.due_on, old_date.reason) == (1, DUE, "需徵求意見")
    assert told(world, "extension-granted:1") == {"trade/officer"}


def test_the_office_may_grant_another_day(world):
    extending.ask(*trade(world), to=date(2013, 12, 31), reason="需徵求意見")
    extending.grant(*office(world), to=date(2013, 10, 15), document="粵府函〔2013〕9號")
    (request,) = read(world, "extensions")
    assert (request.asked_to, request.granted_to) == (date(2013, 12, 31), date(2013, 10, 15))
    assert world.duty(KEY).due_on == date(2013, 10, 15)


def test_a_day_after_the_end_of_the_plan_is_granted_on_a_document(world):
    after = date(2016, 1, 31)
    extending.ask(*trade(world), to=after, reason="需徵求意見")
    assert refused(extending.grant, *office(world)) == "rule-past-the-plan"
    extending.grant(*office(world), document="粵府函〔2015〕9號")
    assert (world.duty(KEY).due_on, entry(world).payload["document"]) == (
        after,
        "粵府函〔2015〕9號",
    )


def test_a_refused_extension_leaves_the_date_and_another_may_be_asked_for(world):
    extending.ask(*trade(world), to=date(2013, 12, 31), reason="需徵求意見")
    extending.refuse(*office(world), reason="不同意")
    assert (world.duty(KEY).due_on, world.duty(KEY).due_version) == (DUE, 1)
    extending.ask(*trade(world), to=date(2013, 10, 15), reason="再次申請")
    assert [e.outcome for e in read(world, "extensions")] == ["refused", None]


def test_what_was_asked_for_and_has_passed_is_not_granted(world):
    extending.ask(*trade(world), to=date(2013, 10, 15), reason="需徵求意見")
    world.today = date(2013, 10, 16)
    assert refused(extending.grant, *office(world)) == "rule-later-date"


def test_a_request_lapses_with_its_duty(world):
    extending.ask(*trade(world), to=date(2013, 10, 31), reason="需徵求意見")
    world.file(KEY)
    world.close(KEY)
    assert [e.outcome for e in read(world, "extensions")] == ["lapsed"]


def test_the_clock_stands_while_a_duty_is_suspended(world):
    pausing.suspend(*office(world), reason="等待國家政策")
    assert status(world) == "suspended"
    assert refused(world.file, KEY) == "rule-standing-suspended"
    world.today = date(2013, 8, 16)
    pausing.resume(*office(world))
    duty, (old_date,) = world.duty(KEY), read(world, "due_dates")
    assert (duty.due_on, duty.due_version) == (date(2013, 10, 10), 2)
    assert (old_date.due_on, old_date.reason) == (DUE, "2013-08-06/2013-08-16")


def test_it_can_be_suspended_again_on_the_day_it_was_resumed(world):
    for _ in range(2):
        pausing.suspend(*office(world), reason="等待國家政策")
        pausing.resume(*office(world))
    assert (world.duty(KEY).due_on, world.duty(KEY).due_version) == (DUE, 3)


def test_a_waiver_names_its_document(world):
    pausing.waive(*office(world), reason="機構改革", document="粵府〔2013〕1號")
    assert status(world) == "waived"
    assert entry(world).payload["document"] == "粵府〔2013〕1號"
    assert world.duty(KEY).look_on is None


def test_another_performer_signs_anew_and_the_former_is_told(world):
    world.acknowledge(CITY)
    act = world.act("office/officer")
    reassigning.reassign(world.ledger, CITY, act, to="stranger", reason="職責調整")
    duty = world.duty(CITY)
    assert (duty.performer, duty.acknowledged_on) == ("stranger", None)
    assert told(world, "relieved:1", CITY) == {"city/officer"}
    assert told(world, "reassigned:1", CITY) == {"stranger/officer", "trade/officer"}
    world.acknowledge(CITY)
    assert entry(world, CITY).actor == "stranger/officer"


def test_a_new_performer_is_not_chased_for_the_days_of_the_former(world):
    world.acknowledge(CITY)
    world.sweep(date(2013, 8, 12))
    world.today = date(2013, 9, 20)
    act = world.act("office/officer")
    reassigning.reassign(world.ledger, CITY, act, to="stranger", reason="職責調整")
    world.sweep(date(2013, 9, 21))
    rungs = {rung for n in world.notices(duty=CITY) for rung in (n.rung, *n.coalesced)}
    assert not rungs & {"unsigned-5", "unsigned-10"}


def test_nobody_unregistered_is_given_a_duty(world):
    with pytest.raises(NotFoundError) as absent:
        reassigning.reassign(*office(world), to="nobody", reason="職責調整")
    assert absent.value.key == "agency-unknown"


def test_a_problem_goes_to_the_office_and_its_answer_to_who_raised_it(world):
    number = raising.raise_problem(*city(world), text="缺配套資金")
    assert told(world, "problem:1", CITY) == {"office/officer"}
    act = world.act("office/officer")
    raising.answer_problem(world.ledger, CITY, act, number=number, text="已商財政廳")
    (problem,) = read(world, "problems", CITY)
    assert (problem.text, problem.answer) == ("缺配套資金", "已商財政廳")
    assert told(world, "problem-answered:1", CITY) == {"city/officer"}
    again = {"number": number, "text": "再答"}
    assert refused(raising.answer_problem, world.ledger, CITY, act, **again) == "problem-answered"


def test_a_reviewer_may_comment_and_nothing_else(world):
    act = world.act("reviewer/officer")
    raising.comment(world.ledger, KEY, act, text="請補充數據來源")
    assert [r.kind for r in read(world, "remarks")] == ["comment"]
    assert refused(answering.progress, world.ledger, KEY, act, text="x").startswith("rule-who-")


def test_a_refused_deed_changes_nothing(world):
    before = dump(world.ledger)
    assert refused(world.close, KEY) == "rule-standing-running"
    assert dump(world.ledger) == before


def test_nothing_can_be_done_to_a_duty_that_has_ended(world):
    world.file(KEY)
    world.close(KEY)
    for deed in (world.acknowledge, world.file, world.give_back, world.close):
        assert refused(deed, KEY) == "rule-standing-ended"


def test_the_entry_has_what_was_said_without_what_no_text_may_hold(world):
    answering.progress(*trade(world), text="  一\r\n二\x00\ud800 ")
    assert entry(world).payload["text"] == "一\n二"


def test_an_unknown_duty_is_not_found(world):
    with pytest.raises(NotFoundError) as absent:
        raising.comment(world.ledger, "small-2013/1.nothing/-/once", world.act("x"), text="x")
    assert absent.value.key == "duty-unknown"
