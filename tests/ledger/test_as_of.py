from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from catalog.errors import NotFoundError
from ledger.as_of import as_of
from ledger.duties import duties
from ledger.post import contacts
from ledger.proof import chain
from ledger.proof.fold import fold, present
from ledger.proof.ledger_verification import verify_ledger
from ledger.store.changes import Change
from ledger.tables import RECORDED, TABLES

MEETING = "guangdong-2013/40.meeting/-/2014"
FILED = ("filed_on", "spoken_on")  # a filing is a word too
BEIJING = timezone(timedelta(hours=8))
EVER = datetime(2100, 1, 1, tzinfo=UTC)


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=BEIJING)


@pytest.fixture
def lived(held, make):
    """The meeting acknowledged on 10 January 2014, its city renamed on 1 March, filed on 14 March.

    The report comes one second before midnight in Guangzhou, a message on the stroke of it.
    """
    with held.transaction() as tx:
        for at, deed, change in [
            (
                datetime(2014, 1, 10, 1, 0, tzinfo=UTC),
                "acknowledged",
                Change("duties", MEETING, {"acknowledged_on": date(2014, 1, 10)}),
            ),
            (
                datetime(2014, 3, 1, 1, 0, tzinfo=UTC),
                "renamed",
                Change("agencies", "guangzhou", {"name": "穗"}),
            ),
            (
                datetime(2014, 3, 14, 15, 59, 59, tzinfo=UTC),
                "filed",
                Change(
                    "duties", MEETING, {**dict.fromkeys(FILED, date(2014, 3, 14)), "filings": 1}
                ),
            ),
            (datetime(2014, 3, 14, 16, 0, 0, tzinfo=UTC), "posted", make["message"]("m1")),
        ]:
            tx.record(deed, MEETING, changes=[change], at=at, actor="wjmt")
        tx.lease([Change("duties", MEETING, {"look_on": date(2014, 4, 1)})])
    return held


def test_as_of_the_end_it_is_the_ledger_row_for_row(lived):
    with lived.read() as conn, as_of(lived, EVER) as past:
        for name in RECORDED:
            facts = [
                {key: values for key, values, _ in present(each, TABLES[name])}
                for each in (past, conn)
            ]
            assert facts[0] == facts[1]
        assert list(chain.entries(past)) == list(chain.entries(conn))


def test_before_the_first_entry_there_is_nothing(lived):
    with as_of(lived, datetime(2013, 8, 5, 0, 30, tzinfo=UTC)) as past:
        assert chain.head(past) == chain.Head(0, chain.GENESIS)
        assert duties.listed(past) == []
        with pytest.raises(NotFoundError):
            duties.one(past, MEETING)


@pytest.mark.parametrize(
    ("before", "acknowledged", "filed", "posted"),
    [
        (midnight(2014, 1, 10), None, None, 0),
        (midnight(2014, 1, 11), date(2014, 1, 10), None, 0),
        (midnight(2014, 3, 14), date(2014, 1, 10), None, 0),
        (midnight(2014, 3, 15), date(2014, 1, 10), date(2014, 3, 14), 0),
        (midnight(2014, 3, 16), date(2014, 1, 10), date(2014, 3, 14), 1),
    ],
)
def test_a_day_knows_what_was_recorded_before_its_midnight(
    lived, before, acknowledged, filed, posted
):
    with as_of(lived, before) as past:
        duty = duties.one(past, MEETING)
        told = fold(past)

    assert (duty.acknowledged_on, duty.filed_on) == (acknowledged, filed)
    assert len(told["messages"]) == posted


def test_the_past_keeps_the_old_name(lived):
    with as_of(lived, midnight(2014, 3, 1)) as past:
        assert contacts.agencies(past)["guangzhou"].name == "廣州市人民政府"
    with as_of(lived, midnight(2014, 3, 2)) as past:
        assert contacts.agencies(past)["guangzhou"].name == "穗"


def test_a_row_of_the_past_has_its_types_and_no_leases(lived):
    with as_of(lived, midnight(2014, 3, 2)) as past:
        duty = duties.one(past, MEETING)

    assert (duty.participants, duty.due_on, duty.provisional) == (
        ("guangzhou",),
        date(2014, 12, 31),
        False,
    )
    assert duty.look_on is None


def test_the_chain_of_the_past_verifies_by_itself(lived):
    with as_of(lived, midnight(2014, 3, 2)) as past:
        assert verify_ledger(past).ok


def test_looking_back_changes_nothing(lived):
    with lived.read() as conn:
        before = chain.head(conn)
    with as_of(lived, midnight(2014, 1, 11)) as past:
        past.execute(TABLES["duties"].delete())
    with lived.read() as conn:
        assert chain.head(conn) == before
        assert duties.one(conn, MEETING).filed_on == date(2014, 3, 14)
