"""Asks: one for each rung and event, by the part of the recipient and the facts of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.duties.refusal import Case, refusal
from catalog.duties.standing import Facts, standing
from catalog.ladder.rungs import DEFAULT_LADDER
from catalog.letters.asks import ask, matter_of_rung, most_pressing, present
from catalog.letters.matters import EVENTS, Ask, Matter, Part, State

ON = date(2014, 5, 30)
FACTS = Facts(opens_on=date(2014, 1, 2), due_on=date(2014, 6, 30), quota_min=4)
SIGNED = replace(FACTS, acknowledged_on=date(2014, 1, 6))
FILED = replace(SIGNED, filed_on=date(2014, 5, 20))
STATES = {
    "fresh": State(FACTS, ON),
    "signed": State(SIGNED, ON, planned_on=ON),
    "spoken": State(replace(SIGNED, spoken_on=ON), ON),
    "filed": State(FILED, ON, lead_performs=False),
    "accepted": State(FILED, ON, lead_performs=False, is_accepted=True),
    "returned": State(replace(FILED, returned_on=ON), ON),
    "late": State(replace(SIGNED, due_on=date(2014, 5, 1)), ON),
    "refused": State(FACTS, ON, is_refused=True),
    "paused": State(replace(SIGNED, suspended_on=date(2014, 5, 1)), ON),
    "waived": State(replace(SIGNED, waived_on=ON), ON),
    "over": State(replace(FILED, closed_on=ON, closed_as="done"), ON),
}
# "-" is a matter that is settled.
TABLE = """
MATTER PART fresh signed spoken filed accepted returned late refused paused waived over
open performer sign - - - - - - - - - -
open lead know know know - - know know - - - -
open participant support support support - - support support - - - -
open office know know know - - know know - - - -
unsigned performer sign - - - - - - - - - -
unsigned lead follow-up - - - - - - - - - -
unsigned office follow-up - - - - - - - - - -
progress performer report report - - - mend - - - - -
progress lead follow-up follow-up - - - follow-up - - - - -
progress office follow-up follow-up - - - follow-up - - - - -
silent performer report report - - - mend - - - - -
silent lead follow-up follow-up - - - follow-up - - - - -
silent office follow-up follow-up - - - follow-up - - - - -
before performer file file file - - mend file - - - -
before lead follow-up know know - - follow-up follow-up - - - -
before participant support support support - - support support - - - -
before office follow-up know know - - follow-up follow-up - - - -
pace performer deliver deliver deliver - - mend file - - - -
pace lead follow-up follow-up follow-up - - follow-up follow-up - - - -
pace participant support support support - - support support - - - -
pace office follow-up follow-up follow-up - - follow-up follow-up - - - -
late performer - - - - - - file - - - -
late lead - - - - - - follow-up - - - -
late participant - - - - - - support - - - -
late office - - - - - - follow-up - - - -
draft office release release release - - release release release - - -
accepted performer - - - know know - - - - - -
accepted lead - - - know know - - - - - -
accepted office - - - know decide - - - - - -
amended performer sign know know know know mend file know know - -
amended lead know know know know know know know know know - -
amended office know know know know know know know know know - -
closed performer know know know know know know know know know know know
closed lead know know know know know know know know know know know
closed participant know know know know know know know know know know know
closed office know know know know know know know know know know know
closed-not-done performer know know know know know know know know know know know
closed-not-done lead know know know know know know know know know know know
closed-not-done office know know know know know know know know know know know
copied performer know know know know know know know know know - -
copied lead know know know know know know know know know - -
copied office know know know know know know know know know - -
copied outsider know know know know know know know know know - -
extension-asked performer know know know know know know know know know - -
extension-asked lead know know know know know know know know know - -
extension-asked office decide decide decide decide decide decide decide decide know - -
extension-granted performer know know know know know know know know know - -
extension-granted lead know know know know know know know know know - -
extension-granted office know know know know know know know know know - -
order-corrected performer know know know know know know know know know - -
order-corrected lead know know know know know know know know know - -
order-corrected office know know know know know know know know know - -
extension-refused performer file file file - - mend file - - - -
extension-refused lead know know know - - know know - - - -
extension-refused office know know know - - know know - - - -
filed performer - - - know know - - - - - -
filed lead - - - accept - - - - - - -
filed office - - - know decide - - - - - -
meeting-called-off performer know - know know know know know know know know know
meeting-called-off lead know - know know know know know know know know know
meeting-called-off office know - know know know know know know know know know
meeting-called-off outsider know - know know know know know know know know know
meeting-planned performer - attend - - - - - - - - -
meeting-planned lead - attend - - - - - - - - -
meeting-planned participant - attend - - - - - - - - -
meeting-planned office - know - - - - - - - - -
named performer sign - - - - - - - - - -
named lead know know know - - know know - - - -
named participant support support support - - support support - - - -
named office know know know - - know know - - - -
prepared-event performer know know know - - know know - - - -
prepared-event lead know know know - - know know - - - -
prepared-event office know know know - - know know - - - -
prepared-meeting performer know know know - - know know - - - -
prepared-meeting lead know know know - - know know - - - -
prepared-meeting office know know know - - know know - - - -
prepared-report performer know know know - - know know - - - -
prepared-report lead know know know - - know know - - - -
prepared-report office know know know - - know know - - - -
problem performer know know know know know know know know know know know
problem lead know know know know know know know know know know know
problem office decide decide decide decide decide decide decide decide decide decide decide
problem-answered performer know know know know know know know know know know know
problem-answered lead know know know know know know know know know know know
problem-answered office know know know know know know know know know know know
problem-answered outsider know know know know know know know know know know know
reassigned performer sign - - - - - - - - - -
reassigned lead know know know - - know know - - - -
reassigned participant support support support - - support support - - - -
reassigned office know know know - - know know - - - -
refused performer - - - - - - - know - - -
refused lead - - - - - - - know - - -
refused office - - - - - - - decide - - -
reinstated performer sign know know - - mend file - - - -
reinstated lead know know know - - know know - - - -
reinstated participant support support support - - support support - - - -
reinstated office know know know - - know know - - - -
relieved outsider know know know know know know know know know know know
resumed performer file file file - - mend file - - - -
resumed lead know know know - - know know - - - -
resumed office know know know - - know know - - - -
returned performer - - - - - mend - - - - -
returned lead - - - - - follow-up - - - - -
returned office - - - - - follow-up - - - - -
succeeded performer sign know know - - mend file - - - -
succeeded lead know know know - - know know - - - -
succeeded participant support support support - - support support - - - -
succeeded office know know know - - know know - - - -
suspended performer - - - - - - - - know - -
suspended lead - - - - - - - - know - -
suspended office - - - - - - - - know - -
taken-up performer sign - - - - - - - - - -
taken-up lead know know know - - know know - - - -
taken-up participant support support support - - support support - - - -
taken-up office know know know - - know know - - - -
urged performer report report - - - mend file - - - -
urged lead follow-up follow-up - - - follow-up follow-up - - - -
urged office follow-up follow-up - - - follow-up follow-up - - - -
waived performer - - - - - - - - - know -
waived lead - - - - - - - - - know -
waived office - - - - - - - - - know -
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
# The deeds that an ask calls for: one of them must be open to the recipient.
DEEDS = {
    "mend": ("file",),
    "file": ("file",),
    "sign": ("acknowledge",),
    "report": ("progress",),
    "deliver": ("deliver-item",),
    "accept": ("accept",),
    "release": ("release-slip",),
    "decide": ("close", "return", "grant-extension", "answer-problem", "reassign"),
}


