from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from catalog.duties.standing import Facts
from catalog.errors import NotFoundError
from ledger.duties import duties, life
from ledger.people import users
from ledger.plans import editions
from ledger.post import contacts, messages, notices, tidings
from ledger.post.threads import thread
from ledger.reports import circulars, overview, scorecards
from ledger.store.changes import Change
from tests.databases import ON_SQLITE

PLAN = "guangdong-2013"
MEETING = "guangdong-2013/40.meeting/-/2014"
WJMT = "officer@wjmt.example"
ADVISORY = "guangdong-2013/35.advisory/guangzhou/once"
AT = datetime(2014, 1, 2, 0, 30, tzinfo=UTC)


def notice(key: str, message: str, **values) -> Change:
    row = {
        "duty": MEETING,
        "due_version": 1,
        "rung": "issue",
        "recipient": "wjmt/officer",
        "channel": "mail",
        "on": date(2014, 1, 2),
        "form": "notice",
        "message": message,
    }
    return Change("notices", key, {**row, **values}, "insert")


def test_the_fields_of_every_row_are_the_columns_of_its_table():
    for noun, table in [
        (duties.Duty, "duties"),
        (duties.Item, "items"),
        (editions.Edition, "editions"),
        (contacts.Agency, "agencies"),
        (messages.Message, "messages"),
        (life.DueDate, "due_dates"),
        (life.Submission, "submissions"),
        (life.Evidence, "evidence"),
        (life.Extension, "extensions"),
        (life.Problem, "problems"),
        (life.Remark, "remarks"),
        (life.Planning, "plannings"),
        (life.MeetingAnswer, "meeting_answers"),
        (users.User, "users"),
        (circulars.Circular, "circulars"),
        (scorecards.Card, "cards"),
        (scorecards.Objection, "objections"),
        (tidings.Tiding, "tidings"),
    ]:
        assert list(noun.model_fields) == duties.TABLES[table].columns.keys()


def test_the_duties_to_look_at_come_by_day_and_in_chunks(held, record, make):
    days = {f"{PLAN}/1.x/-/{n}": date(2014, 1, 1 + n % 3) for n in range(7)}
    with held.transaction() as tx:
        record(tx, *(make["duty"](key) for key in days))
        tx.lease(Change("duties", key, {"look_on": day}) for key, day in days.items())

    seen, after = [], None
    with held.read() as conn:
        while chunk := duties.due(conn, plan=PLAN, on=date(2014, 1, 2), after=after, limit=2):
            seen += [duty.key for duty in chunk]
            after = chunk[-1]

    expected = sorted((day, key) for key, day in days.items() if day <= date(2014, 1, 2))
    assert seen == [key for _, key in expected]


@pytest.mark.parametrize(
    ("parts", "lasts"), [(1, "7"), (2, "47"), (3, "357"), (7, "1234567"), (9, "1234567")]
)
def test_what_is_due_is_split_into_equal_parts_by_key(held, record, make, parts, lasts):
    made = [f"{PLAN}/1.x/-/{n}" for n in range(1, 8)]
    with held.transaction() as tx:
        record(tx, *(make["duty"](key) for key in made))
        tx.lease(Change("duties", key, {"look_on": date(2014, 1, 1)}) for key in made)

    due = {"plan": PLAN, "on": date(2014, 1, 2)}
    with held.read() as conn:
        ends = duties.split_due(conn, parts, **due)
        found = [
            duty.key
            for keys in zip([None, *ends[:-1]], [*ends[:-1], None], strict=True)
            for duty in duties.due(conn, keys=keys, **due)
        ]
        assert duties.count_due(conn, **due) == len(made)

    assert ends == [f"{PLAN}/1.x/-/{n}" for n in lasts]
    assert found == made


