"""Letters in the ledger: claimed when their hour has come, one a mailbox and day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ledger.post import letters
from ledger.store.changes import Change

ON = date(2014, 1, 2)
AT = datetime(2014, 1, 2, 0, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def claimed(ledger, **options):
    with ledger.transaction() as tx:
        until = AT + timedelta(minutes=5)
        loads = letters.claim(tx, on=options.pop("on", ON), at=AT, until=until, **options)
    return [load.letter.id for load in loads]


@pytest.mark.parametrize(
    ("lease", "ready"),
    [
        ({}, True),
        ({"next_try_at": AT}, True),
        ({"next_try_at": AT + SECOND}, False),
        ({"claimed_until": AT}, True),
        ({"claimed_until": AT + SECOND}, False),
    ],
)
def test_a_letter_is_claimed_when_its_hour_has_come(held, record, make, lease, ready):
    with held.transaction() as tx:
        record(tx, make["letter"]("l1"))
        tx.lease([Change("letters", "l1", lease)] if lease else [])

    assert claimed(held) == (["l1"] if ready else [])


def test_only_queued_letters_are_claimed_and_once(held, record, make):
    with held.transaction() as tx:
        record(tx, make["letter"]("l1"), make["letter"]("l2", state="sent"), make["letter"]("l3"))

    assert [claimed(held), claimed(held)] == [["l1", "l3"], []]
    with held.read() as conn:
        assert letters.waiting(conn, ON) == 2


@pytest.mark.parametrize(
    ("other", "leaves"),
    [
        ({"state": "sent", "on": ON}, False),
        ({"state": "bounced", "on": ON}, False),
        ({"state": "sent", "on": date(2014, 1, 1)}, True),
        ({"state": "dead", "on": ON}, True),
        ({"state": "superseded", "on": ON}, True),
        ({"state": "queued", "on": date(2014, 1, 1)}, False),
        ({"state": "queued", "on": date(2014, 1, 3)}, True),
        ({"state": "sent", "on": ON, "form": "slip"}, True),
        ({"state": "sent", "on": ON, "address": "other@cast.example"}, True),
        ({"state": "sent", "on": ON, "channel": "wecom"}, True),
    ],
)
def test_a_mailbox_gets_one_digest_letter_a_day(held, record, make, other, leaves):
    with held.transaction() as tx:
        record(tx, make["letter"]("l2"))
        record(tx, make["letter"]("l1", **{"address": "l2@cast.example", **other}))

    assert ("l2" in claimed(held)) is leaves


def test_a_slip_leaves_beside_a_digest_and_on_any_day(held, record, make):
    with held.transaction() as tx:
        record(tx, make["letter"]("l1", state="sent"), make["message"]("m1"), make["message"]("m2"))
        record(tx, make["letter"]("l2", form="slip", address="l1@cast.example"))
        record(tx, make["letter"]("l3"), make["carried"]("l2", "m2"), make["carried"]("l3", "m1"))

    assert claimed(held, resting={"guangdong-2013"}) == ["l2"]
    assert claimed(held) == ["l3"]


def test_a_letter_is_known_by_its_message_id_and_so_is_a_message_of_before(held, record, make):
    with held.transaction() as tx:
        record(tx, make["message"]("m1", state="sent"), make["message"]("m2"))
        record(tx, make["letter"]("m2"), make["carried"]("m2", "m2"))

    with held.read() as conn:
        first, second = (letters.by_message_id(conn, f"<{m}@duban>") for m in ("m1", "m2"))
        assert [first and first.address, second and second.address] == ["", "m2@cast.example"]
        assert [letters.one(conn, name) is None for name in ("m1", "m2")] == [True, False]
        assert letters.by_message_id(conn, "<m3@duban>") is None
