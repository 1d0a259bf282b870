"""What a tracker becomes: the settled past, duties beside the plan, progress; all of it, once."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from catalog.errors import ConflictError, NotFoundError
from ledger.duties import assignments, conditions, duties, life
from ledger.proof import chain
from ledger.proof.ledger_verification import differences
from ledger.trackers import uploads as rows
from tasks.past.listing import past
from tasks.trackers.uses import uploads
from tasks.trackers.uses.row import own
from tasks.trackers.uses.taking import ENTRY, rehearse, take
from tests.in_mid_plan import begun, book, key, look, mid_plan
from tests.world import PostOffice, World

OFFICE = "office/officer"


@pytest.fixture
def world(ledger, tmp_path):
    made = World(ledger, PostOffice())
    mid_plan(made, tmp_path, past=4)
    yield made
    with ledger.read() as conn:
        assert list(differences(conn)) == []


def told(world):
    with world.ledger.read() as conn:
        return [e for e in chain.entries(conn, subject="small-2013") if e.deed == ENTRY]


def answered(world, upload, **answers):
    of, seen = look(world, upload)
    named = {}
    for name, value in answers.items():
        number, _, what = name.partition("_")
        line = seen.rows[int(number.removeprefix("r"))].line
        named[own(line, what)] = value
    uploads.answer(world.ledger, of, named)
    return look(world, upload)


def taken(world, upload, user=OFFICE):
    of, seen = look(world, upload, user=user)
    return take(world.ledger, of.upload, seen, world.act(user))


PAST = [
    (1, "完成第1項改造", "省外經貿廳", "2013年9月底前", "已完成", "2013.9.5", ""),
    (2, "完成第2項改造", "省外經貿廳", "2013/9/15", "未完成", "", "經費未落實"),
    (3, "完成第3項改造", "省外經貿廳", "2013-09-22", "正在推進", "", ""),
    (4, "推進第1項建設", "省外經貿廳", "", "", "", ""),
    (5, "召開座談", "省外經貿廳", "9月", "已完成", "", ""),
]


@pytest.mark.both
def test_a_tracker_settles_the_past_once_its_questions_are_answered(world):
    upload = begun(world, book(PAST), "past")
    _, seen = look(world, upload)
    assert [row.state for row in seen.rows] == ["ready", "ready", "ready", "left", "asked"]
    assert seen.rows[3].omission == "not-past"
    assert [ask.key for ask in seen.rows[4].asks] == ["tracker-ask.duty", "tracker-ask.done"]
    with pytest.raises(ConflictError) as refused:
        taken(world, upload)
    assert refused.value.key == "upload-unanswered"

    answered(world, upload, r4_duty=key(world, "past4"), r4_done="2013年9月28日")
    digest = look(world, upload)[0].upload.sha256
    assert taken(world, upload) == []
    with world.ledger.read() as conn:
        assert past(conn, "small-2013") == []
    ends = [world.duty(key(world, f"past{n}")) for n in range(1, 5)]
    assert [(d.closed_as, d.done_on) for d in ends] == [
        ("done", dt.date(2013, 9, 5)),
        ("not-done", None),
        (None, None),
        ("done", dt.date(2013, 9, 28)),
    ]
    (entry,) = told(world)
    assert entry.actor == OFFICE
    note = {k: v for k, v in entry.payload.items() if k not in {"changes", "on", "tracker"}}
    assert note.pop("sha256") == digest
    assert note == {
        "use": "past",
        "file": "台賬.xlsx",
        "taken": 4,
        "left": [{"place": "台賬!6", "reason": "not-past"}],
        "left_out": 1,
    }


def test_without_a_document_the_tracker_itself_is_cited(world):
    upload = begun(world, book(PAST[:1]), "past")
    _, seen = look(world, upload)
    assert seen.rows[0].deed.document == "台賬.xlsx 台賬!3"


def test_one_refusal_takes_nothing_and_is_told_at_its_row(world):
    late = (2, "完成第2項改造", "省外經貿廳", "", "已完成", "2031-01-01", "")
    upload = begun(world, book([PAST[0], late]), "past")
    refusals = taken(world, upload)
    assert [(r.place, r.error.key) for r in refusals] == [("台賬!4", "rule-not-ahead")]
    of, seen = look(world, upload)
    assert [r.place for r in rehearse(world.ledger, of.upload, seen, world.act(OFFICE))] == [
        "台賬!4"
    ]
    with world.ledger.read() as conn:
        assert len(past(conn, "small-2013")) == 4
    answered(world, upload, r1_leave="yes")
    assert taken(world, upload) == []


def test_two_rows_about_one_duty_are_asked(world):
    upload = begun(world, book([PAST[0], PAST[0]]), "past")
    _, seen = look(world, upload)
    assert [row.state for row in seen.rows] == ["ready", "asked"]
    assert seen.rows[1].notes[0].key == "tracker-note.twice"


def test_a_due_date_that_differs_is_told_and_changes_nothing(world):
    upload = begun(world, book([PAST[0]]), "past")
    _, seen = look(world, upload)
    (note,) = seen.rows[0].notes
    assert note.values == {"cell": dt.date(2013, 9, 30), "ledger": dt.date(2013, 9, 8)}


def test_a_done_line_without_a_day_and_a_silent_one_are_asked(world):
    lines = [
        (1, "完成第1項改造", "省外經貿廳", "", "是", "", ""),
        (2, "完成第2項改造", "省外經貿廳", "", "", "", ""),
        (3, "完成第3項改造", "省外經貿廳", "", "未完成", "2013-09-20", ""),
    ]
    upload = begun(world, book(lines), "past")
    _, seen = look(world, upload)
    assert [[ask.key for ask in row.asks] for row in seen.rows] == [
        ["tracker-ask.done"],
        ["tracker-ask.outcome"],
        ["tracker-ask.outcome"],
    ]
    _, seen = answered(world, upload, r0_done="昨天", r1_outcome="not-done", r2_outcome="done")
    assert [[ask.key for ask in row.asks] for row in seen.rows] == [
        ["tracker-ask.done"],
        ["tracker-ask.reason"],
        [],
    ]


def test_lines_become_duties_beside_the_plan(world):
    lines = [
        (1, "整治港區揚塵", "廣州市人民政府", "2014年12月底前", "", "", ""),
        (2, "報送統計月報", "廣州市人民政府", "每季度", "", "", ""),
        (3, "已辦的事", "廣州市人民政府", "2014-03-31", "已完成", "2014-03-01", ""),
        (4, "沒有單位", "某某局", "2014-12-31", "", "", ""),
    ]
    upload = begun(world, book(lines), "duties")
    of, seen = look(world, upload)
    assert [row.state for row in seen.rows] == ["ready", "asked", "left", "asked"]
    assert [ask.key for ask in seen.asks] == [
        f"tracker-ask.file-{name}" for name in ("source", "number", "dated")
    ]
    refused = rehearse(world.ledger, of.upload, seen, world.act(OFFICE))
    assert [r.error.key for r in refused] == ["assign-needs-source"]
    uploads.answer(world.ledger, of, {"*#source": "市長批示", "*#number": "〔2014〕7號"})
    (doubt,) = seen.rows[3].asks
    of, seen = answered(world, upload, r1_due="2014-09-30")
    uploads.answer(world.ledger, of, {doubt.id: "廣州市人民政府"})
    assert [row.state for row in look(world, upload)[1].rows] == ["ready", "ready", "left", "ready"]
    assert taken(world, upload) == []
    with world.ledger.read() as conn:
        made = duties.chosen(conn, conditions.of(plan="small-2013", measure="adhoc"))
        source = assignments.of_duty(conn, made[0].key)
    assert {d.title for d in made} == {"整治港區揚塵", "報送統計月報", "沒有單位"}
    assert len(made) > 3
    assert (source.source, source.document) == ("市長批示", "〔2014〕7號")
    again = begun(world, book(lines), "duties")
    _, seen = look(world, again)
    assert (seen.rows[0].state, seen.rows[0].omission) == ("left", "there-already")


def test_a_recurrence_begins_with_its_next_turn(world):
    line = (1, "報送統計月報", "廣州市人民政府", "每月10日前", "", "", "")
    _, seen = look(world, begun(world, book([line]), "duties"))
    (row,) = seen.rows
    assert (row.state, row.deed.due_on, row.deed.recurrence) == (
        "ready",
        dt.date(2014, 7, 10),
        "monthly",
    )
    assert [note.key for note in row.notes] == ["tracker-note.next-turn"]


NEXT = [
    ("推進第1項建設", "已完成初稿", "經費未落實"),
    ("推進第2項建設", "", ""),
    ("完成第1項改造", "已完成", ""),
]


def progress(rows=NEXT):
    return book(rows, heads=("工作事項", "進展情況", "存在問題"))


def test_progress_of_an_agency_through_the_office_is_its_word(world):
    upload = begun(world, progress(), "progress")
    _, seen = look(world, upload)
    assert [(row.state, row.omission) for row in seen.rows] == [
        ("ready", ""),
        ("left", "nothing-new"),
        ("left", "not-open"),
    ]
    assert taken(world, upload) == []
    with world.ledger.read() as conn:
        (remark,) = life.remarks(conn, key(world, "next1"))
        (problem,) = life.problems(conn, key(world, "next1"))
    assert (remark.text, remark.agency, remark.source) == ("已完成初稿", "trade", "台賬.xlsx")
    assert (remark.said_by, problem.agency) == (OFFICE, "trade")
    _, seen = look(world, begun(world, progress(), "progress"))
    assert seen.rows[0].omission == "nothing-new"


def test_an_agency_reports_its_own_duties_and_no_other(world):
    upload = begun(world, progress(), "progress", user="trade/officer")
    assert taken(world, upload, "trade/officer") == []
    with world.ledger.read() as conn:
        (remark,) = life.remarks(conn, key(world, "next1"))
    assert (remark.said_by, remark.agency) == ("trade/officer", None)
    stranger = begun(world, progress(), "progress", user="stranger/officer")
    _, seen = look(world, stranger, user="stranger/officer")
    assert [row.state for row in seen.rows] == ["asked", "left", "asked"]
    assert not any(ask.readings for row in seen.rows for ask in row.asks)


def test_a_mapping_is_kept_for_the_next_file_of_the_form(world):
    heads = ("工作事項", "進展情況", "甲欄")
    upload = begun(world, book([NEXT[0]], heads=heads), "progress")
    of, _ = look(world, upload)
    columns = {0: "title", 1: "progress", 2: "problem"}
    uploads.map_columns(
        world.ledger, of, world.act(OFFICE), columns=columns, year=None, use="progress"
    )
    again = begun(world, book([NEXT[0]], heads=heads, title="2015年台賬"), "progress")
    assert look(world, again)[0].mapping.columns == columns


def test_a_tracker_under_way_is_its_person_s_own_bounded_and_ended_after_use(world):
    upload = begun(world, progress(), "progress")
    with pytest.raises(NotFoundError):
        look(world, upload, user="trade/officer")
    for _ in range(rows.MOST - 1):
        begun(world, progress(), "progress")
    with pytest.raises(ConflictError) as refused:
        begun(world, progress(), "progress")
    assert refused.value.key == "uploads-full"
    uploads.drop(world.ledger, upload, world.act(OFFICE))
    with world.ledger.read() as conn:
        assert rows.one(conn, upload, OFFICE).sheets == ""
    assert json.loads(look(world, begun(world, progress(), "progress"))[0].upload.answers) == {}
