"""Who may do what to which duty: the whole table, role by role and standing by standing."""

from __future__ import annotations

from typing import get_args

import pytest

from catalog.duties.deeds import DEEDS
from catalog.duties.refusal import RULES, Case, names, refusal
from catalog.duties.standing import Status
from catalog.role_names import Role

ROLES = get_args(Role)
STATUSES = get_args(Status)
FIELDS = frozenset(
    {"reason", "to", "text", "title", "summary", "document", "day", "answer", "done_on"}
)
RUNNING = {"awaiting-receipt", "on-course", "due-soon", "behind-pace", "overdue", "returned"}
ENDED = {"closed-on-time", "closed-late", "waived", "closed-not-done"}
REVIEW, SUSPENDED, NOT_OPEN = {"under-review"}, {"suspended"}, {"not-open"}
LIVE = RUNNING | REVIEW | SUSPENDED

# deed, roles, standings: on a duty that another agency than the lead performs, with all required
# fields, by somebody who has done nothing to the duty before
ALLOWED = [
    ("acknowledge", {"performer"}, RUNNING),
    ("refuse", {"performer"}, RUNNING),
    ("reassign", {"office"}, RUNNING | SUSPENDED | NOT_OPEN),
    ("progress", {"performer", "lead"}, LIVE),
    ("plan-meeting", {"performer", "lead"}, RUNNING),
    ("call-off-meeting", {"performer", "lead"}, RUNNING),
    ("answer-meeting", {"performer", "lead", "participant", "guest"}, LIVE),
    ("deliver-item", {"performer"}, RUNNING),
    ("file", {"performer"}, RUNNING),
    ("return", {"lead", "office"}, REVIEW),
    ("accept", {"lead"}, REVIEW),
    ("close", {"office"}, REVIEW),
    ("close-not-done", {"office"}, LIVE),
    ("ask-extension", {"performer", "lead"}, RUNNING),
    ("grant-extension", {"office"}, RUNNING | REVIEW),
    ("refuse-extension", {"office"}, RUNNING | REVIEW),
    ("suspend", {"office"}, RUNNING | REVIEW),
    ("resume", {"office"}, SUSPENDED),
    ("urge", {"office"}, RUNNING),
    ("waive", {"office"}, LIVE | NOT_OPEN),
    ("raise-problem", {"performer", "lead", "participant"}, LIVE),
    ("answer-problem", {"office"}, LIVE | ENDED),
    ("correct-order", {"office"}, RUNNING | SUSPENDED | NOT_OPEN),
    ("settle-done", {"office"}, {"past"}),
    ("settle-not-done", {"office"}, {"past"}),
    ("take-up", {"office"}, {"past"}),
    ("comment", set(ROLES), LIVE | ENDED | NOT_OPEN),
]
FIT = {
    "correct-order": {"is_beside": True},
    "deliver-item": {"has_quota": True},
    "plan-meeting": {"is_meeting": True},
    "call-off-meeting": {"planned": True},
    "answer-meeting": {"planned": True},
    "close": {"accepted": True},
    "grant-extension": {"has_request": True},
    "refuse-extension": {"has_request": True},
}


def case(*roles, status="on-course", **facts):
    values = {"fields": FIELDS, "lead_performs": False, "filed_by": "city/officer"} | facts
    return Case("somebody", frozenset(roles), status, **values)


@pytest.mark.parametrize(("deed", "who", "on"), ALLOWED, ids=[row[0] for row in ALLOWED])
def test_a_deed_is_done_by_these_roles_on_these_standings_and_no_others(deed, who, on):
    done = {
        (role, status)
        for role in ROLES
        for status in STATUSES
        if refusal(deed, case(role, status=status, **FIT.get(deed, {}))) is None
    }
    assert done == {(role, status) for role in who for status in on}


def test_the_table_above_has_every_deed_of_a_duty():
    of_others = {"report-reading", "release-slip", "withdraw-slip"}  # tested where they are made
    assert {row[0] for row in ALLOWED} == DEEDS.keys() - of_others


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_without_a_part_in_the_duty_does_anything(deed):
    assert {refusal(deed, case(status=status))[:4] for status in STATUSES} == {"who-"}


