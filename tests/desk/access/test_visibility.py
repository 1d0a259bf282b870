"""The one policy: what each person sees, and what it may do."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog.duties.deeds import DEEDS
from catalog.errors import ConflictError, NotFoundError
from catalog.wording import texts
from desk.access import visibility
from ledger.duties import conditions, duties
from tasks.act import Act
from tasks.deeds import reassigning

ON = dt.date(2014, 1, 24)
ACT = Act("li", ON, dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC))
SIX_CITIES = "guangdong-2013/35.advisory/dongguan/once"


@pytest.fixture
def actors(desk_ledger):
    with desk_ledger.read() as conn:
        users = ("chen", "li", "wu", "he", "lin", "zhou")
        return {user: visibility.actor(conn, user, ON) for user in users}


def test_each_of_the_cast_is_what_its_role_and_agency_make_it(actors):
    assert {user: actor.kind for user, actor in actors.items()} == {
        "chen": "office",
        "li": "agency",
        "wu": "agency",
        "he": "reviewer",
        "lin": "administrator",
        "zhou": "agency",
    }


@pytest.mark.parametrize("user", ["chen", "he", "lin"])
def test_office_reviewers_and_administrators_see_all(desk_ledger, actors, user):
    with desk_ledger.read() as conn:
        seen = {d.key for d in visibility.duties_of(conn, actors[user])}
        assert seen == duties.keys(conn, "guangdong-2013")


@pytest.mark.parametrize("user", ["li", "wu", "zhou"])
def test_an_agency_sees_exactly_what_it_leads_performs_or_takes_part_in(desk_ledger, actors, user):
    with desk_ledger.read() as conn:
        every = duties.listed(conn)
        seen = {d.key for d in visibility.duties_of(conn, actors[user])}
    mine = actors[user].agency

    assert seen == {d.key for d in every if mine in (d.lead, d.performer, *d.participants)}
    assert 0 < len(seen) < len(every)


def test_a_count_is_the_length_of_its_list(desk_ledger, actors):
    open_ = conditions.UNCLOSED
    with desk_ledger.read() as conn:
        for actor in actors.values():
            listed = visibility.duties_of(conn, actor, open_)
            assert visibility.count_of(conn, actor, open_) == len(listed)


def test_a_list_comes_in_pages_in_its_order(desk_ledger, actors):
    with desk_ledger.read() as conn:
        whole = visibility.duties_of(conn, actors["chen"], order=["due_on"])
        page = visibility.duties_of(conn, actors["chen"], order=["due_on"], limit=50, offset=50)

    assert page == whole[50:100]
    assert whole == sorted(whole, key=lambda d: (d.due_on, d.key))


@pytest.mark.parametrize("key", [SIX_CITIES, "guangdong-2013/99.none/-/2014"])
def test_anothers_duty_is_as_absent_as_one_that_is_not_there(desk_ledger, actors, key):
    with desk_ledger.read() as conn, pytest.raises(NotFoundError) as refused:
        visibility.duty_of(conn, actors["zhou"], key)

    assert refused.value.key == "duty-unknown"


def test_a_substitute_sees_and_may_do_what_it_stands_in_for_only_then(desk_ledger):
    until = dt.date(2014, 1, 31)
    reassigning.delegate(desk_ledger, "li", ACT, substitute="zhou", until=until)
    with desk_ledger.read() as conn:
        zhou = visibility.actor(conn, "zhou", ON)
        duty = visibility.duty_of(conn, zhou, SIX_CITIES)
        later = visibility.actor(conn, "zhou", until + dt.timedelta(days=1))
        with pytest.raises(NotFoundError):
            visibility.duty_of(conn, later, SIX_CITIES)

    assert zhou.agencies == {"shantou", "dongguan"}
    assert visibility.may(zhou, "file", duty)


def test_who_has_ended_is_no_actor(desk_ledger):
    with desk_ledger.read() as conn, pytest.raises(ConflictError):
        visibility.actor(conn, "chen", dt.date(2013, 8, 4))


@pytest.mark.parametrize(
    ("user", "may"),
    [
        ("li", {"acknowledge", "file", "progress", "raise-problem", "comment"}),
        ("chen", {"close", "grant-extension", "suspend", "waive", "return", "comment"}),
        ("he", {"comment"}),
        ("lin", set()),
    ],
)
def test_a_person_may_what_its_role_in_the_duty_allows(desk_ledger, actors, user, may):
    with desk_ledger.read() as conn:
        duty = duties.one(conn, SIX_CITIES)
    allowed = {deed for deed in DEEDS if visibility.may(actors[user], deed, duty)}

    assert may <= allowed
    assert (not may) is (not allowed)


def test_on_a_day_the_standing_is_asked_too(desk_ledger, actors):
    with desk_ledger.read() as conn:
        ended = next(d for d in duties.listed(conn) if d.closed_on and d.performer == "dongguan")

    assert visibility.may(actors["li"], "file", ended)
    assert not visibility.may(actors["li"], "file", ended, on=ON)


@pytest.mark.parametrize("place", sorted(visibility.PLACES))
def test_every_place_is_for_somebody_we_know(place):
    assert visibility.PLACES[place] <= visibility.EVERYBODY
    assert visibility.PLACES[place]


def test_every_page_of_the_menu_is_a_place_with_its_text(app):
    for entry in app.state.menu:
        assert entry.place in visibility.PLACES
        assert entry.text in texts("zh-Hant")
