"""A released slip has the next number of its year and keeps the words it was released in."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import ConflictError, NotFoundError
from ledger.offices.installation import load_settings
from ledger.post import slips
from ledger.proof.ledger_verification import verify_ledger
from ledger.session import Ledger
from ledger.store.changes import Change
from tasks.act import Act
from tasks.deeds import pausing
from tasks.deeds import slips as slip
from tasks.people import users
from tasks.people.users import Newcomer
from tasks.post.contacts import Contact, reach
from tests.processes import AT_ONCE
from tests.world import ISSUED, PostOffice, World, add_channels, dump, small_plan

DUE, LATE_7 = date(2013, 12, 31), date(2014, 1, 7)
CHEN, HUANG = "chen", "huang"
STAFF = [
    Newcomer(CHEN, "陳文靜", "office"),
    Newcomer(HUANG, "黃志明", "office"),
    Newcomer("li", "李志強", "trade"),
    Newcomer("audit", "周敏", "reviewer", "reviewer"),
]
REPORTS = 4


def week_late(world: World, folder, *, reports: int = REPORTS) -> World:
    """Publish reports that nobody writes, and live on to the day their amber slips are drafted."""
    named = [{"id": f"report-{n}", "says": f"第{n}份", "due_on": DUE} for n in range(reports)]
    world.publish(small_plan(folder, *named))
    users.add(world.ledger, STAFF, since=ISSUED, at=world.at, actor="office")
    world.sweep(LATE_7, confirmed=CHEN)
    world.day(LATE_7)
    world.post.letters.clear()
    return world


@pytest.fixture
def late(world, tmp_path):
    return week_late(world, tmp_path)


def drafts(world: World) -> list[str]:
    return [n.id for n in world.notices(state="draft")]


def act(world: World, user: str = CHEN) -> Act:
    return Act(user, world.today, world.at)


def release(world: World, notice: str, user: str = CHEN) -> slips.Slip:
    return slip.release(world.ledger, notice, act(world, user))


def entered(world: World) -> list[str]:
    with world.ledger.read() as conn:
        return sorted(e.slip.number for e in slips.listed(conn) if e.slip)


@pytest.mark.both
def test_slips_are_numbered_as_they_are_released(late):
    first, second, *_ = drafts(late)
    numbers = [release(late, notice).number for notice in (second, first)]
    assert numbers == ["督〔2014〕1號", "督〔2014〕2號"]
    late.post.letters.clear()


def test_each_year_begins_at_one(late):
    first, second, *_ = drafts(late)
    release(late, first)
    late.today = date(2015, 1, 5)
    assert release(late, second).number == "督〔2015〕1號"


def test_the_number_stands_on_the_slip(late):
    release(late, drafts(late)[0])
    late.deliver()
    (letter,) = [x for x in late.post.letters if x.to.startswith("head.")]
    assert "編號：督〔2014〕1號\n" in letter.body
    late.post.letters.clear()


def test_a_slip_says_what_it_said_when_it_was_released(late):
    notice = drafts(late)[0]
    released = release(late, notice)
    with late.ledger.transaction() as tx:
        renamed = Change("duties", released.duty, {"title": "另一名稱"})
        tx.record("tested", released.duty, changes=[renamed], at=late.at, actor=CHEN)
    late.deliver()
    (letter,) = [x for x in late.post.letters if x.to.startswith("head.")]
    assert (letter.subject, letter.body) == (released.subject, released.body)
    late.post.letters.clear()


def test_a_recipient_of_two_channels_gets_one_slip_twice_under_one_number(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": DUE}))
    add_channels(world.ledger, "sms")
    phone = [Contact("trade", "head", "sms", "13800000000")]
    reach(world.ledger, phone, at=world.at, actor="office")
    users.add(world.ledger, STAFF, since=ISSUED, at=world.at, actor="office")
    world.day(LATE_7)
    world.post.letters.clear()

    by_mail, by_phone = drafts(world)
    released = release(world, by_mail)
    world.deliver()
    letters = world.post.letters[:]
    world.post.letters.clear()
    assert [(x.subject, x.body) for x in letters] == [(released.subject, released.body)] * 2
    assert entered(world) == [released.number] * 2
    with pytest.raises(ConflictError):
        release(world, by_phone)


def test_a_withdrawn_draft_is_not_sent_and_not_drafted_again(late):
    notice = drafts(late)[0]
    slip.withdraw(late.ledger, notice, act(late), reason="已口頭督促")
    late.until(date(2014, 1, 9))
    (found,) = [n for n in late.notices(form="slip") if n.id == notice]
    assert (found.state, found.reason) == ("superseded", "已口頭督促")
    with pytest.raises(ConflictError) as refused:
        release(late, notice)
    assert refused.value.key == "message-state"


def test_a_released_slip_cannot_be_withdrawn(late):
    notice = drafts(late)[0]
    release(late, notice)
    with pytest.raises(ConflictError) as refused:
        slip.withdraw(late.ledger, notice, act(late), reason="發錯")
    assert (refused.value.key, refused.value.values["state"]) == ("message-state", "queued")


@pytest.mark.parametrize(
    ("user", "rule"), [("li", "rule-who-office"), ("audit", "rule-who-office")]
)
def test_only_the_office_releases(late, user, rule):
    before = dump(late.ledger)
    with pytest.raises(ConflictError) as refused:
        release(late, drafts(late)[0], user)
    assert refused.value.key == rule
    assert dump(late.ledger) == before


def test_a_withdrawal_needs_its_reason(late):
    with pytest.raises(ConflictError) as refused:
        slip.withdraw(late.ledger, drafts(late)[0], act(late), reason=" ")
    assert refused.value.key == "rule-needs-reason"


def test_a_slip_of_a_moved_due_date_is_not_released(late):
    notice = drafts(late)[0]
    key = late.notices(form="slip")[0].duty
    with late.ledger.transaction() as tx:
        moved = Change("duties", key, {"due_on": date(2014, 6, 30), "due_version": 2})
        tx.record("tested", key, changes=[moved], at=late.at, actor=CHEN)
    with pytest.raises(ConflictError) as refused:
        release(late, notice)
    assert refused.value.key == "slip-outdated"


def test_a_resumed_duty_has_another_date_and_takes_its_drafts_back(late):
    key = late.notices(form="slip")[0].duty
    pausing.suspend(late.ledger, key, act(late), reason="機構改革")
    late.today = date(2014, 3, 7)
    pausing.resume(late.ledger, key, act(late))
    assert late.notices(duty=key, state="draft") == []


def test_a_refused_or_rehearsed_release_leaves_no_gap_in_the_register(late):
    first, second, third, _ = drafts(late)
    release(late, first)
    with pytest.raises(ConflictError):
        release(late, first)
    with late.ledger.rehearsal() as rehearsed:
        assert slip.release(rehearsed, second, act(late)).number == "督〔2014〕2號"
    assert release(late, third).number == "督〔2014〕2號"


def test_a_slip_is_found_by_its_number_and_by_its_notice(late):
    notice, other, *_ = drafts(late)
    number = release(late, notice).number
    with late.ledger.read() as conn:
        assert [e.notice.id for e in slips.matching(conn, number)] == [notice]
        assert slips.matching(conn, other)[0].slip is None
        with pytest.raises(NotFoundError):
            slips.matching(conn, "督〔2014〕99號")


def officer(environ: dict[str, str], user: str, notices: list[str], barrier) -> None:
    with Ledger.open(load_settings(environ)) as ledger:
        world = World(ledger, PostOffice())
        world.today = LATE_7
        barrier.wait()
        for notice in notices:
            release(world, notice, user)


@pytest.mark.both
def test_two_officers_releasing_at_once_share_one_register(
    ledger, home, database, tmp_path, monkeypatch
):
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: PostOffice())
    world = week_late(World(ledger, PostOffice()), tmp_path, reports=8)
    waiting = drafts(world)
    barrier = AT_ONCE.Barrier(2)
    at_once = [
        AT_ONCE.Process(target=officer, args=(database.environ(home), user, waiting[n::2], barrier))
        for n, user in enumerate((CHEN, HUANG))
    ]
    for process in at_once:
        process.start()
    for process in at_once:
        process.join()

    assert [process.exitcode for process in at_once] == [0, 0]
    assert entered(world) == [f"督〔2014〕{serial}號" for serial in range(1, 9)]
    with ledger.read() as conn:
        assert verify_ledger(conn).ok
