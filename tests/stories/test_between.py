"""Between opening and due date a long duty is asked for progress, and its silence climbs."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.ladder.rungs import Ladder, Rung
from tasks.deeds import answering, extending, pausing, reassigning
from tests.world import ISSUED, small_plan

CITY = "officer.city@cast.example"
KEY = "small-2013/1.report/city/once"
SEPTEMBER, TEN, TWENTY = date(2013, 9, 30), date(2013, 10, 18), date(2013, 11, 1)
DECEMBER, MARCH = date(2013, 12, 31), date(2014, 3, 31)
ASKED, SILENT = "progress:2013-Q3", (f"silent-10:{SEPTEMBER}", f"silent-20:{SEPTEMBER}")


@pytest.fixture
def signed(world, tmp_path):
    """The city has signed for a report that is due at the end of 2014; another agency leads."""
    world.publish(small_plan(tmp_path, {"parties": ["city"], "due_on": date(2014, 12, 31)}))
    world.day(ISSUED)
    world.acknowledge(KEY)
    world.post.letters.clear()
    return world


def report(world, text="已印發初稿", user="city/officer") -> None:
    answering.progress(world.ledger, KEY, world.act(user), text=text)


def words(world, to: str, on: date, rung: str) -> str:
    """Return what the next letter says of the duty."""
    return world.expect(to, on, rung).letter.body


def test_nobody_answers_so_it_climbs_to_lead_head_and_office_and_is_asked_again(signed):
    signed.until(DECEMBER)

    first = words(signed, "city/officer", SEPTEMBER, ASKED)
    assert first.startswith("報送「報告report」進展。時限：2014年12月31日")
    assert "請簡要報送本項工作進展，一兩句話即可。此前沒有進展報告。" in first
    to_city = words(signed, "city/officer", TEN, SILENT[0])
    assert "2013年9月30日催報進展後已滿10個工作日，仍未報送；請即簡要報送。" in to_city
    to_lead = words(signed, "trade/officer", TEN, SILENT[0])
    assert to_lead.startswith("督促辦理「報告report」")
    assert "廣州市人民政府仍未報送；請督促其報送。" in to_lead
    to_head = words(signed, "city/head", TWENTY, SILENT[1])
    assert "已滿20個工作日，仍未報送；請即簡要報送。" in to_head
    assert "廣州市人民政府仍未報送" in words(signed, "office/officer", TWENTY, SILENT[1])
    again = words(signed, "city/officer", DECEMBER, "progress:2013-Q4")
    assert "2013年9月30日已催報進展，至今未報；請即簡要報送。此前沒有進展報告。" in again
    signed.calm()


def test_a_report_ends_the_silence_and_the_next_inquiry_quotes_it(signed):
    signed.until(date(2013, 10, 8))
    report(signed, "已印發初稿，正徵求意見")
    signed.until(MARCH)
    signed.expect("city/officer", SEPTEMBER, ASKED)
    text = words(signed, "city/officer", MARCH, "progress:2014-Q1")
    assert "一兩句話即可。上次（2013年10月8日，經辦）報告：「已印發初稿，正徵求意見」。" in text
    signed.calm()


@pytest.mark.parametrize("user", ["city/officer", "trade/officer"])
def test_who_reported_in_the_quarter_is_not_asked(signed, user):
    signed.until(date(2013, 9, 5))
    report(signed, user=user)
    signed.until(date(2013, 12, 30))
    signed.calm()


def test_a_filing_is_a_word_too(signed):
    signed.until(date(2013, 9, 5))
    signed.file(KEY)
    signed.until(date(2013, 9, 6))
    signed.give_back(KEY)
    signed.post.letters.clear()
    signed.until(date(2013, 10, 31))
    assert "progress" not in {n.rung.partition(":")[0] for n in signed.notices()}
    signed.until(DECEMBER)
    last = [letter for letter in signed.post.letters if letter.to == CITY][-1]
    assert "退回，請修改補充後重新報送。退回原因：缺少附件" in last.body
    signed.post.letters.clear()


def test_days_without_a_sweep_are_caught_up_with_one_letter(signed):
    signed.until(SEPTEMBER)
    signed.expect("city/officer", SEPTEMBER, ASKED)
    signed.day(date(2013, 11, 8))
    for to in ("city/officer", "trade/officer", "city/head", "office/officer"):
        signed.expect(to, date(2013, 11, 8), SILENT[1])
    assert {n.coalesced for n in signed.notices() if n.on == signed.today} == {(SILENT[0],)}
    signed.calm()


def test_a_suspension_stops_the_clock_and_the_next_quarter_asks_again(signed):
    signed.until(SEPTEMBER)
    office = signed.act("office/officer")
    pausing.suspend(signed.ledger, KEY, office, reason="上級要求")
    signed.until(date(2013, 10, 16))
    pausing.resume(signed.ledger, KEY, signed.act("office/officer"))
    signed.until(DECEMBER)
    told = [n.rung for n in signed.notices() if n.recipient == "city/officer"]
    assert [rung for rung in told if rung.startswith(("progress", "silent"))] == [
        ASKED,
        "progress:2013-Q4",
    ]
    signed.post.letters.clear()


def test_an_extension_swallows_no_inquiry(signed):
    signed.until(date(2013, 10, 9))
    to = date(2015, 3, 31)
    city = signed.act("city/officer")
    extending.ask(signed.ledger, KEY, city, to=to, reason="會期推遲")
    office = signed.act("office/officer")
    extending.grant(signed.ledger, KEY, office, document="粵府〔2013〕9號")
    signed.until(TWENTY)
    told = {n.rung for n in signed.notices() if n.recipient in {"city/officer", "city/head"}}
    assert {ASKED, *SILENT} <= told
    signed.post.letters.clear()


def test_another_performer_is_not_blamed_for_the_silence_of_the_first(signed):
    signed.until(date(2013, 10, 9))
    office = signed.act("office/officer")
    reassigning.reassign(signed.ledger, KEY, office, to="trade", reason="職責調整")
    signed.until(date(2013, 12, 30))
    rungs = {n.rung for n in signed.notices()}
    assert not {rung for rung in rungs if rung.startswith("silent")}
    signed.post.letters.clear()


def test_a_lagging_quota_and_the_inquiry_travel_in_one_letter(world, tmp_path):
    quota = {"id": "report", "quota": {"min": 20}, "parties": ["city"], "evidence": []}
    world.publish(small_plan(tmp_path, quota | {"due_on": date(2014, 12, 31)}))
    world.day(ISSUED)
    world.acknowledge(KEY)
    world.post.letters.clear()
    world.until(SEPTEMBER)
    text = words(world, "city/officer", SEPTEMBER, "behind:2013-Q3")
    assert "請加快推進。請簡要報送本項工作進展" in text
    assert "已請廣州市人民政府簡要報送" in words(
        world, "trade/officer", SEPTEMBER, "behind:2013-Q3"
    )
    world.calm()


def test_a_plan_brings_its_own_inquiries(world, tmp_path):
    ladder = Ladder(
        rungs=(
            Rung(name="report", when="progress", each="half-yearly", to=("performer",)),
            Rung(name="quiet", when="silent", days=5, to=("lead",)),
        )
    )
    plan = small_plan(tmp_path, {"parties": ["city"], "due_on": date(2014, 12, 31)})
    world.publish(plan.model_copy(update={"ladder": ladder}))
    world.until(date(2014, 1, 31))
    assert "此前沒有進展報告。" in words(world, "city/officer", DECEMBER, "report:2013-H2")
    text = words(world, "trade/officer", date(2014, 1, 8), f"quiet:{DECEMBER}")
    assert "已滿5個工作日，廣州市人民政府仍未報送" in text
    world.calm()
