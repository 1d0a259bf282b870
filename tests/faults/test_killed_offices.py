"""Killed at any commit of an office's decision about many duties, nothing is half decided."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest

from catalog.dates.notice_text import read_notice
from catalog.dates.spans import span_of
from catalog.plans.succession import Order
from catalog.reading.settling.settlement import Step
from catalog.reading.who.register import Register
from ledger.plans import plan_drafts
from ledger.proof import anchors, chain, samples
from ledger.proof.ledger_verification import verify_ledger
from ledger.reports import scorecards
from ledger.store.changes import Change
from tasks.agencies import open_groups, registering
from tasks.agencies.reorganise import reorganise
from tasks.deeds import pausing, reassigning
from tasks.documents import list_import
from tasks.localities import handing_out, indicator_values, rewards
from tasks.past import moving
from tasks.people import codes, passwords, users
from tasks.plans import assigning, holidays, problems, settling
from tasks.post import contacts
from tasks.post import requeue as notice
from tasks.post.forming import form
from tasks.proof import daily_check, mending, sampling
from tasks.reports import circular, scorecard
from tasks.sweep import brake
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.faults.conftest import TABLE, UNTIL_2013
from tests.faults.trial import Trial
from tests.localities import city, plan_of_cities
from tests.world import CAST, ISSUED, ZONE, small_plan

ROOT = Path(__file__).parents[2]
PLAN, LED = "small-2013", "small-2013/1.report/-/once"
BESIDE = f"{PLAN}/adhoc.1/-/once"
CITY, DONE = "small-2013/1.cities/city/once", "small-2013/1.done/-/once"
AUTUMN, NEW_YEAR, LEAP = date(2013, 9, 16), date(2014, 1, 6), date(2014, 10, 1)
SPAN = span_of(date(2013, 8, 1))
SECOND = date(2013, 8, 6)
HOLIDAYS = read_notice("off 2019-12-16 2019-12-20\nsource 國辦發明電〔2018〕1號\n")
DOCUMENT = "粵辦發〔2014〕5號"
TEXT = """\
廣東省試點行動計劃(2013-2015年)
2013年8月20日
一、任務
1.推進試點。2013年10月底前完成摸底。(省外經貿廳負責)
"""
QUICK = {"publish the draft", "bring a workbook back", "decide", "merge"}
# What takes a sender or a second office is killed in tests of its own.
ELSEWHERE = {
    *("accepting", "receiving", "handing_down", "reporting_up", "trusting"),  # with their own kills
    *("deliver", "forming", "stops", "trial", "meeting_answers"),  # a round, or what one brings
    *("founding", "backups"),  # the go of a setting up, and a backup begun on a page
}


def act(world, agency="office"):
    return world.act(f"{agency}/officer")


def by_office(function, *told, **said):
    return lambda w: function(w.ledger, *told, act(w), **said)


def administered(function, *told, **said):
    return lambda w: function(w.ledger, *told, at=w.at, actor="office/officer", **said)


def order(kind, agency, **said):
    def carry_out(world):
        order = Order(kind, agency, world.today, DOCUMENT, **said)
        reorganise(world.ledger, order, act(world))

    return carry_out


def begin_draft(named):
    """Begin a draft; its id is drawn by chance, and here the same when it is begun again."""

    def begin(world):
        fields = {"name": "方案.txt", "code": "pilot", "register": Register.of(world.plans[0])}
        with patch("secrets.token_hex", lambda _: named):
            settling.begin(world.ledger, TEXT.encode(), act(world), **fields)

    return begin


def draft_of(world):
    with world.ledger.read() as conn:
        return plan_drafts.open_(conn)[0].id


def say(world, deed, about, **fields):
    step = Step(deed, about, fields)
    settling.say(world.ledger, draft_of(world), act(world), step=step)


def settle(world):
    """Take what is left, one thing after the other; killed midway the next run takes the rest."""
    while remaining := left_of(world):
        say(world, "take", remaining[0])


def left_of(world):
    with world.ledger.read() as conn:
        return settling.settling(conn, draft_of(world)).stands.open


def bring_back(world):
    """Bring a list back in which three cells tell something new."""
    texts = {"progress": "過半", "problem": "缺人", "next_step": "招人"}
    cells = [
        list_import.Change(f"督辦台賬!{name}", name, LED, "", text) for name, text in texts.items()
    ]
    assert list_import.carry_out(world.ledger, cells, act(world, "trade")) == []


def retry(world):
    """Queue anew what found no address."""
    dead, *_ = world.notices(state="dead")
    notice.retry(world.ledger, [dead.id], at=world.at, actor="office/officer")


def find(world):
    with world.ledger.read() as conn:
        sample = samples.samples(conn, PLAN)[0]
    sampling.find(world.ledger, sample, DONE, act(world, "reviewer"), finding="true")


def verify(world):
    with world.ledger.read() as conn:
        verdict = verify_ledger(conn, anchors.anchors(world.ledger.settings.home))
    sampling.record_verification(world.ledger, PLAN, act(world, "reviewer"), verdict)


def spoil(world):
    """Set ahead what a sweep goes by, as somebody with SQL would."""
    with world.ledger.transaction() as tx:
        tx.lease([Change("editions", (PLAN, 1), {"swept_through": date(2999, 1, 1)})])


def check(world):
    daily_check.check(world.ledger, Tick(PLAN, LEAP, sweep_instant(ZONE, LEAP), "cli:chen"))


def confirm_leap(world):
    tick = Tick(PLAN, LEAP, sweep_instant(ZONE, LEAP), "cli:chen")
    brake.brake(world.ledger, tick, confirmed=True)


def beside(cities):
    """Return what an office does beside the duties of a plan, and the localities for theirs."""
    named = {"members": ["city"], "document": DOCUMENT}
    parts = [handing_out.NewShare("1.invest", city(n), "10") for n in range(3)]
    data = [indicator_values.NewValue(city(n), "schemes", "4", "統計公報") for n in range(3)]
    prize = {"text": "通報表揚", "document": DOCUMENT}
    return [
        ("raise a problem of the plan", lambda w: problems.raise_problem(
            w.ledger, PLAN, act(w, "trade"), text="缺少統計口徑")),
        ("answer it", by_office(problems.answer_problem, PLAN, number=1, text="按廳文件執行")),
        ("assign", lambda w: assigning.assign(w.ledger, PLAN, act(w), assigning.Order(
            "報送名單", "city", LEAP, "省領導批示"))),
        # Looked at on no day, it would tell every verification after "spoil" of the day set ahead.
        ("", by_office(pausing.waive, BESIDE, reason="已撤銷", document=DOCUMENT)),
        ("name bodies", by_office(open_groups.name_bodies, PLAN, "group", **named)),
        ("publish for cities", lambda w: w.publish(cities)),
        ("", lambda w: w.sweep(w.today)),
        ("share out", lambda w: handing_out.hand_out(
            w.ledger, f"{cities.plan}/2.tasks/-/2014", act(w, "trade"), new=parts)),
        ("report indicators", by_office(
            indicator_values.report_values, cities.plan, 2014, new=data)),
        ("reward", lambda w: rewards.reward(
            w.ledger, cities.plan, 2014, city(0), act(w), **prize)),
    ]  # fmt: skip


def of_a_login():
    """Return what is done about the login of one person."""
    lin = users.Newcomer("lin", "林管理", "office", "administrator")
    return [
        ("admit", administered(users.add, [lin], since=ISSUED)),
        ("mail", administered(users.set_mail, "lin", "lin@office.cn")),
        ("password", administered(passwords.set_password, ["lin"], "correct horse battery")),
        ("give once", administered(passwords.give_once, "lin", on=ISSUED,
                                   password="correct horse again")),
        ("enrol", administered(codes.enrol, "lin", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", step=1)),
        ("recover", administered(codes.replace_recovery, "lin", ["2345-6789-ABCD"])),
        ("end codes", administered(codes.end, "lin")),
    ]  # fmt: skip


def of_the_first_hour():
    """Return what an office does when it has just begun."""
    return [
        ("register", administered(registering.register, [
            registering.Newcomer("省數據局", "data", aliases=("數據局",))])),
        ("call also", administered(registering.add_aliases, "data", ["省大數據局"])),
        ("move the start", by_office(moving.move_start, PLAN, start_on=SECOND, reason="誤填")),
        ("note a year's holidays", by_office(holidays.record, "CN", HOLIDAYS)),
    ]  # fmt: skip


def life(plan, workday_table):
    """Return what an office does besides the deeds of its duties: a name, and how it is done."""
    card = scorecards.card_id(PLAN, 2013, "trade")
    sum_up = {"words": {"opening": "總體平穩"}}
    return [
        ("publish", lambda w: w.publish(plan, unreached=["city/officer"])),
        ("reach", administered(contacts.reach, [
            contacts.Contact("reviewer", "reviewer", "mail", "r@audit.cn")])),
        ("first sweep", lambda w: w.sweep(ISSUED)),
        *of_the_first_hour(),
        *of_a_login(),
        ("disable", administered(users.disable, "stranger/officer", on=AUTUMN)),
        ("begin a draft", begin_draft("5a")),
        ("say", lambda w: say(w, "drop", "1.milestone", reason="誤")),
        ("take back", lambda w: settling.take_back(w.ledger, draft_of(w))),
        ("settle", settle),
        ("publish the draft", lambda w: settling.publish(w.ledger, draft_of(w), act(w))),
        ("begin another", begin_draft("5b")),
        ("throw it away", lambda w: settling.throw_away(w.ledger, draft_of(w), act(w))),
        ("bring a workbook back", bring_back),
        ("lend", by_office(reassigning.delegate, "trade/officer", substitute="city/officer",
                           until=LEAP)),
        ("lend no more", by_office(reassigning.end_delegation, "trade/officer",
                                   substitute="city/officer")),
        ("draft a circular", by_office(circular.draft, PLAN, SPAN)),
        ("word it", by_office(circular.edit, PLAN, SPAN.label, **sum_up)),
        ("release it", by_office(circular.release, PLAN, SPAN.label)),
        ("", lambda w: w.file(DONE)),
        ("", lambda w: w.close(DONE)),
        ("rename", order("renamed", "city", name="廣州市")),
        ("autumn sweep", lambda w: (workday_table(TABLE), w.sweep(AUTUMN))),
        ("winter sweep", lambda w: w.sweep(NEW_YEAR)),
        ("form letters", lambda w: form(w.ledger, on=NEW_YEAR, at=w.at)),
        ("reach elsewhere", administered(contacts.reach, [
            contacts.Contact("trade", "officer", "mail", "elsewhere@trade.cn")])),
        ("name a person", administered(contacts.name_persons, {
            ("trade", "officer"): {"name": "王五"}})),
        ("end an address", administered(contacts.end, contacts.Contact(
            "stranger", "head", "", ""))),
        ("", lambda w: w.deliver()),
        ("queue anew", retry),
        *beside(plan_of_cities(3)),
        ("announce", by_office(scorecard.announce, PLAN, 2013)),
        ("object", lambda w: scorecard.object_to(
            w.ledger, PLAN, 2013, "trade", act(w, "trade"), duty=LED, text="數據有誤")),
        ("decide", by_office(scorecard.decide, card, 1, outcome="upheld", answer="屬實")),
        ("split", order("split", "trade", successor="invest", name="省投資局",
                        measures=(f"{PLAN}/1",))),
        ("move", order("moved", "invest", successor="trade", measures=(f"{PLAN}/1",))),
        ("merge", order("merged", "trade", successor="commerce", name="省商務廳")),
        ("close", order("closed", "stranger")),
        ("draw", lambda w: sampling.sample(
            w.ledger, PLAN, act(w, "reviewer"), of="closed", size=1, seed="七")),
        ("find", find),
        ("verify", verify),
        ("confirm a leap", confirm_leap),
        ("spoil", spoil),
        ("check", check),
        ("mend", administered(mending.mend)),
    ]  # fmt: skip


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """A report, one that will be finished, one of the city, and a meeting that is prepared.

    An open group takes part.
    """
    monkeypatch.setitem(CAST, "group", {"name": "有關市人民政府", "kind": "open-group"})
    return small_plan(
        tmp_path,
        {"due_on": date(2013, 12, 31)},
        {"id": "done", "due_on": date(2013, 12, 31)},
        {"id": "cities", "due_on": date(2013, 9, 30), "parties": ["city"]},
        {"id": "talk", "kind": "meeting", "due_on": date(2013, 10, 31)},
        {"id": "later", "due_on": date(2014, 9, 30)},
        participants=["city", "group"],
    )


@pytest.fixture(autouse=True)
def _one_salt(monkeypatch):
    """Let a password be kept as the same text when it is given again."""
    monkeypatch.setattr("os.urandom", lambda n: b"\x5a" * n)


@pytest.mark.timeout(600)
def test_killed_at_every_commit_nothing_is_half_decided_and_the_next_run_completes(
    plan, workday_table, database, tmp_path, record_property
):
    workday_table(UNTIL_2013)
    trial = Trial(database, tmp_path)
    record_property("kills", trial.live(life(plan, workday_table), quick=QUICK))
    with database.open(trial.home) as ledger, ledger.read() as conn:
        deeds = {entry.deed for entry in chain.entries(conn)}
    assert recorded() <= deeds


def recorded():
    """Return every deed that tasks/ records on something else than a duty."""
    pattern = re.compile(r'\btx\.record\(\s*"([a-z-]+)"')
    files = [path for path in (ROOT / "tasks").rglob("*.py") if path.stem not in ELSEWHERE]
    deeds = {deed for path in files for deed in pattern.findall(path.read_text(encoding="utf-8"))}
    assert len(deeds) > 20
    return deeds
