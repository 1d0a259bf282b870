from __future__ import annotations

import io
import stat
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from catalog.errors import ConflictError, InvalidError, NotFoundError
from ledger.proof.evidence import MB, EvidenceFile, Store, other_labels
from ledger.proof.ledger_verification import verify_ledger
from ledger.store.changes import Change

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.session import Ledger

MEETING = "guangdong-2013/40.meeting/-/2014"
AT = datetime(2014, 3, 14, tzinfo=UTC)
MINUTES = b"%PDF-1.4 minutes %%EOF"
LIST = b"%PDF-1.4 list %%EOF"


class Endless(io.RawIOBase):
    """An upload that never ends, and how far it was read."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        self.given += size
        return b"%PDF-" + bytes(size - 5)


@pytest.fixture
def store(home: Path) -> Store:
    home.mkdir()
    return Store(home / "evidence", limit=2 * MB)


def take(store: Store, content: bytes = MINUTES, name: str = "紀要.pdf") -> EvidenceFile:
    """Take and keep a file."""
    with store.tray() as tray:
        file = tray.take(io.BytesIO(content), name=name, kind="minutes")
        store.keep(file)
    return file


def proved(ledger: Ledger, content: bytes, name: str, **parent: str) -> EvidenceFile:
    """Keep a file and record it as evidence of the meeting, on a day that had a word."""
    file = take(ledger.evidence, content, name)
    values = {"duty": MEETING, **parent, **file._asdict()}
    del values["staged"]
    row = Change("evidence", f"{MEETING}#{name}", values, "insert")
    word = Change("duties", MEETING, {"spoken_on": AT.date()})
    with ledger.transaction() as tx:
        tx.record("filed", MEETING, changes=[row, word], at=AT, actor="trade/officer")
    return file


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_lies_under_its_hash_for_its_owner_only(store):
    file = take(store)

    path = store.root / file.sha256[:2] / file.sha256
    assert file.sha256 == sha256(MINUTES).hexdigest()
    assert path.read_bytes() == MINUTES
    assert mode(path) == 0o600
    assert {mode(store.root), mode(path.parent), mode(store.root / "incoming")} == {0o700}


def test_what_is_received_is_described(store):
    with store.tray() as tray:
        file = tray.take(io.BytesIO(MINUTES), name="../a/紀要.pdf", kind="minutes")

    assert file[:4] == ("minutes", "紀要.pdf", "application/pdf", len(MINUTES))


def test_what_is_kept_is_read_back(store):
    file = take(store)

    assert store.read(file.sha256) == MINUTES


def test_a_hash_that_is_not_there_is_not_found(store):
    with pytest.raises(NotFoundError, match="ffff"):
        store.read("f" * 64)


def test_a_file_that_is_no_longer_what_was_handed_in_is_not_given_out(store):
    file = take(store)
    store.path(file.sha256).write_bytes(LIST)

    with pytest.raises(NotFoundError, match=file.sha256):
        store.read(file.sha256)


def test_a_file_no_deed_kept_is_gone(store):
    with store.tray() as tray:
        tray.take(io.BytesIO(MINUTES), name="a.pdf", kind="minutes")
        assert files(store.root)

    assert files(store.root) == []


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.pdf", b"", "evidence-empty"),
        ("a.pdf", b"<html>", "evidence-type"),
        ("a.pdf", bytes(2 * MB + 1), "evidence-too-large"),
    ],
)
def test_a_refused_file_leaves_nothing(store, name, content, key):
    with pytest.raises(InvalidError) as refused, store.tray() as tray:
        tray.take(io.BytesIO(content), name=name, kind="minutes")

    assert refused.value.key == key
    assert files(store.root) == []


def test_an_upload_is_read_no_further_than_the_limit(store):
    endless = Endless()

    with pytest.raises(InvalidError, match="2 MB"), store.tray() as tray:
        tray.take(endless, name="a.pdf", kind="minutes")

    assert endless.given <= store.limit + MB


def test_an_upload_cut_off_leaves_nothing(store):
    class Cut(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError), store.tray() as tray:
        tray.take(Cut(), name="a.pdf", kind="minutes")

    assert files(store.root) == []


def test_the_same_content_twice_is_one_file(store):
    assert take(store).sha256 == take(store, name="again.pdf").sha256

    assert len(files(store.root)) == 1


def test_a_rehearsal_keeps_no_file(held):
    with held.rehearsal() as rehearsed:
        take(rehearsed.evidence)

    assert files(held.evidence.root) == []


def test_evidence_that_is_as_it_was_verifies(held):
    proved(held, MINUTES, "a.pdf")

    with held.read() as conn:
        assert verify_ledger(conn, also=held.evidence.faults(conn)).ok


@contextmanager
def seen(ledger: Ledger) -> Iterator[list[tuple[int | None, str]]]:
    with ledger.read() as conn:
        found = verify_ledger(conn, also=ledger.evidence.faults(conn)).faults
        yield [(fault.seq, fault.what) for fault in found]


def test_a_missing_file_is_named_with_its_entry(held):
    file = proved(held, MINUTES, "a.pdf")
    held.evidence.path(file.sha256).unlink()

    with seen(held) as faults:
        assert faults == [(6, f"missing: evidence a.pdf ({MEETING}#a.pdf) of {MEETING}")]


def test_a_changed_file_is_named_with_its_entry(held):
    file = proved(held, MINUTES, "a.pdf")
    held.evidence.path(file.sha256).write_bytes(MINUTES.replace(b"minutes", b"minutez"))

    with seen(held) as faults:
        assert faults == [(6, f"changed: evidence a.pdf ({MEETING}#a.pdf) of {MEETING}")]


def test_two_files_that_changed_places_are_both_named(held):
    one, other = proved(held, MINUTES, "a.pdf"), proved(held, LIST, "b.pdf")
    held.evidence.path(one.sha256).write_bytes(LIST)
    held.evidence.path(other.sha256).write_bytes(MINUTES)

    with seen(held) as faults:
        assert faults == [
            (6, f"swapped for b.pdf: evidence a.pdf ({MEETING}#a.pdf) of {MEETING}"),
            (7, f"swapped for a.pdf: evidence b.pdf ({MEETING}#b.pdf) of {MEETING}"),
        ]


def test_a_file_that_proves_two_things_is_missed_by_both(held):
    proved(held, MINUTES, "a.pdf")
    file = proved(held, MINUTES, "b.pdf")
    held.evidence.path(file.sha256).unlink()

    with seen(held) as faults:
        assert [seq for seq, _ in faults] == [6, 7]


def test_a_lost_store_is_every_file_missing(held):
    proved(held, MINUTES, "a.pdf")
    held.evidence.root.rename(held.settings.home / "elsewhere")

    with seen(held) as faults:
        assert len(faults) == 1


def test_only_files_no_entry_names_are_strays(held):
    proved(held, MINUTES, "a.pdf")
    stray = held.evidence.path(take(held.evidence, LIST, "b.pdf").sha256)
    planted = held.evidence.root / "note.txt"
    planted.write_text("")

    with held.read() as conn:
        assert set(held.evidence.strays(conn)) == {stray, planted}


def test_a_deed_that_fails_after_keeping_leaves_a_stray_and_no_gap(held):
    file = take(held.evidence)
    row = Change("evidence", "e1", {"duty": "nobody's"}, "insert")

    with pytest.raises(ConflictError), held.transaction() as tx:
        tx.record("filed", MEETING, changes=[row], at=AT, actor="x")

    with held.read() as conn:
        assert list(held.evidence.strays(conn)) == [held.evidence.path(file.sha256)]
        assert list(held.evidence.faults(conn)) == []


def test_what_the_items_and_the_readings_brought_counts_for_the_duty(held):
    item = {"duty": MEETING, "held_on": date(2014, 3, 14), "place": "", "title": ""}
    item |= {"recorded_at": AT, "recorded_by": "x"}
    reading = {"plan": "p", "target": "t", "year": 2014, "number": 1, "duty": MEETING, "value": "1"}
    reading |= {"source": "統計局", "reported_on": date(2014, 3, 14), "reported_by": "x"}
    with held.transaction() as tx:
        rows = [Change("items", "i1", item, "insert"), Change("readings", "r1", reading, "insert")]
        tx.record("delivered", MEETING, changes=rows, at=AT, actor="x")
    proved(held, MINUTES, "a.pdf", item="i1")

    with held.read() as conn:
        assert other_labels(conn, MEETING) == {"minutes", "source"}
        assert other_labels(conn, "guangdong-2013/35.advisory/guangzhou/once") == frozenset()
