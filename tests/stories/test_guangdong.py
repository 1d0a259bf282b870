"""The real plan of 2013: its duties open, are told, and are followed up on the right days."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tests.world import ISSUED

PLAN = "guangdong-2013"
SIX = ("guangzhou", "shenzhen", "foshan", "huizhou", "dongguan", "zhongshan")


@pytest.fixture(scope="module")
def duties(unanswered):
    return {duty.key: duty for duty in unanswered.duties}


@pytest.fixture(scope="module")
def told(unanswered):
    """Each duty's rungs by recipient, day by day."""
    found: dict[str, list] = {}
    for notice in unanswered.notices:
        found.setdefault(notice.duty, []).append(notice)
    return found


def test_on_the_day_of_issue_every_agency_concerned_gets_one_letter(world, guangdong):
    world.publish(guangdong)
    world.day(ISSUED)

    nobody = {agency.id for agency in guangdong.agencies if agency.kind == "open-group"}
    concerned: dict[str, set[str]] = {}
    holding: set[str] = set()
    for duty in world.duties():
        if duty.opens_on == ISSUED:
            for agency in {duty.lead, duty.performer, *duty.participants} - nobody:
                concerned.setdefault(agency, set()).add(duty.key)
            holding |= {duty.lead, duty.performer} if duty.kind == "event" else set()
    assert len(concerned) > 40
    for agency, keys in concerned.items():
        rungs = ("issue", "prepared-event") if agency in holding else ("issue",)
        letter = world.expect(f"{agency}/officer", ISSUED, *rungs)
        assert {key for key, _ in letter.notices} == keys


def test_every_duty_opens_and_is_issued_to_its_performer_and_its_lead(unanswered, told):
    for duty in unanswered.duties:
        assert duty.opened_on == duty.opens_on
        issued = {n.recipient: n.on for n in told[duty.key] if n.rung == "issue"}
        assert issued[f"{duty.performer}/officer"] == duty.opens_on
        assert issued[f"{duty.lead}/officer"] == duty.opens_on


def test_the_joint_working_group_meets_three_times(duties):
    meetings = [duties[key] for key in duties if key.startswith(f"{PLAN}/40.meeting/")]
    assert [(m.period, m.opens_on, m.due_on, m.quota_min, m.quota_max) for m in meetings] == [
        ("2013", ISSUED, date(2013, 11, 30), 1, 2),
        ("2014", date(2014, 1, 1), date(2014, 11, 30), 1, 2),
        ("2015", date(2015, 1, 1), date(2015, 11, 30), 1, 2),
    ]
    assert {m.lead for m in meetings} == {"wjmt"}
    assert [key for key, duty in duties.items() if duty.measure == "40"] == [
        m.key for m in meetings
    ]


def test_six_cities_each_have_until_the_middle_of_2014(duties):
    found = [d for d in duties.values() if d.measure == "35" and d.due_on == date(2014, 6, 30)]
    assert {d.performer for d in found} == set(SIX)
    assert [d.opens_on for d in found] == [date(2014, 1, 1)] * 6


@pytest.mark.parametrize(
    ("rung", "on"),
    [
        ("issue", date(2014, 1, 1)),
        ("before-30", date(2014, 5, 30)),
        ("before-7", date(2014, 6, 23)),
        ("before-1", date(2014, 6, 27)),
        ("late-1", date(2014, 7, 1)),
        ("late-7", date(2014, 7, 7)),
        ("late-15", date(2014, 7, 15)),
        ("late-every-15:30", date(2014, 8, 1)),
        ("late-every-15:45", date(2014, 8, 18)),
    ],
)
def test_the_six_cities_are_followed_up_on_the_golden_days(rung, on, duties, told):
    for city in SIX:
        (key,) = [
            d.key
            for d in duties.values()
            if (d.measure, d.performer, d.due_on) == ("35", city, date(2014, 6, 30))
        ]
        assert {n.on for n in told[key] if n.rung == rung} == {on}


def test_no_agency_gets_more_than_one_digest_a_day(unanswered):
    digests = {(n.on, n.recipient, n.message) for n in unanswered.notices if n.form == "notice"}
    assert set(Counter((on, to) for on, to, _ in digests).values()) == {1}


def test_slips_go_to_heads_and_leaders_and_stay_drafts(unanswered):
    slips = [n for n in unanswered.notices if n.form == "slip"]
    assert {n.recipient.partition("/")[2] for n in slips} == {"head", "leader"}
    assert {n.state for n in slips} == {"draft"}
