"""The demonstration lives the same days the same way, interrupted or not."""

from __future__ import annotations

import pkgutil
from datetime import UTC, date, datetime

import pytest

from catalog.dates.days import A_DAY
from catalog.dates.workdays import load_workdays
from catalog.errors import ConflictError
from catalog.plans.load import load_plan
from ledger.duties import duties
from ledger.plans import editions
from ledger.proof import chain
from tasks import today
from tasks.act import Act
from tasks.deeds import pausing
from tasks.demo import play as demo
from tasks.plans.publish import publish
from tasks.sweep_time import sweep_instant
from tests.databases import ON_SQLITE
from tests.world import small_plan

PLAN = "guangdong-2013"
AT = datetime(2013, 8, 5, 0, 30, tzinfo=UTC)
UNTIL, PLAYED = date(2013, 8, 14), date(2013, 9, 13)
DEEDS = {"acknowledged", "delivered", "filed", "closed"}


class Killed(BaseException):
    """The process dies here: nothing below may catch it."""


@pytest.fixture(scope="module")
def plan():
    return load_plan(PLAN)


def lived(ledger, plan, until=UNTIL):
    """Run the demonstration as the command does, and return the head it leaves."""
    demo.begin(ledger, plan)
    demo.play(ledger, plan.plan, until=until, progress=lambda _: None)
    with ledger.read() as conn:
        return chain.head(conn)


@pytest.fixture(scope="module")
def real(plan, tmp_path_factory, kind):
    """A demonstration of the real plan, for every test that only looks."""
    with kind.open(tmp_path_factory.mktemp("demo") / "home") as ledger:
        lived(ledger, plan)
        yield ledger


@pytest.mark.both
def test_it_is_the_same_each_time(ledger, plan, real):
    with real.read() as conn:
        assert lived(ledger, plan) == chain.head(conn)


def test_running_it_again_changes_nothing(plan, real):
    with real.read() as conn:
        before = chain.head(conn)
    assert lived(real, plan) == before


@pytest.mark.both
def test_a_plan_issued_later_joins_in_on_its_day(ledger, tmp_path):
    due = {"parties": ["city"], "due_on": date(2013, 8, 30)}
    first = small_plan(tmp_path, due)
    other = small_plan(tmp_path, due, code="other-2013")
    other = other.model_copy(update={"issued_on": date(2013, 8, 12)})

    for until in (date(2013, 8, 9), date(2013, 8, 20), date(2013, 8, 20)):
        demo.play_all(ledger, [other, first], until=until)

    with ledger.read() as conn:
        swept = {e.plan: e.swept_through for e in editions.all_in_force(conn)}
        days = [e.at for e in chain.entries(conn)]
    assert swept == {first.plan: date(2013, 8, 20), other.plan: date(2013, 8, 20)}
    assert days == sorted(days)


@ON_SQLITE
@pytest.mark.parametrize("days", [0, 20])
def test_the_cast_leaves_alone_what_a_visitor_suspended_or_waived(ledger, tmp_path, days):
    due = [{"id": name, "due_on": date(2013, 9, 30)} for name in ("paused", "waived")]
    plan = small_plan(tmp_path, *due)
    paused, waived = (f"small-2013/1.{name}/-/once" for name in ("paused", "waived"))
    day = plan.issued_on + days * A_DAY
    demo.play_all(ledger, [plan], until=day)
    act = Act("office/officer", day, sweep_instant(plan.zone, day) + 3 * demo.ANSWER_AFTER)
    pausing.suspend(ledger, paused, act, reason="臺風")
    pausing.waive(ledger, waived, act, reason="並入", document="1號")

    demo.play_all(ledger, [plan], until=date(2013, 11, 30))
    with ledger.read() as conn:
        assert not any(one.filed_on for one in duties.of(conn, [paused, waived]).values())


