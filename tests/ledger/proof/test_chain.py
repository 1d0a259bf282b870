from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
import sqlalchemy as sa

from ledger.proof import chain
from ledger.proof.chain import GENESIS, Anchor, Fault, canonical
from ledger.proof.verification import verify_ledger
from ledger.store.changes import Change
from tests.databases import ON_POSTGRESQL, ON_SQLITE, tamper

MEETING = "guangdong-2013/40.meeting/-/2014"
MORNING = datetime(2014, 3, 14, 8, 30, tzinfo=timezone(timedelta(hours=8)))


def tampered(ledger, *statements: str) -> None:
    with ledger.engine.begin() as conn:
        tamper(conn, *statements)


def verdict(ledger, *anchors: Anchor) -> chain.Verdict:
    with ledger.read() as conn:
        return verify_ledger(conn, anchors)


def anchor(ledger) -> Anchor:
    with ledger.read() as conn:
        return Anchor(date(2014, 3, 14), *chain.head(conn))


def whats(found: chain.Verdict) -> list[tuple[int | None, str]]:
    return [(seq, what.split(":")[0]) for seq, what in found.faults]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": "省外經貿廳"}, '{"a":"省外經貿廳","b":1}'),
        (
            {"on": date(2014, 3, 14), "at": MORNING},
            '{"at":"2014-03-14T00:30:00Z","on":"2014-03-14"}',
        ),
        ([("a", None, True)], '[["a",null,true]]'),
    ],
)
def test_canonical_json_has_one_spelling(value, text):
    assert canonical(value) == text


@pytest.mark.parametrize("value", [{"x": {1, 2}}, {"x": b""}, {"x": object()}])
def test_what_json_cannot_say_is_refused(value):
    with pytest.raises(TypeError, match="no place in the history"):
        canonical(value)


def test_no_number_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


def test_an_empty_history_ends_in_genesis(ledger):
    with ledger.read() as conn:
        assert chain.head(conn) == (0, GENESIS)
        assert verify_ledger(conn) == (0, GENESIS, 0, True, ())


def test_an_entry_tells_what_was_changed_and_the_note_beside_it(held):
    with held.transaction() as tx:
        opened = Change("duties", MEETING, {"opened_on": date(2014, 3, 14)})
        tx.record("open", MEETING, changes=[opened], at=MORNING, actor="duban", note={"x": "簽"})

    with held.read() as conn:
        *_, entry = chain.entries(conn, MEETING)

    assert entry[1:5] == ("2014-03-14T00:30:00Z", "duban", "open", MEETING)
    assert entry.payload == {
        "changes": [["duties", MEETING, {"opened_on": "2014-03-14"}]],
        "x": "簽",
    }


def test_a_hash_can_be_made_again_with_the_standard_library_alone(held):
    with held.read() as conn:
        entries = list(chain.entries(conn))

    for entry in entries:
        told = entry._asdict()
        prev, digest = told.pop("prev"), told.pop("hash")
        text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        body = sha256(text.encode()).hexdigest()
        assert sha256((prev + body).encode()).hexdigest() == digest


def test_the_history_can_be_read_about_one_subject(held):
    with held.read() as conn:
        assert [e.seq for e in chain.entries(conn, "guangdong-2013")] == [1]
        assert [e.seq for e in chain.entries(conn)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET actor = 'x' WHERE seq = 1",
        "DELETE FROM entries WHERE seq = 5",
        "INSERT INTO entries VALUES (0, 'at', 'actor', 'deed', 'subject', '{}', 'prev', 'hash')",
        "INSERT INTO entries VALUES (7, 'at', 'actor', 'deed', 'subject', '{}', 'prev', 'hash')",
    ],
)
def test_the_database_refuses_to_change_an_entry(held, statement):
    refused = pytest.raises(sa.exc.IntegrityError, match="the history only grows")
    with refused, held.engine.begin() as conn:
        conn.exec_driver_sql(statement)


@ON_SQLITE
def test_the_database_refuses_to_replace_an_entry(held):
    refused = pytest.raises(sa.exc.IntegrityError, match="the history only grows")
    with refused, held.engine.begin() as conn:
        conn.exec_driver_sql("INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 5")


