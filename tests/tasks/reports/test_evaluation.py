"""A year's evaluation of 21 cities: one reports nothing, one corrects, one leaves a gap."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, InvalidError, NotFoundError
from catalog.reports.evaluation_words import first_words
from catalog.wording import languages
from ledger.proof.ledger_verification import differences
from ledger.reports import localities
from tasks.basic_data import lacking
from tasks.localities.indicator_values import NewValue, report_values
from tasks.localities.rewards import reward
from tasks.reports.evaluation import evaluate
from tests.localities import CODE, INDICATORS, city, plan_of_cities
from tests.world import PostOffice, World

CITIES, SILENT, GAP, CORRECTED = 21, 20, 5, 7
SPRING = date(2015, 2, 2)
WINTER = date(2015, 1, 12)  # before the readings of 2014 are due
IDS = ("schemes", "fees", "platforms", "brands")


@pytest.fixture
def world(ledger):
    stage = World(ledger, PostOffice())
    stage.publish(plan_of_cities(CITIES))
    stage.today = SPRING
    return stage


def figures(number):
    """Return the figures of a city: the lower its number, the better."""
    return [str(40 - number), str(100 + number), str(CITIES - number), f"{60 - number}.5"]


def bring(world, number, *, values=None, by="", source="統計年報"):
    new = [
        NewValue(city(number), indicator, value, source)
        for indicator, value in zip(IDS, values or figures(number), strict=False)
    ]
    return report_values(
        world.ledger, CODE, 2014, world.act(by or f"{city(number)}/officer"), new=new
    )


def evaluated(world, language="zh-Hant", *, on=SPRING):
    with world.ledger.read() as conn:
        return evaluate(conn, CODE, 2014, on=on, language=language)


@pytest.mark.both
def test_the_story_of_21_cities(world):
    for number in range(CITIES - 1):
        bring(world, number, values=figures(number)[: 2 if number == GAP else None])
    assert bring(world, CORRECTED, values=["39.5", *figures(CORRECTED)[1:]]) == 1
    reward(
        world.ledger,
        CODE,
        2014,
        city(0),
        world.act("office/officer"),
        text="通報表揚",
        document="粵府〔2015〕9號",
    )

    told = evaluated(world)
    ranks = {r.locality.agency: r.rank for r in told.ranking()}
    assert (ranks[city(0)], ranks[city(1)]) == (1, 2)
    assert len(ranks) == CITIES - 1
    assert [(p.agency, p.reason) for p in told.unscored] == [(city(SILENT), "no-data")]
    by_id = {p.agency: p for p in told.localities}
    assert by_id[city(GAP)].missing == ("platforms", "brands")
    assert by_id[city(CORRECTED)].indicators[0].value == "39.5"
    assert by_id[city(0)].indicator_score == "100.00"
    assert {each.rank for each in told.group_points(city(0))} == {1}
    with world.ledger.read() as conn:
        history = [
            v.value
            for v in localities.values(conn, CODE, year=2014)
            if (v.agency, v.indicator) == (city(CORRECTED), "schemes")
        ]
        assert history == ["33", "39.5"]
        assert list(differences(conn)) == []

    words = first_words(told, "zh-Hant")
    assert "雲市人民政府" not in words["best"]
    assert "未報任何基礎數據、不予排名的：揭市" not in words["ranking"]
    assert told.unscored[0].name in words["ranking"]
    assert "服務平臺數、自主品牌出口占比" in words["ranking"]
    assert "差距最大的指標" in words["mend"]
    assert "通報表揚（粵府〔2015〕9號）" in words["rewards"]
    for language in languages():
        assert all(
            text.strip() for text in first_words(evaluated(world, language), language).values()
        )


def test_a_lower_figure_is_better_where_the_plan_says_so(world):
    bring(world, 0, values=["1", "90", "1", "1"])
    bring(world, 1, values=["1", "80", "1", "1"])
    points = {p.agency: p.indicators[1].points for p in evaluated(world).localities}
    assert (points[city(0)], points[city(1)]) == ("0.00", "20.00")


def test_where_all_are_equal_all_have_the_full_weight(world):
    for number in (0, 1):
        bring(world, number, values=["1", "1", "1", "1"])
    assert [r.locality.indicator_score for r in evaluated(world).ranking()] == ["100.00"] * 2


def test_who_lacks_what_is_told_at_any_time(world):
    bring(world, 0, values=figures(0)[:3])
    with world.ledger.read() as conn:
        gaps = lacking(conn, plan_of_cities(CITIES), 2014)
    assert gaps[city(0)] == ["brands"]
    assert gaps[city(1)] == list(IDS)
    assert len(gaps) == CITIES


def test_a_locality_reports_its_own_and_the_office_any(world):
    assert bring(world, 0, by="office/officer") == len(IDS)
    for who in (f"{city(1)}/officer", "trade/officer", "reviewer/officer"):
        with pytest.raises(ConflictError) as refused:
            bring(world, 0, by=who)
        assert refused.value.key == "indicators-not-yours"


def test_the_duty_of_the_data_is_filed_with_them(world):
    key = f"{CODE}/3.data/{city(0)}/2014"
    world.sweep(SPRING)
    with pytest.raises(ConflictError) as refused:
        world.file(key)
    assert refused.value.key == "rule-indicators-first"

    bring(world, 0, values=figures(0)[:3])
    assert world.duty(key).filed_on is None
    bring(world, 0)
    assert world.duty(key).filed_on == world.today


@pytest.mark.parametrize(
    ("new", "key"),
    [
        (NewValue(city(0), "schemes", "many", "x"), "figure-in-cell"),
        (NewValue(city(0), "dinners", "1", "x"), "indicator-unknown"),
        (NewValue(city(0), "schemes", "1", " "), "indicator-source"),
        (NewValue("trade", "schemes", "1", "x"), "indicator-locality"),
    ],
)
def test_one_value_that_cannot_be_read_refuses_all(world, new, key):
    good = NewValue(city(0), "fees", "1", "x")
    with pytest.raises(InvalidError) as refused:
        report_values(
            world.ledger,
            CODE,
            2014,
            world.act("office/officer"),
            new=[good, new._replace(place="C7")],
        )
    assert (refused.value.key, refused.value.values["place"]) == (key, "C7")
    with world.ledger.read() as conn:
        assert localities.values(conn, CODE, year=2014) == []


def test_a_year_outside_the_plan_or_ahead_has_no_data(world):
    with pytest.raises(ConflictError) as refused:
        report_values(world.ledger, CODE, 2016, world.act("office/officer"), new=[])
    assert refused.value.key == "indicators-year"


def test_the_office_alone_records_rewards_with_their_document(world):
    fields = {"text": "表揚", "document": "文"}
    with pytest.raises(ConflictError) as refused:
        reward(world.ledger, CODE, 2014, city(0), world.act("trade/officer"), **fields)
    assert refused.value.key == "rule-who-office"
    office = world.act("office/officer")
    with pytest.raises(ConflictError) as refused:
        reward(world.ledger, CODE, 2014, city(0), office, text="表揚", document="")
    assert refused.value.key == "rule-needs-document"
    with pytest.raises(NotFoundError):
        reward(world.ledger, CODE, 2014, "trade", office, **fields)
    assert reward(world.ledger, CODE, 2014, city(0), office, **fields) == 1


def test_without_indicators_a_locality_without_a_score_has_its_reason(ledger):
    world = World(ledger, PostOffice())
    world.publish(plan_of_cities(2, (INDICATORS, ""), ('indicators_by = "3.data"\n', "")))
    world.today = WINTER
    assert [p.reason for p in evaluated(world, on=WINTER).unscored] == ["no-duty", "no-duty"]
    world.sweep(WINTER)
    assert [p.reason for p in evaluated(world, on=WINTER).unscored] == ["not-due", "not-due"]
    assert evaluated(world, on=WINTER).punctuality == 100
