from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger.proof import chain, ledger_verification
from ledger.proof.chain import GENESIS, Anchor, Fault, canonical
from ledger.proof.ledger_verification import verify_ledger
from tests.databases import tamper


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


def test_an_empty_history_ends_in_genesis(ledger):
    with ledger.read() as conn:
        assert chain.head(conn) == (0, GENESIS)
        assert verify_ledger(conn) == (0, GENESIS, 0, True, ())


def test_what_nobody_touched_verifies(held):
    found = verdict(held, anchor(held))

    assert (found.entries, found.anchors, found.ok, found.faults) == (5, 1, True, ())


@pytest.mark.parametrize("column", ["at", "actor", "deed", "subject"])
def test_an_edited_entry_is_found(held, column):
    tampered(held, f"UPDATE entries SET {column} = 'x' WHERE seq = 3")  # noqa: S608  names and values of our own

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
    tampered(held, f"UPDATE entries SET actor = 'someone', hash = '{digest}' WHERE seq = 5")  # noqa: S608  names and values of our own

    assert verdict(held).ok
    assert whats(verdict(held, kept)) == [(5, "rewritten")]


def test_verification_tells_how_far_it_is(ledger, monkeypatch):
    monkeypatch.setattr(ledger_verification, "CHUNK", 2)
    with ledger.transaction() as tx:
        for _ in range(5):
            tx.record("look", "x", at=datetime(2014, 3, 14, tzinfo=UTC), actor="duban")

    told: list[float] = []
    with ledger.read() as conn:
        verify_ledger(conn, progress=told.append)

    assert told == [0.2, 0.4, 1]
