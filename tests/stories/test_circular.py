"""A circular is counted once, worded by a person, numbered at its release and told to everyone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from catalog.dates.spans import span
from catalog.errors import ConflictError, NotFoundError, UsageRefusedError
from catalog.reports import circular_words
from ledger.post import tidings
from ledger.reports import circulars
from tasks.deeds import extending, raising
from tasks.people import users
from tasks.people.users import Newcomer
from tasks.post import requeue
from tasks.post.channels.channel import RefusedError
from tasks.reports import circular
from tests.world import ISSUED, World, address, small_plan

PLAN, DUE = "small-2013", date(2013, 9, 30)
DONE, OPEN = f"{PLAN}/1.done/-/once", f"{PLAN}/1.open/-/once"
SEPTEMBER, OCTOBER = span("2013-09"), span("2013-10")
OFFICE, TRADE, LIN = "office/officer", "trade/officer", "lin"
DAY = timedelta(days=1)


@pytest.fixture
def lived(world, tmp_path):
    """Two reports due at the end of September, one of which is done; it is 8 October."""
    named = [{"id": name, "says": name, "due_on": DUE} for name in ("done", "open")]
    world.publish(small_plan(tmp_path, *named, participants=["city"]))
    admin = [Newcomer(LIN, "林管理", "office", "administrator")]
    users.add(world.ledger, admin, since=ISSUED, at=world.at, actor="office")
    world.day(ISSUED)
    world.day(date(2013, 9, 10))
    world.file(DONE)
    world.close(DONE)
    world.day(date(2013, 10, 8))
    world.post.letters.clear()
    yield world
    world.post.letters.clear()


def draft(world: World, month=SEPTEMBER, user: str = OFFICE, **more) -> circulars.Circular:
    return circular.draft(world.ledger, PLAN, month, world.act(user), **more)


def release(world: World, user: str = OFFICE) -> circulars.Circular:
    return circular.release(world.ledger, PLAN, SEPTEMBER.label, world.act(user))


def edit(world: World, user: str = OFFICE, **words: str) -> None:
    circular.edit(world.ledger, PLAN, SEPTEMBER.label, world.act(user), words=words)


def kept(world: World) -> circulars.Circular:
    with world.ledger.read() as conn:
        return circulars.one(conn, PLAN, SEPTEMBER.label)


def test_it_tells_of_its_last_day_as_it_was_known_then(lived):
    told = draft(lived).figures
    figures = told.figures
    assert (told.on, figures.due, figures.on_time, figures.running) == (DUE, 2, 1, 1)
    assert figures.all_overdue == 0


@pytest.mark.parametrize(("lang", "zero"), [("zh-Hant", "0項"), ("zh-Hans", "0项"), ("en", " 0 ")])
def test_its_opening_leaves_out_what_is_0(lived, lang, zero):
    figures = draft(lived).figures
    opening = circular_words.first_words(figures, lang, {})["opening"]
    assert 0 in figures.figures.model_dump().values()
    assert not re.search(rf"(?<!\d){zero}", opening)
    assert f"{figures.figures.duties}" in opening


def test_of_a_month_under_way_it_tells_today(lived):
    told = draft(lived, OCTOBER).figures
    assert (told.on, told.figures.all_overdue) == (lived.today, 1)
    assert [(line.key, line.days, line.performer) for line in told.overdue] == [
        (OPEN, 8, "省外經貿廳")
    ]


def test_whoever_has_done_all_that_was_due_on_time_did_well(lived):
    well = draft(lived, on=date(2013, 9, 29)).figures.praised
    assert well == []  # one of two is still open
    lived.file(OPEN)
    lived.close(OPEN)
    assert [a.overdue for a in draft(lived, OCTOBER).figures.agencies] == []


@pytest.mark.parametrize(
    ("month", "on"),
    [
        (span("2013-11"), None),
        (SEPTEMBER, date(2013, 8, 31)),
        (OCTOBER, date(2013, 10, 9)),
    ],
)
def test_it_tells_of_no_day_before_it_begins_nor_of_tomorrow(lived, month, on):
    with pytest.raises(ConflictError) as refused:
        draft(lived, month, on=on)
    assert refused.value.key == "circular-day"


@pytest.mark.parametrize("before", ["1899", "1899-Q1", "2012", "2013-07"])
def test_it_tells_of_no_period_that_was_over_before_the_plan(lived, before):
    with pytest.raises(ConflictError) as refused:
        draft(lived, span(before))
    assert refused.value.key == "circular-before-plan"


def test_counted_again_the_same_data_are_the_same_bytes(lived):
    assert draft(lived).data == draft(lived).data


def test_what_happens_later_changes_nothing_in_it(lived):
    before = draft(lived).data
    lived.file(OPEN)
    lived.close(OPEN)
    assert draft(lived).data == before


def test_its_words_may_be_edited_until_it_is_released(lived):
    draft(lived)
    edit(lived, praise="予以表揚。")
    assert kept(lived).paragraphs["praise"] == "予以表揚。"
    release(lived)
    with pytest.raises(ConflictError) as refused:
        edit(lived, praise="不予表揚。")
    assert refused.value.key == "circular-released"


def test_a_section_there_is_not_is_refused(lived):
    draft(lived)
    with pytest.raises(UsageRefusedError):
        edit(lived, gossip="…")


def test_what_is_released_is_not_drafted_again(lived):
    draft(lived)
    before = release(lived)
    with pytest.raises(ConflictError):
        draft(lived)
    assert kept(lived) == before


def test_it_is_numbered_by_its_year(lived):
    draft(lived)
    assert release(lived).number == "督辦通報〔2013〕1號"
    with pytest.raises(ConflictError):
        release(lived)


@pytest.mark.parametrize("user", [TRADE, "reviewer/officer", LIN])
@pytest.mark.parametrize("deed", [draft, edit, release])
def test_only_the_office_has_a_hand_in_it(lived, user, deed):
    draft(lived)
    with pytest.raises(ConflictError) as refused:
        deed(lived, user=user)
    assert refused.value.key == "rule-who-office"


def test_nobody_releases_what_was_never_drafted(lived):
    with pytest.raises(NotFoundError):
        release(lived)


def test_every_agency_is_told_in_its_one_letter_of_the_next_day(lived):
    draft(lived)
    number = release(lived).number
    lived.day(lived.today + DAY)
    by_city = [x for x in lived.post.letters if x.to == address("city/officer")]
    assert [number in letter.body for letter in by_city] == [True]
    assert {x.to for x in lived.post.letters} == {
        address("trade/officer"),
        address("city/officer"),
    }


def test_a_letter_about_no_duty_that_failed_is_tried_again(lived):
    draft(lived)
    release(lived)
    lived.post.refusals = {address("city/officer"): RefusedError("550 no such user")}
    lived.day(lived.today + DAY)
    with lived.ledger.read() as conn:
        (dead,) = tidings.listed(conn, state="dead")
    assert (dead.tiding.recipient, dead.reason) == ("city/officer", "550 no such user")
    lived.post.refusals = {}
    requeue.retry(lived.ledger, [dead.tiding.id], at=lived.at, actor=OFFICE)
    lived.deliver()
    assert address("city/officer") in {letter.to for letter in lived.post.letters}


def test_what_an_agency_wrote_stands_in_the_words_as_text(lived):
    text = '{{ 7*7 }} =HYPERLINK("x") <w:fldSimple/>'
    raising.raise_problem(lived.ledger, OPEN, lived.act(TRADE), text=text)
    assert text in draft(lived, OCTOBER).paragraphs["problems"]


def test_problems_extensions_and_quotas_are_told(world, tmp_path):
    quota = {
        "id": "fair",
        "kind": "event",
        "says": "fair",
        "recurrence": "yearly",
        "quota": {"min": 4},
    }
    world.publish(small_plan(tmp_path, quota, {"id": "open", "says": "open", "due_on": DUE}))
    world.day(ISSUED)
    world.day(date(2013, 9, 10))
    extending.ask(world.ledger, OPEN, world.act(TRADE), to=date(2013, 10, 31), reason="需要時間")
    extending.grant(world.ledger, OPEN, world.act(OFFICE), document="粵府函〔2013〕9號")
    raising.raise_problem(world.ledger, OPEN, world.act(TRADE), text="資金未到位")
    world.day(date(2013, 10, 8))
    told = draft(world).figures
    assert (told.figures.extended, told.figures.due) == (1, 0)
    assert (told.figures.raised, told.figures.answered) == (1, 0)
    assert [(p.title, p.agency, p.answered_on) for p in told.problems] == [
        ("報告open", "省外經貿廳", None)
    ]
    assert [(q.delivered, q.wanted, q.expected) for q in told.behind] == [(0, 4, 1)]
    assert told.figures.behind == 1
    assert [line.key for line in told.coming] == [OPEN]
    world.post.letters.clear()