@ON_SQLITE
def test_what_is_due_is_found_by_its_index(held):
    with held.read() as conn:
        told = conn.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT key FROM duties WHERE plan = ? AND look_on <= ?"
            " AND (look_on, key) > (?, ?) ORDER BY look_on, key LIMIT 10",
            (PLAN, "2014-01-02", "2014-01-01", ""),
        ).all()

    assert len(told) == 1, "no sorting beside the search"
    assert "ix_duties_look (plan=? AND (look_on,key)>(?,?) AND look_on<?)" in told[0][-1]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [ADVISORY, MEETING]),
        ({"plan": "other"}, []),
        ({"agency": "guangzhou"}, [ADVISORY]),
        ({"agency": "wjmt"}, [ADVISORY, MEETING]),
        ({"measure": "40"}, [MEETING]),
    ],
)
def test_duties_are_listed_by_plan_agency_and_measure(held, wanted, found):
    with held.read() as conn:
        assert [duty.key for duty in duties.listed(conn, **wanted)] == found


def test_an_unknown_duty_plan_or_message_is_not_found(held):
    with held.read() as conn:
        for key, ask in [
            ("duty-unknown", lambda: duties.one(conn, "x")),
            ("plan-not-in-force", lambda: editions.in_force(conn, "x")),
            ("message-unknown", lambda: messages.one(conn, "x")),
        ]:
            with pytest.raises(NotFoundError) as missing:
                ask()
            assert missing.value.key == key


def test_the_facts_of_a_duty_are_what_standing_asks_for(held):
    with held.read() as conn:
        facts = duties.facts(duties.one(conn, MEETING))

    assert facts == Facts(opens_on=date(2014, 1, 1), due_on=date(2014, 12, 31))


def test_the_items_of_a_quota_come_by_day(held, record):
    with held.transaction() as tx:
        for name, day in [("b", date(2014, 2, 1)), ("a", date(2014, 9, 1))]:
            values = {"duty": MEETING, "held_on": day, "place": "廣州", "title": "會議"}
            values |= {"recorded_at": AT, "recorded_by": "wjmt"}
            record(tx, Change("items", name, values, "insert"))

    with held.read() as conn:
        assert [item.id for item in duties.items(conn, MEETING)] == ["b", "a"]


def test_editions_agencies_and_contacts_are_read_back(held, record):
    with held.transaction() as tx:
        address = Change("contacts", ("wjmt", "officer", "mail"), {"address": "a@x"}, "insert")
        record(tx, address)

    with held.read() as conn:
        assert [edition.plan for edition in editions.all_in_force(conn)] == [PLAN]
        assert contacts.agencies(conn)["guangzhou"].name == "廣州市人民政府"
        assert contacts.contacts(conn) == {("wjmt", "officer"): {"mail": "a@x"}}


def test_a_notice_has_one_id_for_its_five_parts():
    ids = {
        notices.notice_id(MEETING, 1, "issue", "wjmt/officer", "mail"),
        notices.notice_id(MEETING, 2, "issue", "wjmt/officer", "mail"),
        notices.notice_id(MEETING, 1, "late-1", "wjmt/officer", "mail"),
        notices.notice_id(MEETING, 1, "issue", "wjmt/head", "mail"),
        notices.notice_id(MEETING, 1, "issue", "wjmt/officer", "wecom"),
    }

    assert {len(name) for name in ids} == {16}
    assert len(ids) == 5


def test_notices_are_listed_with_the_fate_of_their_message(held, record, make):
    with held.transaction() as tx:
        record(tx, make["message"]("m1"), make["message"]("m2", state="dead", reason="550"))
        record(tx, notice("n1", "m1", coalesced=("before-7",)), notice("n2", "m2", rung="late-1"))

    with held.read() as conn:
        assert [n.id for n in notices.listed(conn, duty=MEETING, plan=PLAN)] == ["n1", "n2"]
        assert [(n.id, n.reason) for n in notices.listed(conn, state="dead")] == [("n2", "550")]
        assert notices.of_messages(conn, ["m1"])["m1"][0].coalesced == ("before-7",)