# where a run dies: at which call of what, before it begins or just after it ended
DEATHS = [
    ("tasks.demo.play.publish", 1, "after"),
    ("tasks.demo.play.people.introduce", 1, "after"),
    ("tasks.demo.play.sweep", 2, "before"),
    ("tasks.demo.play.sweep", 2, "after"),
    ("tasks.demo.play.deliver", 1, "after"),
    ("tasks.demo.play.acting.act", 2, "after"),
    ("tasks.sweep.sweep.STEPS", 3, "step"),
    ("tasks.post.channels.files.FileChannel.send", 1, "before"),
    ("tasks.post.channels.files.FileChannel.send", 1, "after"),
    ("tasks.post.channels.files.FileChannel.send", 3, "after"),
    ("tasks.demo.cast.performing.answering.acknowledge", 1, "after"),
    ("tasks.demo.cast.performing.answering.acknowledge", 7, "after"),
    ("tasks.demo.cast.performing.answering.deliver_item", 1, "after"),
    ("tasks.demo.cast.performing.answering.file_submission", 2, "after"),
    ("tasks.demo.cast.deciding.deciding.close", 2, "after"),
]


@pytest.fixture(scope="module")
def play(tmp_path_factory):
    """A small plan on which the cast does everything it can within six weeks."""
    folder = tmp_path_factory.mktemp("play")
    parties = ["city", "reviewer", "stranger"]
    reports = [{"id": f"r{n}", "parties": parties, "due_on": date(2013, 8, 30)} for n in range(2)]
    return small_plan(
        folder, *reports, {"id": "event", "quota": {"min": 3}, "due_on": date(2013, 8, 30)}
    )


@pytest.fixture(scope="module")
def played(play, tmp_path_factory, kind):
    with kind.open(tmp_path_factory.mktemp("played") / "home") as ledger:
        return lived(ledger, play, until=PLAYED)


@pytest.mark.parametrize("death", DEATHS, ids=lambda death: " ".join(map(str, death)))
def test_killed_it_goes_on_as_if_nothing_had_been(death, ledger, play, played, monkeypatch):
    kill(monkeypatch, *death)
    with pytest.raises(Killed):
        lived(ledger, play, until=PLAYED)
    monkeypatch.undo()
    assert lived(ledger, play, until=PLAYED) == played


def test_everything_it_sends_says_that_it_is_a_demonstration_and_leads_nowhere(real):
    letters = list((real.settings.home / "outbox").rglob("*.eml"))
    assert len(letters) > 40
    for letter in letters:
        text = letter.read_text(encoding="utf-8")
        assert "X-Duban-Demo: yes" in text
        assert "【演示數據】" in text
        assert "@demo.invalid" in text.split("\n\n")[0]


def test_it_keeps_away_from_a_real_ledger(ledger, plan, tmp_path):
    publish(ledger, small_plan(tmp_path, {}), at=AT, actor="office/officer")
    with pytest.raises(ConflictError) as refused:
        demo.begin(ledger, plan)
    assert refused.value.key == "demo-in-real-home"


def test_it_stands_at_the_last_day_lived(real):
    assert today.demo_day(real) == UNTIL


def test_the_cast_acts_on_working_days_only(real):
    with real.read() as conn:
        acted = {date.fromisoformat(e.at[:10]) for e in chain.entries(conn) if e.deed in DEEDS}
    workdays = load_workdays("CN")
    assert len(acted) > 2
    assert all(workdays.is_workday(day) for day in acted)


def test_one_agency_is_silent_and_most_are_prompt(real):
    with real.read() as conn:
        signed = {e.actor for e in chain.entries(conn) if e.deed == "acknowledged"}
    assert "zhaoqing/officer" not in signed
    assert signed >= {"wjmt/officer", "guangzhou/officer", "foshan/officer"}


def kill(monkeypatch, place, at_call, when):
    """Die at the n-th call of `place`, before it begins or after it ended; of STEPS, a step."""
    real, calls = pkgutil.resolve_name(place), 0

    def dying(*args, **kwargs):
        nonlocal calls
        calls += 1
        if (calls, when) == (at_call, "before"):
            raise Killed
        result = real(*args, **kwargs) if when != "step" else None
        if calls == at_call:
            raise Killed
        return result

    if when == "step":
        calls = at_call - 1
        monkeypatch.setattr(place, (*real[:at_call], dying, *real[at_call:]))
    else:
        monkeypatch.setattr(place, dying)
