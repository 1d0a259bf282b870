"""In a demonstration each office lives its plans in a ledger of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from catalog.plans.load import load_plan, plan_names
from ledger.offices.jurisdictions import Jurisdiction, listed
from ledger.plans import editions
from ledger.proof import chain
from ledger.session import Ledger
from tasks import today
from tasks.demo import play
from tests.world import called, small_plan

DUE = {"parties": ["city"], "due_on": date(2013, 8, 30)}
ISSUED = date(2013, 8, 12)


@pytest.fixture
def ours(tmp_path):
    return small_plan(tmp_path, DUE)


@pytest.fixture
def theirs(tmp_path):
    """A plan of another office, issued a week later."""
    plan = called(small_plan(tmp_path, DUE, code="wells-2013"), "office", "水井辦公室")
    return plan.model_copy(update={"issued_on": ISSUED})


def test_the_plans_of_an_office_are_lived_together(ours, theirs, tmp_path):
    second = small_plan(tmp_path, DUE, code="second-2013")
    second = second.model_copy(update={"issued_on": date(2013, 8, 6)})

    assert play.offices([theirs, second, ours]) == [[ours, second], [theirs]]


def test_the_catalogue_has_a_plan_of_another_office():
    (first,), (second,) = play.offices(map(load_plan, plan_names()))

    assert (first.plan, second.plan) == ("guangdong-2013", "kindergartens-2019")


def test_another_office_has_a_jurisdiction_made_once_and_named_for_it(ledger, theirs):
    made = [play.settings_beside(ledger.settings, theirs, port=8180) for _ in range(2)]

    assert made[0] == made[1]
    assert listed(ledger.settings)[1:] == [
        Jurisdiction("wells", "水井辦公室", "http://wells.localhost:8180")
    ]


def test_each_lives_from_its_own_day_and_keeps_its_own_history(ledger, ours, theirs):
    until = date(2013, 8, 14)
    play.play_all(ledger, [ours], until=until)
    with ledger.read() as conn:
        before = chain.head(conn)

    with Ledger.open(play.settings_beside(ledger.settings, theirs, port=8180)) as beside:
        play.play_all(beside, [theirs], until=until)
        assert today.demo_day(beside) == until
        with beside.read() as conn:
            assert [e.plan for e in editions.all_in_force(conn)] == [theirs.plan]
            assert min(entry.at for entry in chain.entries(conn)) > ISSUED.isoformat()
        assert list((beside.settings.home / "outbox").rglob("*.eml"))
    with ledger.read() as conn:
        assert chain.head(conn) == before


def test_each_has_a_password_of_its_own(ledger, ours, theirs):
    play.begin(ledger, ours)
    at = play.sweep_instant(ours.zone, ISSUED)
    with Ledger.open(play.settings_beside(ledger.settings, theirs, port=8180)) as beside:
        play.begin(beside, theirs)
        assert play.password(beside, at=at) != play.password(ledger, at=at)
        assert (beside.settings.home / "demo-password").is_file()


def test_letters_of_a_jurisdiction_lead_to_its_own_address(ledger, theirs):
    elsewhere = replace(ledger.settings, base_url="http://main.invalid")
    with Ledger.open(play.settings_beside(elsewhere, theirs, port=8180)) as beside:
        play.play_all(beside, [theirs], until=ISSUED)
        letters = (beside.settings.home / "outbox").rglob("*.eml")
        told = "".join(letter.read_text("utf-8") for letter in letters)

    assert "http://wells.localhost:8180/duty/wells-2013/" in told
    assert "main.invalid" not in told