def test_the_overview_counts_duties_notices_and_messages(held, record, make):
    late = {"filed_on": date(2015, 1, 5), "closed_on": date(2015, 1, 9), "closed_as": "done"}
    prompt = {"filed_on": date(2014, 12, 1), "closed_on": date(2015, 1, 9), "closed_as": "done"}
    with held.transaction() as tx:
        record(tx, Change("duties", MEETING, {"opened_on": date(2014, 1, 1), **late}))
        record(tx, Change("duties", ADVISORY, prompt))
        record(tx, make["message"]("m1"), make["message"]("m2", form="slip", state="draft"))
        record(tx, notice("n1", "m1"), notice("n2", "m2", form="slip", rung="late-7"))

    with held.read() as conn:
        assert overview.counts(conn, PLAN, date(2015, 1, 9)) == (
            *(2, 1, 2, 1, 2),
            {"draft": 1, "queued": 1},
            1,
        )


def test_a_duty_is_late_on_a_day_when_it_is_due_and_not_done(held):
    with held.read() as conn:
        assert overview.counts(conn, PLAN, date(2014, 12, 31)).late == 0
        assert overview.counts(conn, PLAN, date(2015, 1, 1)).late == 2


def test_the_next_look_is_the_earliest_of_a_plan(held):
    with held.transaction() as tx:
        tx.lease([Change("duties", MEETING, {"look_on": date(2014, 3, 1)})])
        tx.lease([Change("duties", ADVISORY, {"look_on": date(2014, 2, 1)})])

    with held.read() as conn:
        assert duties.next_look(conn, PLAN) == date(2014, 2, 1)
        assert duties.next_look(conn, "other") is None


def test_a_digest_takes_notices_in_only_while_no_letter_carries_it(held, record, make):
    with held.transaction() as tx:
        record(tx, *(make["message"](name) for name in ("m1", "m2", "m3")))
        record(tx, make["message"]("m4", state="sent"))
        record(tx, make["letter"]("l2"), make["carried"]("l2", "m2"))
        record(tx, make["letter"]("l3", state="dead"), make["carried"]("l3", "m3"))

    with held.transaction() as tx:
        found = messages.open_digests(tx.conn, ["m1", "m2", "m3", "m4", "m5"])

    assert found == {"m1": True, "m2": False, "m3": False, "m4": False}


def test_the_unreleased_slips_of_a_duty_are_found(held, record, make):
    with held.transaction() as tx:
        for name, state in [("m1", "draft"), ("m2", "sent"), ("m3", "draft")]:
            record(tx, make["message"](name, form="slip", state=state))
        record(tx, notice("n1", "m1"), notice("n2", "m2", rung="late-7"))
        record(tx, notice("n3", "m3", duty=ADVISORY))

    with held.read() as conn:
        assert messages.drafts_of(conn, MEETING) == ["m1"]


def test_a_letter_refers_to_those_sent_that_first_told_of_its_duties(held, record, make):
    states = {"m1": "dead", "m2": "sent", "m3": "sent", "m4": "queued"}
    days = {f"m{n}": date(2014, 1, n) for n in (1, 2, 3, 4)}
    told = {"m1": MEETING, "m2": MEETING, "m3": ADVISORY}
    with held.transaction() as tx:
        record(tx, *(make["message"](m, on=d, recipient="wjmt/officer") for m, d in days.items()))
        record(tx, *(notice(m, m, duty=key, rung=m) for m, key in told.items()))
        record(tx, notice("a", "m4", rung="x"), notice("b", "m4", duty=ADVISORY, rung="x"))
        for m, d in days.items():
            letter = make["letter"](f"{m}.1", address=WJMT, on=d, state=states[m])
            record(tx, letter, make["carried"](f"{m}.1", m))

    with held.read() as conn:
        m4 = [messages.one(conn, "m4")]
        assert thread(conn, m4, address=WJMT) == ("<m3.1@duban>", "<m2.1@duban>")
        assert thread(conn, m4, address="other@cast.example") == ()


def test_a_message_of_before_letters_is_referred_to_as_well(held, record, make):
    with held.transaction() as tx:
        own = {"recipient": "wjmt/officer"}
        record(tx, make["message"]("m1", on=date(2014, 1, 1), state="sent", **own))
        record(tx, make["message"]("m2", **own), notice("n1", "m1"), notice("n2", "m2", rung="x"))

    with held.read() as conn:
        m2 = [messages.one(conn, "m2")]
        assert thread(conn, m2, address=WJMT) == ("<m1@duban>",)