@ON_POSTGRESQL
def test_the_database_refuses_to_empty_the_history(held):
    refused = pytest.raises(sa.exc.IntegrityError, match="the history only grows")
    with refused, held.engine.begin() as conn:
        conn.exec_driver_sql("TRUNCATE entries")


def test_what_nobody_touched_verifies(held):
    found = verdict(held, anchor(held))

    assert (found.entries, found.anchors, found.ok, found.faults) == (5, 1, True, ())


@pytest.mark.parametrize("column", ["at", "actor", "deed", "subject"])
def test_an_edited_entry_is_found(held, column):
    tampered(held, f"UPDATE entries SET {column} = 'x' WHERE seq = 3")  # noqa: S608

    assert whats(verdict(held)) == [(3, "altered")]


def test_an_edited_payload_is_found_in_the_chain_and_in_the_rows(held):
    tampered(held, "UPDATE entries SET payload = replace(payload, '廣州', '深圳') WHERE seq = 3")

    found = verdict(held)

    assert whats(found) == [(3, "altered"), (None, "differs")]
    assert found.faults[1] == Fault(None, "differs: agencies guangzhou in name")


def test_a_payload_that_is_no_json_is_reported_not_raised(held):
    tampered(held, "UPDATE entries SET payload = 'x' WHERE seq = 3")

    assert whats(verdict(held)) == [(3, "altered"), (None, "unreadable")]


def test_a_deleted_entry_is_found(held):
    tampered(held, "DELETE FROM entries WHERE seq = 3")

    assert whats(verdict(held)) == [(4, "missing"), (None, "unrecorded")]


def test_a_deleted_entry_whose_followers_moved_up_is_found(held):
    tampered(
        held,
        "DELETE FROM entries WHERE seq = 3",
        "UPDATE entries SET seq = 3 WHERE seq = 4",
        "UPDATE entries SET seq = 4 WHERE seq = 5",
    )

    assert whats(verdict(held))[:3] == [(3, "unlinked"), (3, "altered"), (4, "altered")]


def test_two_swapped_entries_are_found(held):
    tampered(
        held,
        "UPDATE entries SET seq = -3 WHERE seq = 3",
        "UPDATE entries SET seq = 3 WHERE seq = 4",
        "UPDATE entries SET seq = 4 WHERE seq = -3",
    )

    found = [seq for seq, what in whats(verdict(held)) if what == "altered"]

    assert found == [3, 4]


def test_a_cut_tail_is_found_by_the_anchor(held):
    kept = anchor(held)
    tampered(held, "DELETE FROM entries WHERE seq = 5", "DELETE FROM duties WHERE measure = '35'")

    assert verdict(held).ok
    assert verdict(held, kept).faults == (
        Fault(None, "cut: the anchor of 2014-03-14 counts 5 entries"),
    )


def test_an_anchor_taken_later_does_not_hide_an_earlier_one(held):
    kept = anchor(held)
    later = kept._replace(on=date(2014, 3, 15), head="0" * 64)

    assert whats(verdict(held, kept, later)) == [(5, "rewritten")]
    assert whats(verdict(held, later, kept)) == [(5, "rewritten")]


def test_a_tail_hashed_again_is_found_by_the_anchor(held):
    kept = anchor(held)
    with held.read() as conn:
        last = list(chain.entries(conn))[-1]
    draft = chain.Draft(last.at, "someone", last.deed, last.subject, canonical(last.payload))
    digest = chain.link(last.seq, draft, last.prev)
    tampered(held, f"UPDATE entries SET actor = 'someone', hash = '{digest}' WHERE seq = 5")  # noqa: S608

    assert verdict(held).ok
    assert whats(verdict(held, kept)) == [(5, "rewritten")]


def test_verification_tells_how_far_it_is(ledger, monkeypatch):
    monkeypatch.setattr(chain, "CHUNK", 2)
    with ledger.transaction() as tx:
        for _ in range(5):
            tx.record("look", "x", at=datetime(2014, 3, 14, tzinfo=UTC), actor="duban")

    told: list[float] = []
    with ledger.read() as conn:
        verify_ledger(conn, progress=told.append)

    assert told == [0.2, 0.4, 1]
