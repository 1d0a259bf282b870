from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from catalog.errors import ConflictError
from ledger.duties import duties
from ledger.plans import editions
from ledger.post import letters, messages
from ledger.proof import chain
from ledger.store.bulk_rows import insert, update
from ledger.store.changes import Change
from ledger.tables import TABLES

MEETING = "guangdong-2013/40.meeting/-/2014"
ADVISORY = "guangdong-2013/35.advisory/guangzhou/once"
NOON = datetime(2014, 1, 2, 4, 0, tzinfo=UTC)


def test_a_row_comes_back_with_its_types_and_defaults(held):
    with held.read() as conn:
        duty = duties.one(conn, MEETING)

    assert (duty.due_on, duty.participants) == (date(2014, 12, 31), ("guangzhou",))
    assert (duty.due_version, duty.delivered, duty.provisional) == (1, 0, False)


@pytest.mark.parametrize("table", ["duties", "editions"])
def test_a_row_that_is_there_is_not_made_again(held, record, make, table):
    again = make["duty"](MEETING) if table == "duties" else make["edition"](1)

    with pytest.raises(ConflictError) as refused, held.transaction() as tx:
        record(tx, again)

    assert (refused.value.key, refused.value.values["table"]) == ("row-exists", table)


def test_a_second_digest_of_the_day_is_refused(held, record, make):
    with pytest.raises(ConflictError) as refused, held.transaction() as tx:
        record(tx, *(make["message"](name, recipient="wjmt/officer") for name in ("m1", "m2")))

    assert refused.value.key == "row-exists"


def test_slips_of_one_day_do_not_count_as_digests(held, record, make):
    with held.transaction() as tx:
        for name in ("m1", "m2"):
            record(tx, make["message"](name, recipient="wjmt/head", form="slip", state="draft"))

    with held.read() as conn:
        assert len(messages.listed(conn, state="draft")) == 2


def test_a_second_edition_in_force_is_refused(held, record, make):
    with pytest.raises(ConflictError) as refused, held.transaction() as tx:
        record(tx, make["edition"](2))

    assert refused.value.key == "row-exists"


def test_an_edition_follows_the_one_in_force(held, record, make):
    with held.transaction() as tx:
        record(
            tx,
            Change("editions", ("guangdong-2013", 1), {"in_force": False}),
            make["edition"](2),
        )

    with held.read() as conn:
        assert editions.in_force(conn, "guangdong-2013").edition == 2


def test_a_reference_to_nothing_is_refused_at_the_end(held, record, make):
    with pytest.raises(ConflictError) as refused, held.transaction() as tx:
        record(tx, make["duty"]("guangdong-2013/1.x/-/once", lead="nobody"))

    assert refused.value.key == "row-refused"


def test_an_update_of_no_row_is_refused(held, record):
    with pytest.raises(ConflictError) as refused, held.transaction() as tx:
        record(tx, Change("duties", "guangdong-2013/0.none/-/once", {"delivered": 1}))

    assert (refused.value.key, refused.value.values["lost"]) == ("row-changed", 1)


def test_a_conditional_update_holds_only_while_the_row_is_as_given(held, record):
    sign = Change(
        "duties", MEETING, {"acknowledged_on": date(2014, 1, 6)}, expected={"acknowledged_on": None}
    )
    with held.transaction() as tx:
        record(tx, sign)

    with pytest.raises(ConflictError) as refused, held.transaction() as tx:
        record(tx, sign)

    assert refused.value.key == "row-changed"


def test_changes_of_one_row_keep_their_order(held, record):
    with held.transaction() as tx:
        record(tx, Change("duties", MEETING, {"delivered": 1}))
        record(tx, Change("duties", ADVISORY, {"delivered": 7}))
        record(tx, Change("duties", MEETING, {"delivered": 2, "due_version": 2}))
        record(tx, Change("duties", MEETING, {"delivered": 3}))

    with held.read() as conn:
        duty = duties.one(conn, MEETING)
        assert (duty.due_version, duty.quota_min, duty.quota_max, duty.delivered) == (
            2,
            None,
            None,
            3,
        )
        assert duties.one(conn, ADVISORY).delivered == 7


def test_a_row_may_be_made_and_changed_in_one_transaction(held, record, make):
    with held.transaction() as tx:
        record(tx, make["message"]("m1"))
        record(tx, Change("messages", "m1", {"state": "sent", "settled_at": NOON}))

    with held.read() as conn:
        assert messages.one(conn, "m1").settled_at == NOON


def test_present_tells_which_keys_are_there(held):
    absent = [f"guangdong-2013/none/{n}/once" for n in range(2500)]

    with held.transaction() as tx:
        assert tx.present("duties", [*absent, MEETING]) == {MEETING}
        assert tx.present("editions", [("guangdong-2013", 1), ("guangdong-2013", 2)]) == {
            ("guangdong-2013", 1)
        }


def test_a_lease_writes_no_entry(held, record, make):
    with held.transaction() as tx:
        record(tx, make["letter"]("l1"))
    with held.read() as conn:
        before = chain.head(conn)

    with held.transaction() as tx:
        tx.lease([Change("letters", "l1", {"tries": 3, "next_try_at": NOON})])

    with held.read() as conn:
        assert [letter.tries for letter in letters.listed(conn)] == [3]
        assert chain.head(conn) == before


def test_a_fact_cannot_be_written_as_a_lease_nor_a_lease_as_a_fact(held, record):
    with pytest.raises(ValueError, match="state"), held.transaction() as tx:
        tx.lease([Change("messages", "m1", {"state": "sent"})])
    with pytest.raises(ValueError, match="tries"), held.transaction() as tx:
        record(tx, Change("messages", "m1", {"tries": 1}))


@pytest.mark.parametrize(
    "change", [Change("duties", MEETING, {"no_such": 1}), Change("entries", 1, {"deed": "x"})]
)
def test_unknown_columns_and_the_history_itself_cannot_be_changed(held, record, change):
    with pytest.raises(ValueError, match="cannot be written"), held.transaction() as tx:
        record(tx, change)


def test_the_statements_are_such_as_postgresql_takes():
    told = []
    engine = sa.create_mock_engine("postgresql+psycopg://", lambda *_: None)

    class Conn:
        dialect = engine.dialect

        def exec_driver_sql(self, sql, rows):
            told.append((sql, rows))
            return self

        rowcount = 1

    insert(Conn(), TABLES["agencies"], names=("id", "name"), rows=[("zhuhai", "珠海市人民政府")])
    update(
        Conn(),
        TABLES["messages"],
        names=("on",),
        expected=("settled_at",),
        rows=[(date(2014, 1, 2), "m1", NOON)],
    )

    assert told == [
        (
            "INSERT INTO agencies (id, name, aliases) VALUES (%s, %s, %s)",
            [("zhuhai", "珠海市人民政府", "[]")],
        ),
        (
            'UPDATE messages SET "on" = %s WHERE id = %s AND settled_at IS NOT DISTINCT FROM %s',
            [(date(2014, 1, 2), "m1", "2014-01-02T04:00:00Z")],
        ),
    ]
