"""A backup is the whole ledger; what is made from it is the same, and an old one is noticed."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
import sqlalchemy as sa

from catalog.errors import ConflictError, InvalidError
from catalog.plans.load import load_plan
from ledger.backup import MANIFEST, Older, older, read_manifest, restore, write
from ledger.people import signin
from ledger.proof import anchors, chain
from ledger.proof.ledger_verification import verify_ledger
from ledger.proof.verify import Anchor
from ledger.tables import TABLES
from tasks.deeds import answering
from tasks.people.users import Newcomer, add
from tasks.plans.publish import publish
from tasks.proof.anchor import anchor
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.databases import ON_SQLITE
from tests.world import ISSUED, PostOffice, World, small_plan

PLAN = load_plan("guangdong-2013")
AT = datetime(2014, 1, 24, 1, tzinfo=UTC)
SINCE = date(2013, 8, 5)
KEY = "small-2013/1.report/-/once"
PAPER = b"%PDF-1.4 a paper\n%%EOF\n"


def tick(on):
    return Tick(PLAN.plan, on, sweep_instant(PLAN.zone, on))


@pytest.fixture
def lived(ledger):
    """A ledger with duties, notices, a secret and a file of evidence."""
    publish(ledger, PLAN, at=sweep_instant(PLAN.zone, PLAN.issued_on), actor="duban")
    sweep(ledger, tick(date(2013, 12, 31)))
    add(ledger, [Newcomer("chen", "陳文靜", "office")], since=SINCE, at=AT, actor="duban")
    with ledger.transaction() as tx:
        signin.put(tx, "credentials", "chen", {"password": "$argon2id$…", "changed_at": AT})
        tx.record("password-changed", "chen", at=AT, actor="chen")
    ledger.evidence.bring(io.BytesIO(PAPER), sha256(PAPER).hexdigest())
    return ledger


def backed_up(ledger, place):
    with place.open("wb") as file:
        return write(ledger, file, at=AT)


def rows(ledger):
    with ledger.read() as conn:
        wanted = {name: sa.select(t).order_by(*t.primary_key) for name, t in TABLES.items()}
        return {name: conn.execute(query).all() for name, query in wanted.items()}


def verdict(ledger):
    with ledger.read() as conn:
        return verify_ledger(conn, anchors.anchors(ledger.settings.home))


def test_what_is_restored_is_the_same_row_for_row(lived, database, tmp_path):
    made = backed_up(lived, tmp_path / "b.zip")
    with database.open(tmp_path / "other") as other:
        assert restore(other, tmp_path / "b.zip") == made
        assert rows(other) == rows(lived)
        assert other.evidence.read(sha256(PAPER).hexdigest()) == PAPER
        assert verdict(other).ok


@ON_SQLITE
def test_a_ledger_moves_from_sqlite_to_postgresql(lived, postgresql, tmp_path):
    backed_up(lived, tmp_path / "b.zip")
    with postgresql.while_it_lasts(), postgresql.open(tmp_path / "other") as other:
        restore(other, tmp_path / "b.zip")
        assert other.engine.dialect.name == "postgresql"
        assert rows(other) == rows(lived)
        assert verdict(other).ok
        assert sweep(other, tick(date(2014, 1, 2)))["reminded"] > 0


def test_a_backup_of_yesterday_restored_today_is_noticed(lived, database, tmp_path):
    anchor(lived, tick(date(2013, 12, 31)))
    made = backed_up(lived, tmp_path / "b.zip")
    sweep(lived, tick(date(2014, 1, 2)))
    assert older(lived.settings.home, made) == Older(date(2014, 1, 2), entries(lived))

    home = tmp_path / "again"
    home.mkdir()
    anchors.anchor_file(home).write_bytes(anchors.anchor_file(lived.settings.home).read_bytes())
    with database.open(home) as again:
        restore(again, tmp_path / "b.zip")
        assert verdict(again).ok is False
        assert anchors.anchors(home)[-1] == Anchor(date(2014, 1, 2), entries(lived), head(lived))


def test_a_ledger_that_holds_anything_is_not_overwritten(lived, tmp_path):
    backed_up(lived, tmp_path / "b.zip")
    before = rows(lived)
    with pytest.raises(ConflictError) as refusal:
        restore(lived, tmp_path / "b.zip")
    assert refusal.value.key == "restore-not-empty"
    assert rows(lived) == before


def test_one_changed_byte_is_told_with_its_place(lived, database, tmp_path):
    backed_up(lived, tmp_path / "b.zip")
    altered(tmp_path / "b.zip", "tables/users.jsonl", b"chen", b"chem")
    with database.open(tmp_path / "other") as other:
        with pytest.raises(InvalidError) as refusal:
            restore(other, tmp_path / "b.zip")
        assert refusal.value.key == "backup-damaged"
        assert refusal.value.values["place"] == "b.zip/tables/users.jsonl"
        assert entries(other) == 0


@pytest.mark.parametrize("keep", [0, 40, 4000])
def test_a_file_cut_off_is_no_backup(lived, tmp_path, keep):
    backed_up(lived, tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[:keep])
    with pytest.raises(InvalidError) as refusal:
        read_manifest(tmp_path / "b.zip")
    assert refusal.value.key == "backup-unreadable"


def test_another_revision_of_the_tables_is_refused_by_name(lived, tmp_path):
    made = backed_up(lived, tmp_path / "b.zip")
    told = f'"revision":"{made.revision}"'.encode()
    altered(tmp_path / "b.zip", MANIFEST, told, b'"revision":"0001"')
    with pytest.raises(ConflictError) as refusal:
        read_manifest(tmp_path / "b.zip")
    assert (refusal.value.key, refusal.value.values["theirs"]) == ("backup-revision", "0001")


@pytest.mark.parametrize("damage", ["changed", "missing", "unreadable"])
def test_a_file_of_evidence_that_is_damaged_is_named_and_stops_no_backup(
    meeting_with_paper, tmp_path, damage
):
    ledger, place = meeting_with_paper
    if damage == "changed":
        place.write_bytes(b"something else")
    else:
        place.unlink()
    if damage == "unreadable":
        place.mkdir()
    faults = []
    with (tmp_path / "b.zip").open("wb") as file:
        write(ledger, file, at=AT, on_fault=faults.append)
    (fault,) = faults
    assert fault.what.startswith(
        "changed: evidence" if damage == "changed" else "missing: evidence"
    )
    read_manifest(tmp_path / "b.zip")


@pytest.fixture
def meeting_with_paper(ledger, tmp_path):
    """A ledger with one recorded file of evidence, and the path of the file."""
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, {}))
    world.sweep(ISSUED)
    with ledger.evidence.tray() as tray:
        paper = tray.take(io.BytesIO(PAPER), name="paper.pdf", kind="document")
        answering.file_submission(
            ledger, KEY, world.act("trade/officer"), summary="已完成", evidence=[paper]
        )
    return ledger, ledger.evidence.path(paper.sha256)


def entries(ledger):
    with ledger.read() as conn:
        return chain.head(conn).entries


def head(ledger):
    with ledger.read() as conn:
        return chain.head(conn).head


def altered(place, member, old, new):
    """Change one member of a zip, the others as they are."""
    with zipfile.ZipFile(place) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert old in files[member]
    files[member] = files[member].replace(old, new)
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