# deed, facts of the case that differ from one that is allowed, the rule that refuses
REFUSED = [
    ("acknowledge", "performer", {"acknowledged": True}, "once-acknowledged"),
    ("acknowledge", "performer", {"refused": True}, "not-refused"),
    ("refuse", "performer", {"refused": True}, "once-refused"),
    ("refuse", "performer", {"fields": frozenset()}, "needs-reason"),
    ("file", "performer", {"refused": True}, "not-refused"),
    ("file", "performer", {"fields": frozenset()}, "needs-summary"),
    ("file", "performer", {"dayless": True}, "day-of-a-meeting"),
    ("file", "performer", {"ahead": True}, "not-ahead"),
    ("file", "performer", {"outside": True}, "within-period"),
    ("plan-meeting", "lead", {}, "only-a-meeting"),
    ("plan-meeting", "lead", {"is_meeting": True, "past": True}, "not-past"),
    ("plan-meeting", "lead", {"is_meeting": True, "outside": True}, "within-period"),
    ("plan-meeting", "lead", {"fields": frozenset()}, "needs-day"),
    ("call-off-meeting", "lead", {}, "a-planned-meeting"),
    ("answer-meeting", "guest", {"planned": True, "fields": frozenset()}, "needs-answer"),
    ("deliver-item", "performer", {}, "only-a-quota"),
    ("deliver-item", "performer", {"has_quota": True, "ahead": True}, "not-ahead"),
    ("deliver-item", "performer", {"has_quota": True, "outside": True}, "within-period"),
    ("correct-order", "office", {}, "beside-the-plan"),
    ("return", "lead", {"filed_by": "somebody"}, "not-own-work"),
    ("accept", "lead", {"filed_by": "somebody"}, "not-own-work"),
    ("accept", "lead", {"lead_performs": True}, "lead-of-another"),
    ("accept", "lead", {"accepted": True}, "once-accepted"),
    ("close", "office", {}, "lead-accepts-first"),
    ("close", "office", {"accepted": True, "doers": {"somebody"}}, "doer-never-closes"),
    ("close-not-done", "office", {"doers": {"somebody"}}, "doer-never-closes"),
    ("ask-extension", "performer", {"has_request": True}, "one-request"),
    ("ask-extension", "performer", {"later": False}, "later-date"),
    ("grant-extension", "office", {}, "a-request"),
    ("grant-extension", "office", {"has_request": True, "later": False}, "later-date"),
    (
        "grant-extension",
        "office",
        {"has_request": True, "past_plan": True, "fields": frozenset()},
        "past-the-plan",
    ),
    (
        "grant-extension",
        "office",
        {"has_request": True, "of_the_plan": True, "fields": frozenset()},
        "cited-document",
    ),
    ("refuse-extension", "office", {}, "a-request"),
    ("urge", "office", {"urged": True}, "once-urged"),
    ("urge", "office", {"refused": True}, "not-refused"),
    ("waive", "office", {"fields": frozenset({"reason"})}, "needs-document"),
    ("reassign", "office", {"fields": frozenset({"reason"})}, "needs-to"),
]


@pytest.mark.parametrize(("deed", "role", "facts", "rule"), REFUSED)
def test_each_rule_refuses_what_it_is_there_for(deed, role, facts, rule):
    status = "under-review" if deed in {"return", "accept", "close"} else "on-course"
    assert refusal(deed, case(role, status=status, **facts)) == rule


def test_every_rule_has_refused_something():
    assert {row[3] for row in REFUSED if row[3] in RULES} == RULES.keys() - {"doer-never-decides"}


@pytest.mark.parametrize("deed", ["close", "close-not-done", "waive", "suspend", "reassign"])
@pytest.mark.parametrize("stands_in_for", ["performer", "lead"])
def test_who_stands_in_for_the_doer_decides_nothing_for_the_office(deed, stands_in_for):
    status = "under-review" if deed == "close" else "on-course"
    mixed = case("office", stands_in_for, status=status, accepted=True)
    assert refusal(deed, mixed) in {"doer-never-closes", "doer-never-decides"}


def test_who_stands_in_for_the_performer_accepts_nothing_for_the_lead():
    assert refusal("accept", case("lead", "performer", status="under-review")) == "not-own-work"


def test_a_lead_that_performs_itself_needs_no_acceptance():
    alone = case("office", status="under-review", lead_performs=True)
    assert refusal("close", alone) is None


def test_a_refusal_has_one_of_the_names_that_are_listed():
    rules = {
        refusal(deed, case(role, status=status, fields=frozenset()))
        for deed in DEEDS
        for role in ROLES
        for status in STATUSES
    }
    assert rules - {None} <= names()
