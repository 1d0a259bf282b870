"""A tracker becomes a plan's draft, is settled on the pages for drafts, and is published."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import InvalidError
from catalog.reading.settling.settlement import Step, settle
from catalog.reading.settling.unregistered import unregistered
from catalog.reading.who.register import Register
from catalog.trackers.drafts.coverage import check
from catalog.trackers.drafts.drafting import draft
from catalog.trackers.drafts.plan_text import PlanSheet, plan_text
from catalog.trackers.mapping import guess
from tasks.documents import reading, spreadsheet
from tasks.plans import settling
from tasks.spreadsheets.kinds import grids_of
from tests.trackers import REGISTER, TRACKERS
from tests.world import ISSUED, PostOffice, World, small_plan

TODAY = date(2026, 3, 2)
OFFICE = REGISTER.model_copy(update={"office": "office"})


def drafted(name, register=OFFICE):
    text = reading.text(TRACKERS[name](), place=name)
    return draft(text, register, name=name, code="pilot", on=TODAY)


@pytest.mark.parametrize("name", TRACKERS)
def test_every_tracker_becomes_a_draft_with_its_words(name):
    plan = drafted(name)
    assert plan.measures
    for measure in plan.measures:
        for proposal in measure.proposals:
            assert 0 < len(plan.quote(proposal.says)) <= 24
            assert plan.line(proposal.says) == plan.line(measure.span)
    keys = {ask.id for ask in plan.questions}
    assert len(keys) == len(plan.questions)


def test_a_task_is_a_measure_with_its_day_and_the_words_of_the_cell():
    plan = drafted("supervision.xlsx")
    assert plan.head["title"] == "2026年市政府重点工作督查台账（截至2025年12月31日）"
    assert (plan.head["starts_on"], plan.head["ends_on"]) == (date(2026, 1, 1), date(2026, 12, 31))
    first, second, third = plan.measures
    assert (first.number, first.lead, first.participants) == ("1", "edu", ("finance", "reform"))
    assert first.chapter == "一、教育类"
    assert first.proposals[0].fields["due_on"] == date(2026, 6, 30)
    assert plan.quote(first.proposals[0].says) == "6月底前"
    assert plan.line(first.span) == 5
    assert second.participants == ()
    assert third.proposals[0].fields["recurrence"] == "quarterly"


def test_what_is_open_is_a_question_about_its_words():
    plan = drafted("meeting.csv")
    asks = {(ask.key, ask.about, plan.quote(ask.span)) for ask in plan.questions}
    assert {
        ("issue-undated", "plan", ""),
        ("date-doubtful", "2.task", "3月前"),
        ("lead-unknown", "3", "市人社局"),
        ("list-open", "4", "各有关部门"),
        ("lead-group", "4", "各区"),
        ("date-vague", "4.task", "尽快"),
    } == asks
    standing = plan.measures[2].proposals[0].fields
    assert (standing["recurrence"], standing["basis"]) == ("half-yearly", "office")


def test_a_serial_number_counts_from_the_epoch_of_its_workbook():
    days = [m.proposals[0].fields.get("due_on") for m in drafted("half-year.xlsx").measures]
    assert days == [date(2026, 6, 30), date(2026, 6, 30), date(2026, 12, 31)]


def test_rows_and_sheets_that_were_left_out_are_asked():
    asks = {ask.key for ask in drafted("half-year.xlsx").questions}
    assert "sheet-left-out" in asks
    asks = [ask.key for ask in drafted("livelihood.tsv").questions]
    assert asks.count("row-left-out") == 2
    notes = [(ask.key, ask.about) for ask in drafted("supervision.xlsx").questions]
    assert ("date-outside", "plan") in notes
    assert ("row-hidden", "3.task") in notes


def test_guesses_stand_in_the_draft():
    plan = drafted("supervision.xlsx")
    assert ("督查台账!5", "tracker-remark.year", "6月底前", "2026-06-30") in plan.notes
    assert (
        "督查台账!6",
        "tracker-remark.lead-first",
        "市教育局、市水务局",
        "市教育局",
    ) in plan.notes


def test_answers_stand_in_the_text_behind_the_words():
    name = "meeting.csv"
    (grid,) = grids_of(TRACKERS[name](), name)
    answers = {
        "meeting!D4 due 3月前": "2026-03-31",
        "meeting!C5 lead 市人社局": "office",
        "meeting!C6 lead 各区": "东区",
        "meeting!C6 lead 各有关部门": "",
        "meeting!D6 due 尽快": "monthly",
    }
    text = plan_text([PlanSheet(grid, guess(grid), answers=answers)], OFFICE, name=name)
    assert "办理时限:3月前 ⇒ 2026-03-31" in text
    plan = draft(text, OFFICE, name=name, code="pilot", on=TODAY)
    assert [ask.key for ask in plan.questions] == ["issue-undated"]
    assert [measure.lead for measure in plan.measures] == ["transport", "edu", "office", "east"]
    fields = [measure.proposals[0].fields for measure in plan.measures]
    assert fields[1]["due_on"] == date(2026, 3, 31)
    assert fields[3]["recurrence"] == "monthly"
    assert plan.quote(plan.measures[3].proposals[0].says) == "尽快"


TYPED = {"lead-unknown": {"lead": "office"}, "lead-missing": {"lead": "office"}}


def settled(plan):
    """Return a draft settled as a person would: by the first reading, or by typing one."""
    steps = []
    for ask in plan.questions:
        due = {"due_on": "2026-12-31"}
        answer = {"reading": 0} if ask.readings else TYPED.get(ask.key, due)
        steps.append(Step("answer", ask.id, answer if ask.key != "agency-unknown" else {}))
    rest = settle(plan, steps).open
    return settle(plan, [*steps, *(Step("take", about) for about in rest)])


@pytest.mark.parametrize(
    "name", ["supervision.xlsx", "meeting.csv", "livelihood.tsv", "actions.csv"]
)
def test_a_draft_is_settled_as_any_other(name):
    assert settled(drafted(name)).is_settled


def test_a_tracker_is_published_and_covers_its_source(ledger, tmp_path):
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, {}))
    world.sweep(ISSUED)
    register = Register.of(world.plans[0])
    rows = (
        "序号,事项,责任单位,完成时限",
        "1,报送总结,省審計廳,2013年12月底前",
        "2,推进试点,省外經貿廳,每季度",
    )
    data = "\n".join(("2013年督办事项,,,", *rows)).encode()
    text = reading.text(data, place="督办.csv")
    act = world.act("office/officer")
    begun = settling.begin(ledger, data, act, name="督办.csv", code="pilot", register=register)
    with ledger.read() as conn:
        stands = settling.settling(conn, begun).stands
    for ask in stands.draft.questions:
        settling.say(ledger, begun, act, step=Step("answer", ask.id, {"reading": 0}))
    with ledger.read() as conn:
        stands = settling.settling(conn, begun).stands
    for about in stands.open:
        settling.say(ledger, begun, act, step=Step("take", about))
    with ledger.read() as conn:
        plan = settling.made(settling.settling(conn, begun))
    assert check(plan, text) == []
    assert settling.publish(ledger, begun, act).plan == "pilot"


def test_a_plan_that_leaves_a_row_out_is_told():
    name = "projects.ods"
    text = reading.text(TRACKERS[name](), place=name)
    whole = settled(drafted(name)).draft
    made = settling.plan_toml.plan(whole)
    assert check(made, text) == []
    fewer = made.model_copy(update={"measures": made.measures[:1]})
    assert [finding.key for finding in check(fewer, text)] == ["source-measure-missing"]


def test_a_file_without_heads_is_refused_with_the_remedy():
    with pytest.raises(InvalidError) as refused:
        reading.text(b"a,b\n1,2\n", place="list.csv")
    assert refused.value.key == "tracker-no-table"


@pytest.mark.parametrize(("name", "is_one"), [("a.txt", False), ("a.csv", True), ("a.html", False)])
def test_a_text_is_a_tracker_by_its_name_alone(name, is_one):
    assert spreadsheet.is_spreadsheet("序号,事项".encode(), name) is is_one


def test_a_name_in_latin_letters_keeps_its_blanks():
    names = {each.name for each in unregistered(drafted("actions.csv"))}
    assert names == {"Ms Chan"}
