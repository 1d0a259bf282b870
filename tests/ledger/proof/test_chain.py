from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256

import pytest
import sqlalchemy as sa

from ledger.proof import chain
from ledger.proof.chain import canonical
from ledger.store.changes import Change
from tests.databases import ON_POSTGRESQL, ON_SQLITE

MEETING = "guangdong-2013/40.meeting/-/2014"
MORNING = datetime(2014, 3, 14, 8, 30, tzinfo=timezone(timedelta(hours=8)))


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
        "INSERT INTO entries VALUES (0, 'at', 'actor', 'deed', 'subject', '{}', 'prev', 'hash', 1)",
        "INSERT INTO entries VALUES (7, 'at', 'actor', 'deed', 'subject', '{}', 'prev', 'hash', 1)",
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
