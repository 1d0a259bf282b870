"""A ledger is upgraded once, whatever happens to it on the way, and its backup stays."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from catalog.errors import ConflictError, InvalidError
from ledger.proof import anchors
from ledger.proof.verify import Anchor
from ledger.session import Ledger
from ledger.store.migrate import current, downgrade, newest, revisions
from ledger.upgrade import FOLDER, pending, upgraded
from tests.databases import tamper
from tests.faults.surviving import dies

AT = dt.datetime(2026, 11, 30, 9, 30, tzinfo=dt.UTC)
BEFORE = "0014"
POINTS = ("backed-up", "migrated")


@pytest.fixture
def older(held):
    """The settings of a ledger of an older version, with five entries."""
    downgrade(held.engine, BEFORE)
    held.close()
    return held.settings


def backups(settings):
    return sorted((settings.home / FOLDER).glob("*"))


def revision_of(settings, database):
    with database.connect(settings.home) as conn:
        return current(conn)


def test_an_older_ledger_is_refused_with_the_remedy(older):
    with pytest.raises(ConflictError, match="run `duban upgrade`") as refused:
        Ledger.open(older)
    assert refused.value.values == {"home": older.home, "revision": BEFORE, "newest": newest()}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = '0042'",
        "UPDATE alembic_version SET version_num = 'abcd'",
        "DELETE FROM alembic_version",
    ],
)
def test_a_newer_ledger_is_refused_by_commands_and_by_the_upgrade(held, database, statement):
    with database.connect(held.settings.home) as conn:
        tamper(conn, statement)

    for attempt in (Ledger.open, lambda s: pending(s, AT), lambda s: upgraded(s, AT)):
        with pytest.raises(ConflictError, match="newer than this version of duban"):
            attempt(held.settings)


def test_a_ledger_older_than_its_home_is_refused_before_anything_is_written(older, database):
    anchors.append(older.home, Anchor(AT.date(), 1_000_000, "a" * 64))

    for attempt in (pending, upgraded):
        with pytest.raises(ConflictError, match="older than its home"):
            attempt(older, AT)

    assert (revision_of(older, database), backups(older)) == (BEFORE, [])
    assert upgraded(older, AT, anchored=False).backup in backups(older)


def test_a_ledger_that_is_open_refuses_to_write_once_it_is_of_another_version(held, database):
    with database.connect(held.settings.home) as conn:
        tamper(conn, "UPDATE alembic_version SET version_num = '0042'")

    with pytest.raises(ConflictError, match="newer than this version"), held.transaction():
        pass
    with pytest.raises(ConflictError, match="newer than this version"), held.together():
        pass


def test_nothing_is_done_to_a_ledger_up_to_date_or_not_there(held, tmp_path, database):
    assert upgraded(held.settings, AT) == (newest(), newest(), None)
    nowhere = database.settings(tmp_path / "nowhere")
    if database.name == "sqlite":
        assert upgraded(nowhere, AT) == (None, newest(), None)
        assert not nowhere.home.exists()


def test_the_backup_is_of_the_older_schema_and_says_so(older):
    step = upgraded(older, AT)

    assert (step.revision, step.newest, [step.backup]) == (BEFORE, newest(), backups(older))
    with zipfile.ZipFile(step.backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        entries = archive.read("tables/entries.jsonl").splitlines()
    assert (manifest["revision"], manifest["entries"], len(entries)) == (BEFORE, 5, 5)
    assert "format" not in json.loads(entries[0])


def test_of_two_upgrades_at_once_one_backs_up_and_migrates(older, database):
    with ThreadPoolExecutor(2) as threads:
        steps = list(threads.map(lambda _: upgraded(older, AT), range(2)))

    assert [step.backup for step in steps if step.backup] == backups(older)
    assert revision_of(older, database) == newest()


@pytest.mark.parametrize("point", POINTS)
def test_killed_half_way_the_backup_stays_and_the_next_upgrade_completes(older, database, point):
    assert dies(lambda: upgraded(older, AT), at=f"{point}:1")
    (older.home / FOLDER / ".before-0001-from-0000.zip.part").write_text("half", encoding="utf-8")
    assert revision_of(older, database) == BEFORE
    (first,) = [file for file in backups(older) if file.suffix == ".zip"]

    step = upgraded(older, AT + dt.timedelta(minutes=1))

    assert backups(older) == [first, step.backup]
    assert revision_of(older, database) == newest()


def test_a_backup_that_cannot_be_written_stops_the_upgrade(older, database):
    (older.home / FOLDER).write_text("a file", encoding="utf-8")

    with pytest.raises(InvalidError, match="backups"):
        upgraded(older, AT)

    assert revision_of(older, database) == BEFORE


def test_the_revisions_are_the_numbers_of_the_migrations():
    assert revisions()[:2] == ("0001", "0002")
    assert revisions()[-1] == newest()
