"""A year is scored once, from the history alone; an agency may object, and the office decides."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from catalog.errors import ConflictError, NotFoundError
from catalog.plans.succession import Order
from catalog.reports.scorecard import result
from ledger.reports import scorecards
from tasks.agencies.reorganise import reorganise
from tasks.deeds import deciding, extending
from tasks.known_on import known_on
from tasks.people import users
from tasks.reports import scorecard
from tasks.reports.scorecard_figures import count_cards
from tests.world import ISSUED, World, address, small_plan

PLAN, DUE = "small-2013", date(2013, 9, 30)
OFFICE, TRADE, CITY = "office/officer", "trade/officer", "city/officer"
DAY = timedelta(days=1)
NEW_YEAR = date(2014, 1, 6)


def key(name: str, party: str = "-") -> str:
    return f"{PLAN}/1.{name}/{party}/once"


@pytest.fixture
def lived(world, tmp_path):
    """One report of the lead on time, one never; the city's, which the lead leads, late."""
    named = [{"id": name, "says": name, "due_on": DUE} for name in ("done", "open")]
    by_city = {"id": "late", "says": "late", "due_on": DUE, "parties": ["city"]}
    world.publish(small_plan(tmp_path, *named, by_city, participants=["stranger"]))
    world.day(ISSUED)
    world.day(date(2013, 9, 10))
    finish(world, key("done"))
    world.day(date(2013, 10, 8))
    finish(world, key("late", "city"))
    world.day(NEW_YEAR)
    world.post.letters.clear()
    yield world
    world.post.letters.clear()


def finish(world: World, duty: str) -> None:
    world.file(duty)
    if world.duty(duty).lead != world.duty(duty).performer:
        deciding.accept(world.ledger, duty, world.act(TRADE))
    world.close(duty)


def announce(world: World, user: str = OFFICE) -> list[scorecards.Card]:
    return scorecard.announce(world.ledger, PLAN, 2013, world.act(user))


def object_to(world: World, *, user: str = TRADE, duty: str = "", text: str = "數據有誤") -> int:
    return scorecard.object_to(
        world.ledger, PLAN, 2013, "trade", world.act(user), duty=duty or key("open"), text=text
    )


def decide(world: World, outcome: scorecard.Outcome = "upheld", user: str = OFFICE) -> None:
    card = scorecards.card_id(PLAN, 2013, "trade")
    act = world.act(user)
    scorecard.decide(world.ledger, card, 1, act, outcome=outcome, answer="屬實")


def score(world: World, agency: str = "trade") -> Decimal | None:
    with world.ledger.read() as conn:
        card = scorecards.one(conn, PLAN, 2013, agency)
        return result(
            card.figures, without=scorecard.upheld(scorecards.objections(conn, card.id))
        ).score


def outcomes(world: World, agency: str) -> dict[str, tuple[str, str, int]]:
    with world.ledger.read() as conn:
        card = count_cards(conn, PLAN, 2013, on=world.today)[agency]
    return {line.key: (line.role, line.outcome, line.days) for line in card.lines}


def test_each_agency_is_scored_in_the_role_nearest_to_the_work(lived):
    late = key("late", "city")
    assert outcomes(lived, "trade") == {
        key("done"): ("performer", "on-time", 0),
        key("open"): ("performer", "overdue", 98),
        late: ("lead", "late", 8),
    }
    assert outcomes(lived, "city") == {late: ("performer", "late", 8)}
    assert {role for role, _, _ in outcomes(lived, "stranger").values()} == {"participant"}


def test_whoever_only_takes_part_loses_no_points_for_others(lived):
    """What the trade department left undone stands on the card of the museum, and costs nothing."""
    with lived.ledger.read() as conn:
        card = count_cards(conn, PLAN, 2013, on=lived.today)["stranger"]
    assert {line.outcome for line in card.lines} == {"on-time", "overdue", "late"}
    assert [line.points for line in card.lines] == [None, None, None]
    assert result(card).score is None
    assert "僅配合的事項列明、不計分" in card.formula_in_words("zh-Hant")


def test_cities_that_have_the_same_to_do_do_not_answer_for_one_another(world, tmp_path):
    both = {"id": "each", "says": "each", "due_on": DUE, "parties": ["city", "stranger"]}
    plan = small_plan(tmp_path, both, participants=["city", "stranger", "reviewer"])
    world.publish(plan)
    world.day(date(2013, 10, 8))
    world.post.letters.clear()
    assert list(outcomes(world, "city")) == [key("each", "city")]
    assert len(outcomes(world, "reviewer")) == 2


def test_an_extension_that_was_granted_costs_nothing(lived):
    extending.ask(
        lived.ledger, key("open"), lived.act(TRADE), to=date(2014, 3, 31), reason="需要時間"
    )
    extending.grant(lived.ledger, key("open"), lived.act(OFFICE), document="粵府函〔2013〕9號")
    assert key("open") not in outcomes(lived, "trade")  # it is due in another year now


def test_a_duty_counts_for_who_held_it_when_it_was_due(lived):
    merged = Order("merged", "trade", NEW_YEAR, "粵府〔2014〕1號", "stranger")
    before = outcomes(lived, "trade")
    reorganise(lived.ledger, merged, lived.act(OFFICE))
    assert outcomes(lived, "trade") == before