def asked(name: str, part: Part, state: State, **more) -> Ask | None:
    return ask(Matter(name, since=date(2014, 5, 29), **more), part, state)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(row[:2]))
def test_the_ask_of_a_matter_by_the_facts(row: list[str]):
    matter, part, *expected = row
    asks = {name: asked(matter, part, state) or "-" for name, state in STATES.items()}
    assert asks == dict(zip(STATES, expected, strict=True))


def test_every_rung_and_event_stands_in_the_table():
    rungs = {matter_of_rung(r, p) for r in DEFAULT_LADDER.rungs for p in get_args(Part)}
    assert {row[0] for row in ROWS} >= rungs | EVENTS.keys()


@pytest.mark.parametrize("name", ["before", "late", "draft", "extension-refused"])
def test_news_of_a_due_date_that_moved_is_settled(name: str):
    for part in get_args(Part):
        assert asked(name, part, STATES["late"], is_current=False) is None


@pytest.mark.parametrize(
    "name", ["draft", "problem", "extension-asked", "urged", "meeting-planned"]
)
def test_what_was_decided_or_answered_is_settled(name: str):
    for part in get_args(Part):
        assert asked(name, part, STATES["signed"], is_open=False) is None


def test_a_meeting_is_attended_until_its_day():
    planned = STATES["signed"]._replace(planned_on=ON)
    assert asked("meeting-planned", "participant", planned) == "attend"
    past = planned._replace(planned_on=ON - timedelta(1))
    assert asked("meeting-planned", "participant", past) is None


