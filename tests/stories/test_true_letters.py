"""Letters are true on the day they leave: each line is what its reader has to do, and still has."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from tasks.deeds import (
    answering,
    deciding,
    extending,
    meetings,
    pausing,
    reassigning,
    urging,
)
from tasks.letters.composing import compose
from tasks.post.contacts import name_persons
from tests.world import DAY, ISSUED, address, small_plan

KEY = "small-2013/1.report/city/once"
DUE = date(2013, 9, 30)
CITY, TRADE, OFFICE = "city/officer", "trade/officer", "office/officer"


@pytest.fixture
def duty(world, tmp_path):
    """A duty that the city performs and the trade department leads, on its first day."""
    world.publish(small_plan(tmp_path, {"parties": ["city"], "due_on": DUE}, between=False))
    world.day(ISSUED)
    return world


def body(world, to: str) -> str:
    """Return the last letter to `to`, and take all letters out of the post."""
    letters = [each for each in world.post.letters if each.to == address(to)]
    world.post.letters.clear()
    return letters[-1].body if letters else ""


def queued(world, to: str, on: date):
    """Return what a letter of the waiting messages to `to` would be on the day `on`."""
    waiting = [m for m in world.messages(state="queued") if m.recipient == to]
    with world.ledger.read() as conn:
        settings = world.ledger.settings
        return compose(conn, waiting, settings, address="a@b.example", on=on, message_id="<1@b>")


def test_each_is_asked_for_what_is_theirs(duty):
    letters = {each.to: each.body for each in duty.post.letters}
    duty.post.letters.clear()
    assert "請簽收（" in letters[address(CITY)]
    assert "請簽收" not in letters[address(TRADE)]
    assert "已交廣州市人民政府承辦，由貴單位牽頭。" in letters[address(TRADE)]


def test_the_next_digest_does_not_ask_for_what_is_settled(duty):
    body(duty, CITY)
    duty.sweep(date(2013, 8, 12))  # five working days unsigned: asked to sign
    duty.acknowledge(KEY)
    composed = queued(duty, CITY, date(2013, 8, 13))
    assert composed.letter is None
    assert len(composed.superseded) == 1


def test_two_opposite_news_are_the_present_state_once(duty):
    duty.acknowledge(KEY)
    body(duty, CITY)
    duty.sweep(date(2013, 9, 17))
    duty.file(KEY)
    duty.give_back(KEY)
    duty.file(KEY)
    deciding.accept(duty.ledger, KEY, duty.act(TRADE))
    assert queued(duty, CITY, date(2013, 9, 18)).letter is None
    text = queued(duty, OFFICE, date(2013, 9, 18)).letter.body
    assert text.count("報告report") == 2  # the opening and one line
    assert "牽頭單位已審核通過，請審核銷號或退回。" in text


def test_a_return_says_why_and_the_reminder_of_the_day_asks_for_the_same(duty):
    duty.acknowledge(KEY)
    duty.until(date(2013, 9, 20))
    duty.file(KEY)
    duty.give_back(KEY, reason="缺少附件")
    body(duty, CITY)
    duty.sweep(date(2013, 9, 23))
    text = queued(duty, CITY, date(2013, 9, 23)).letter.body
    assert "退回，請修改補充後重新報送。退回原因：缺少附件" in text
    assert "按時報送" not in text.split("■")[1].split("\n", 1)[1]


def test_a_reminder_of_a_date_that_moved_is_left_out(duty):
    duty.acknowledge(KEY)
    duty.until(date(2013, 9, 20))
    answers = (duty.ledger, KEY)
    extending.ask(*answers, duty.act(CITY), to=date(2014, 6, 30), reason="需徵求意見")
    body(duty, CITY)
    duty.sweep(date(2013, 9, 23))
    extending.grant(*answers, duty.act(OFFICE), document="粵府辦〔2013〕1號")
    text = queued(duty, CITY, date(2013, 9, 24)).letter.body
    assert "同意延期，時限改為2014年6月30日。" in text
    assert "抓緊落實" not in text
    assert "已逾期" not in text


def test_a_late_duty_is_followed_up_by_the_lead_and_the_office(duty):
    duty.acknowledge(KEY)
    duty.until(date(2013, 10, 8))
    text = body(duty, TRADE)
    assert "廣州市人民政府尚未報送，請督促其立即報送。" in text
    assert "請立即報送完成情況" not in text


def test_a_request_that_was_decided_is_not_asked_again(duty):
    duty.acknowledge(KEY)
    body(duty, CITY)
    key = (duty.ledger, KEY)
    extending.ask(*key, duty.act(CITY), to=date(2014, 6, 30), reason="需徵求意見")
    extending.grant(*key, duty.act(OFFICE), document="粵府辦〔2013〕1號")
    composed = queued(duty, OFFICE, ISSUED + DAY)
    assert composed.letter is None


def test_a_letter_about_two_plans_says_which_duty_is_of_which(world, tmp_path):
    for code, title in (("east", "東部計劃"), ("west", "西部計劃")):
        plan = small_plan(tmp_path, {"parties": ["city"]}, code=code)
        world.publish(plan.model_copy(update={"title": title}))
    world.day(ISSUED)
    text = body(world, CITY)
    assert text.count("所屬計劃：東部計劃") == text.count("所屬計劃：西部計劃") == 1
    assert "東部計劃、西部計劃 督辦提醒" in text


def test_of_what_happened_twice_the_last_is_told(duty):
    duty.acknowledge(KEY)
    body(duty, CITY)
    duty.file(KEY)
    duty.give_back(KEY)
    answering.file_submission(duty.ledger, KEY, duty.act(CITY), summary="補報")
    text = queued(duty, TRADE, ISSUED + DAY).letter.body
    assert text.count("已報送完成情況，請審核。") == 1
    assert "補報" in text


def test_a_duty_given_away_and_back_is_told_as_it_is(duty):
    body(duty, CITY)
    key = (duty.ledger, KEY)
    reassigning.reassign(*key, duty.act(OFFICE), to="reviewer", reason="改派")
    reassigning.reassign(*key, duty.act(OFFICE), to="city", reason="改回")
    text = queued(duty, TRADE, ISSUED + DAY).letter.body
    assert text.count("本事項改由廣州市人民政府承辦。") == 1
    assert "說明：改回" in text


def test_only_the_office_is_asked_to_give_a_refused_duty_to_another(duty):
    body(duty, CITY)
    answering.refuse(duty.ledger, KEY, duty.act(CITY), reason="不屬職責")
    assert "請重新交辦。" in queued(duty, OFFICE, ISSUED + DAY).letter.body
    assert "由協調辦公室重新交辦。" in queued(duty, TRADE, ISSUED + DAY).letter.body


def test_whoever_has_the_duty_no_more_hears_only_that(duty):
    body(duty, CITY)
    duty.sweep(date(2013, 8, 12))
    reassigning.reassign(duty.ledger, KEY, duty.act(OFFICE), to="trade", reason="職責調整")
    text = queued(duty, CITY, date(2013, 8, 13)).letter.body
    assert "本事項已改由其他單位承辦。" in text
    assert "請儘快簽收" not in text


def test_a_word_after_the_urging_answers_it_and_one_before_does_not(duty):
    duty.acknowledge(KEY)
    body(duty, CITY)
    duty.day(ISSUED + DAY)
    answering.progress(duty.ledger, KEY, duty.act(CITY), text="已動工")
    urging.urge(duty.ledger, KEY, duty.act(OFFICE), text="請加快")
    assert "請加快" in queued(duty, CITY, ISSUED + 2 * DAY).letter.body
    answering.progress(duty.ledger, KEY, duty.act(CITY), text="已完成一半")
    assert queued(duty, CITY, ISSUED + 2 * DAY).letter is None


def test_the_contact_person_stands_at_the_end(duty):
    body(duty, CITY)
    person = {("office", "officer"): {"name": "張三", "telephone": "020-12345678"}}
    name_persons(duty.ledger, person, at=duty.at, actor=OFFICE)
    duty.sweep(date(2013, 8, 12))
    letter = queued(duty, CITY, date(2013, 8, 12)).letter
    assert "-- \n協調辦公室\n聯繫人：張三，電話020-12345678\n" in letter.body
    assert "020-12345678" in letter.short
    assert "020-12345678" in letter.html


def test_many_duties_come_with_a_list_and_all_dates(world, tmp_path):
    many = [{"id": f"r{n}", "due_on": DUE - timedelta(n)} for n in range(20)]
    world.publish(small_plan(tmp_path, *many, between=False))
    world.day(ISSUED)
    (letter,) = [each for each in world.post.letters if each.to == address(TRADE)]
    world.post.letters.clear()
    assert letter.subject == "關於交辦20項任務的通知（最近時限9月11日）"
    assert letter.body.count("   時限：") == 15
    workbook, calendar = letter.attachments
    sheet = load_workbook(BytesIO(workbook.content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == list(range(1, 21))
    assert len(Calendar.from_ical(calendar.content).walk("VEVENT")) == 20


def test_the_page_has_what_the_text_has_and_fetches_nothing(duty):
    letter = next(each for each in duty.post.letters if each.to == address(CITY))
    duty.post.letters.clear()
    for words in ("報告report", "請簽收（", "2013年9月30日", "協調辦公室"):
        assert words in letter.html
    for foreign in ("<img", "src=", "<link", "<script", "url(", "<style"):
        assert foreign not in letter.html


def test_a_title_cannot_break_out_of_the_page(world, tmp_path):
    world.publish(small_plan(tmp_path, {"title": "<b>報告</b> & <script>"}))
    world.day(ISSUED)
    (letter,) = world.post.letters
    world.post.letters.clear()
    assert "&lt;script&gt;" in letter.html
    assert "<script" not in letter.html


def test_a_meeting_that_was_called_off_is_not_announced(world, tmp_path):
    world.publish(small_plan(tmp_path, {"id": "meeting", "kind": "meeting", "parties": ["city"]}))
    world.day(ISSUED)
    key = "small-2013/1.meeting/city/once"
    world.acknowledge(key)
    world.post.letters.clear()
    act = world.act(CITY)
    meetings.plan_meeting(world.ledger, key, act, day=date(2013, 9, 3), place="省府會議室")
    assert "時間地點：2013年9月3日，省府會議室" in queued(world, TRADE, ISSUED + DAY).letter.body
    meetings.call_off_meeting(world.ledger, key, act, reason="另行通知")
    assert queued(world, TRADE, ISSUED + DAY).letter is None  # nobody had heard of it


def test_a_meeting_that_was_announced_is_called_off(world, tmp_path):
    world.publish(small_plan(tmp_path, {"id": "meeting", "kind": "meeting", "parties": ["city"]}))
    world.day(ISSUED)
    key, act = "small-2013/1.meeting/city/once", world.act(CITY)
    meetings.plan_meeting(world.ledger, key, act, day=date(2013, 9, 3))
    world.day(ISSUED + DAY)
    world.post.letters.clear()
    act = world.act(CITY)
    meetings.plan_meeting(world.ledger, key, act, day=date(2013, 9, 4))
    meetings.call_off_meeting(world.ledger, key, act, reason="另行通知")
    text = queued(world, TRADE, ISSUED + 2 * DAY).letter.body
    assert "會議已取消。說明：另行通知" in text
    assert "時間地點" not in text


@pytest.mark.parametrize("end", ["waived", "closed-not-done", "reassigned"])
def test_the_end_of_a_duty_nobody_heard_of_is_not_told(world, tmp_path, end):
    world.publish(small_plan(tmp_path, {"parties": ["city"], "due_on": DUE}, between=False))
    world.sweep(ISSUED)  # its first letter waits
    key, office = (world.ledger, KEY), world.act(OFFICE)
    if end == "waived":
        pausing.waive(*key, office, reason="已撤銷", document="粵府辦〔2013〕1號")
    elif end == "closed-not-done":
        deciding.close_not_done(*key, office, reason="已撤銷")
    else:
        reassigning.reassign(*key, office, to="reviewer", reason="改派")
    composed = queued(world, CITY, ISSUED)
    assert composed.letter is None
    assert len(composed.superseded) == 2
    if end != "reassigned":
        assert queued(world, TRADE, ISSUED).letter is None


def test_the_end_of_a_duty_signed_at_the_desk_is_told(world, tmp_path):
    world.publish(small_plan(tmp_path, {"parties": ["city"], "due_on": DUE}, between=False))
    world.sweep(ISSUED)
    world.acknowledge(KEY)
    pausing.waive(world.ledger, KEY, world.act(OFFICE), reason="已撤銷", document="1號")
    assert "本事項免予辦理" in queued(world, CITY, ISSUED).letter.body
    assert queued(world, TRADE, ISSUED).letter is None


def test_the_end_of_a_duty_given_back_unheard_is_not_told(duty):
    body(duty, CITY)
    key, office = (duty.ledger, KEY), duty.act(OFFICE)
    reassigning.reassign(*key, office, to="reviewer", reason="改派")
    duty.day(ISSUED + DAY)
    assert "已改由其他單位承辦" in body(duty, CITY)
    office = duty.act(OFFICE)
    reassigning.reassign(*key, office, to="city", reason="改回")
    pausing.waive(*key, office, reason="已撤銷", document="1號")
    assert queued(duty, CITY, ISSUED + 2 * DAY).letter is None
    assert "本事項免予辦理" in queued(duty, TRADE, ISSUED + 2 * DAY).letter.body