def test_the_cards_of_a_year_are_announced_once_it_is_over(lived):
    lived.today = date(2013, 12, 31)
    with pytest.raises(ConflictError) as refused:
        announce(lived)
    assert refused.value.key == "cards-early"


@pytest.mark.parametrize("year", [-1, 0, 2012, 2016, 10_000])
def test_a_year_outside_of_the_plan_has_no_cards(lived, year):
    with pytest.raises(NotFoundError):
        scorecard.announce(lived.ledger, PLAN, year, lived.act(OFFICE))


def test_what_happens_after_the_announcement_changes_no_card(lived):
    announce(lived)
    before = score(lived)
    finish(lived, key("open"))
    assert (score(lived), before) == (before, Decimal("52.94"))


def test_an_announced_card_is_what_the_history_says_of_that_day(lived):
    kept = {card.agency: card.figures for card in announce(lived)}
    lived.day(NEW_YEAR + DAY)
    with known_on(lived.ledger, NEW_YEAR, lambda: lived.at) as conn:
        again = count_cards(conn, PLAN, 2013, on=NEW_YEAR)
    frozen = {"entries", "head"}  # the announcement itself is of that day too
    assert {a: c.model_dump(exclude=frozen) for a, c in kept.items()} == {
        a: c.model_dump(exclude=frozen) for a, c in again.items()
    }


def test_cards_are_announced_once(lived):
    announce(lived)
    with pytest.raises(ConflictError) as refused:
        announce(lived)
    assert refused.value.key == "cards-announced"


def test_each_agency_is_told_of_its_own_card(lived):
    announce(lived)
    lived.day(NEW_YEAR + DAY)
    told = {x.to: x.body for x in lived.post.letters if "考核表" in x.body}
    assert set(told) == {address(f"{name}/officer") for name in ("trade", "city", "stranger")}
    assert "致：廣州市人民政府" in told[address("city/officer")]


def test_a_duty_whose_objection_is_upheld_leaves_the_card(lived):
    announce(lived)
    before = score(lived)
    assert object_to(lived) == 1
    assert score(lived) == before  # nothing is decided yet
    decide(lived)
    assert score(lived) == Decimal("88.24")


def test_an_objection_that_is_refused_leaves_the_card_as_it_is(lived):
    announce(lived)
    before = score(lived)
    object_to(lived)
    decide(lived, "refused")
    assert score(lived) == before


@pytest.mark.parametrize(
    ("given", "key_"),
    [
        ({"user": CITY}, "objection-of-another"),
        ({"user": OFFICE}, "objection-of-another"),
        ({"user": "reviewer/officer"}, "objection-of-another"),
        ({"text": " "}, "rule-needs-text"),
        ({"duty": key("done")}, "objection-of-what"),
        ({"duty": key("absent")}, "objection-of-what"),
    ],
)
def test_only_the_agency_objects_and_only_where_it_lost_points(lived, given, key_):
    announce(lived)
    with pytest.raises(ConflictError) as refused:
        object_to(lived, **given)
    assert refused.value.key == key_


def test_nobody_objects_twice_about_one_duty_nor_after_the_last_day(lived):
    announce(lived)
    object_to(lived)
    with pytest.raises(ConflictError) as refused:
        object_to(lived)
    assert refused.value.key == "objection-twice"
    lived.today = NEW_YEAR + 16 * DAY
    with pytest.raises(ConflictError) as refused:
        object_to(lived, duty=key("late", "city"))
    assert refused.value.key == "objection-late"


@pytest.mark.parametrize("user", [TRADE, "reviewer/officer"])
def test_only_the_office_announces_and_decides(lived, user):
    with pytest.raises(ConflictError) as refused:
        announce(lived, user)
    assert refused.value.key == "rule-who-office"
    announce(lived)
    object_to(lived)
    with pytest.raises(ConflictError) as refused:
        decide(lived, user=user)
    assert refused.value.key == "rule-who-office"


def test_an_objection_is_decided_once(lived):
    announce(lived)
    object_to(lived)
    decide(lived)
    with pytest.raises(ConflictError) as refused:
        decide(lived, "refused")
    assert refused.value.key == "objection-decided"


def test_the_letter_about_a_decided_objection_can_be_written(lived):
    """It names the year and the objection, and comes with the next digest."""
    announce(lived)
    lived.day(NEW_YEAR + DAY)
    object_to(lived, duty=key("open"))
    lived.post.letters.clear()
    scorecard.decide(
        lived.ledger,
        f"{PLAN}/2013/trade",
        1,
        lived.act(OFFICE),
        outcome="refused",
        answer="數據無誤",
    )
    lived.day(NEW_YEAR + 2 * DAY)
    letters = [letter for letter in lived.post.letters if letter.to == address(TRADE)]
    assert ["2013年考核表第1項異議已答覆" in letter.body for letter in letters] == [True]


def test_whose_other_post_is_in_the_agency_does_not_decide_its_objection(lived):
    announce(lived)
    object_to(lived)
    post = users.Newcomer("trade@office", "經辦", "office", of=TRADE)
    users.add(lived.ledger, [post], since=lived.today, at=lived.at, actor="cli:root")
    with pytest.raises(ConflictError) as refused:
        decide(lived, user="trade@office")
    assert refused.value.key == "decider-has-stake"
    decide(lived)
