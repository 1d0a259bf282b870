"""A slip (督辦單) is drafted by the ladder and sent by a person, or by nobody."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError
from tests.world import ISSUED, small_plan

KEY = "small-2013/1.report/-/once"
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
    assert "本事項的督辦單已擬好，待貴辦審核發出。" in seen.letter.body
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
    assert "請貴單位分管領導督促承辦單位立即落實" in seen.letter.body
    assert "協調辦公室\n2014年1月8日" in seen.letter.body


def test_the_second_slip_is_red_and_for_the_responsible_leader(late):
    late.expect("office/officer", LATE_7, "late-7")
    late.until(LATE_15)
    late.expect("office/officer", LATE_15, "late-15")
    (red,) = [n for n in drafts(late) if n.rung == "late-15"]
    late.release(red.id)
    late.deliver()

    seen = late.expect("trade/leader", LATE_15, "late-15")
    assert seen.letter.subject == "【紅燈督辦單】報告report，2013年12月31日到期"


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