def test_a_quota_that_caught_up_is_settled():
    signed = STATES["signed"]
    caught_up = signed._replace(facts=replace(signed.facts, delivered=4))
    assert asked("pace", "performer", signed) == "deliver"
    assert asked("pace", "performer", caught_up) is None


def test_whoever_has_no_part_any_more_is_asked_for_nothing():
    matters = {row[0] for row in ROWS}
    asks = {asked(name, "outsider", state) for name in matters for state in STATES.values()}
    assert asks == {None, "know"}


def test_a_deed_that_nobody_has_a_rule_for_follows_its_declaration(monkeypatch):
    monkeypatch.setitem(EVENTS, "sealed", "decide")
    assert asked("sealed", "office", STATES["signed"]) == "decide"
    assert asked("sealed", "performer", STATES["signed"]) == "know"


def test_the_facts_alone_ask_for_what_waits():
    assert present("performer", STATES["fresh"]) == "sign"
    assert present("performer", STATES["late"]) == "file"
    assert present("performer", STATES["returned"]) == "mend"
    assert present("lead", STATES["filed"]) == "accept"
    assert present("office", STATES["filed"]) == "know"
    assert present("office", STATES["accepted"]) == "decide"
    assert present("office", STATES["refused"]) == "decide"
    assert present("participant", STATES["late"]) == "know"


def test_a_line_has_the_most_pressing_of_its_asks():
    assert most_pressing(("know", "file", "mend")) == "mend"


DAYS = st.dates(date(2014, 1, 1), date(2014, 12, 31))
PAST = st.none() | DAYS


@st.composite
def states(draw) -> State:
    opens_on, on = draw(DAYS), draw(DAYS)
    filed_on = draw(PAST)
    facts = Facts(
        opens_on=opens_on,
        due_on=opens_on + timedelta(draw(st.integers(0, 200))),
        acknowledged_on=draw(PAST),
        filed_on=filed_on,
        returned_on=draw(PAST) if filed_on else None,
        suspended_on=draw(PAST),
        closed_on=draw(PAST),
        closed_as=draw(st.sampled_from(["done", "not-done"])),
        waived_on=draw(PAST),
        quota_min=draw(st.none() | st.integers(1, 9)),
        delivered=draw(st.integers(0, 9)),
        spoken_on=draw(PAST),
    )
    return State(facts, on, draw(st.booleans()), draw(st.booleans()), draw(st.booleans()))


def can(part: Part, deed: str, state: State, matter: Matter) -> bool:
    case = Case(
        actor="somebody",
        roles=frozenset({part}),
        status=standing(state.facts, state.on).status,
        fields=frozenset({"reason", "text", "summary", "to", "title", "document"}),
        lead_performs=state.lead_performs,
        acknowledged=not state.is_unsigned,
        accepted=state.is_accepted,
        refused=state.is_refused,
        has_quota=state.facts.quota_min is not None,
        has_request=matter.name == "extension-asked",
    )
    return refusal(deed, case) is None


@given(state=states(), name=st.sampled_from(sorted({row[0] for row in ROWS})), data=st.data())
def test_nobody_is_asked_for_what_they_cannot_do(state: State, name: str, data):
    part = data.draw(st.sampled_from(get_args(Part)))
    if state.lead_performs and part == "lead":
        return  # the performer, then
    matter = Matter(name, since=data.draw(DAYS), is_current=data.draw(st.booleans()))
    for each in {ask(matter, part, state), present(part, state)} & DEEDS.keys():
        assert any(can(part, deed, state, matter) for deed in DEEDS[each]), each


@given(state=states(), data=st.data())
def test_no_rung_speaks_of_a_duty_that_is_over(state: State, data):
    over = state._replace(facts=replace(state.facts, waived_on=state.on))
    rung = data.draw(st.sampled_from(DEFAULT_LADDER.rungs))
    for part in get_args(Part):
        assert asked(matter_of_rung(rung, part), part, over) is None
