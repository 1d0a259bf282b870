"""A slip (督辦單) is drafted by the ladder and sent by a person, or by nobody."""

from __future__ import annotations

import json
from datetime import date

import pytest

from catalog.errors import ConflictError
from catalog.plans.model import Plan
from ledger.post import slips
from tasks.deeds import reassigning
from tests.world import ISSUED, POSITIONS, small_plan

KEY, PARTY = "small-2013/1.report/-/once", "small-2013/1.report/city/once"
RED = "【紅燈督辦單】報告report，2013年12月31日到期"
DUE, LATE_7, LATE_15 = date(2013, 12, 31), date(2014, 1, 7), date(2014, 1, 15)


@pytest.fixture
def late(world, tmp_path):
    """The report is a week late: an amber slip lies in draft."""
    world.publish(small_plan(tmp_path, {"due_on": DUE}))
    world.day(ISSUED)
    world.acknowledge(KEY)
    world.until(date(2014, 1, 6))
    world.post.letters.clear()
    world.day(LATE_7)
    return world


def drafts(world):
    return world.notices(state="draft")


def test_the_office_hears_that_a_draft_waits_and_the_head_hears_nothing(late):
    seen = late.expect("office/officer", LATE_7, "late-7")
    assert "本事項的督辦單已擬好，請審核發出。" in seen.letter.body
    assert [(n.recipient, n.form) for n in drafts(late)] == [("trade/head", "slip")]


def test_a_draft_nobody_releases_stays_a_draft(late):
    late.until(date(2014, 1, 20))
    late.expect("office/officer", LATE_7, "late-7")
    late.expect("office/officer", LATE_15, "late-15")
    assert {n.rung for n in drafts(late)} == {"late-7", "late-15"}


def test_a_released_slip_leaves_with_the_next_round_on_its_own(late):
    late.expect("office/officer", LATE_7, "late-7")
    late.until(date(2014, 1, 8))
    late.release(drafts(late)[0].id)
    late.deliver()

    seen = late.expect("trade/head", date(2014, 1, 8), "late-7")
    assert seen.form == "slip"
    assert seen.letter.subject == "【黃燈督辦單】報告report，2013年12月31日到期"
    assert "請貴單位分管領導親自過問，督促立即落實" in seen.letter.body
    assert "抄送" not in seen.letter.body  # the lead performs it itself
    assert "協調辦公室\n2014年1月8日" in seen.letter.body


def test_the_second_slip_is_red_and_for_leader_and_head_under_one_number(late):
    late.expect("office/officer", LATE_7, "late-7")
    late.until(LATE_15)
    late.expect("office/officer", LATE_15, "late-15")
    red = [n for n in drafts(late) if n.rung == "late-15"]
    assert {n.recipient for n in red} == {"trade/leader", "trade/head"}
    late.release(red[0].id)
    late.deliver()

    letters = [late.expect(f"trade/{who}", LATE_15, "late-15").letter for who in POSITIONS[1:]]
    assert {letter.subject for letter in letters} == {RED}
    assert letters[0].body == letters[1].body
    with late.ledger.read() as conn:
        numbers = [e.slip.number for e in slips.listed(conn) if e.slip]
    assert numbers == ["督〔2014〕1號", "督〔2014〕1號"]


def test_a_late_party_gets_the_slip_and_the_lead_a_copy(world, tmp_path):
    """The lead reads of it in its digest; the party it is addressed to is not copied."""
    world.publish(small_plan(tmp_path, {"due_on": DUE, "parties": ["city"]}))
    world.day(ISSUED)
    world.acknowledge(PARTY)
    world.until(LATE_15)
    world.post.letters.clear()
    (amber,) = [n for n in drafts(world) if n.rung == "late-7"]
    assert amber.recipient == "city/head"
    world.release(amber.id)
    world.until(date(2014, 1, 16))

    slip = world.expect("city/head", date(2014, 1, 16), "late-7").letter
    assert "致：廣州市人民政府" in slip.body
    assert "抄送：省外經貿廳" in slip.body
    copy = world.expect("trade/officer", date(2014, 1, 16), "copied:late-7").letter
    assert "督辦單已發廣州市人民政府，抄送貴單位。編號：督〔2014〕1號" in copy.body


def test_the_ladder_of_an_older_plan_still_addresses_the_lead(world, tmp_path):
    """Published plans keep the recipients and the words they were published with."""
    rungs = [
        {"name": "amber", "when": "due", "days": 7, "to": ["lead.head"]},
        {"name": "red", "when": "due", "days": 15, "to": ["responsible"]},
    ]
    ladder = {"rungs": [rung | {"form": "slip", "light": rung["name"]} for rung in rungs]}
    plan = small_plan(tmp_path, {"due_on": DUE, "parties": ["city"]})
    world.publish(
        Plan.model_validate_json(json.dumps({**plan.model_dump(mode="json"), "ladder": ladder}))
    )
    world.until(LATE_15)
    assert {(n.recipient, n.rung) for n in drafts(world)} == {
        ("trade/head", "amber"),
        ("trade/leader", "red"),
    }
    world.release(drafts(world)[0].id)
    world.deliver()
    slip = world.expect("trade/head", LATE_15, "amber").letter
    assert "請貴單位分管領導督促承辦單位立即落實" in slip.body


def test_a_draft_to_the_former_performer_is_withdrawn_with_the_reassignment(late):
    """A slip is about somebody's own delay: the new performer has not been late."""
    reassigning.reassign(late.ledger, KEY, late.act("office/officer"), to="city", reason="職能調整")
    assert not drafts(late)
    late.post.letters.clear()


def test_a_slip_is_released_once(late):
    late.expect("office/officer", LATE_7, "late-7")
    (slip,) = drafts(late)
    late.release(slip.id)
    with pytest.raises(ConflictError) as refused:
        late.release(slip.id)
    assert (refused.value.key, refused.value.values["state"]) == ("message-state", "queued")
    late.deliver()
    late.expect("trade/head", LATE_7, "late-7")


def test_a_report_filed_in_time_takes_the_draft_back(late):
    late.expect("office/officer", LATE_7, "late-7")
    (slip,) = drafts(late)
    late.file(KEY)
    with pytest.raises(ConflictError):
        late.release(slip.id)
    late.until(date(2014, 1, 31))
    late.expect("office/officer", date(2014, 1, 8), "filed:1")
    assert [m.state for m in late.messages() if m.form == "slip"] == ["superseded"]
