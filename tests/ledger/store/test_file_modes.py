"""A home that others could read is closed to them when it is opened."""

from __future__ import annotations

import logging
import stat

from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_database_is_its_owners_alone_in_a_home_that_was_there(home, database):
    home.mkdir(mode=0o755)
    database.open(home).close()
    assert mode(home / "duban.db") == 0o600


def test_what_others_could_read_is_closed_and_named(home, database, caplog):
    home.mkdir(mode=0o755)
    database.open(home).close()
    (home / "duban.db").chmod(0o644)
    (home / "outbox").mkdir()
    (home / "outbox").chmod(0o755)
    (home / "anchors.jsonl").touch()
    (home / "anchors.jsonl").chmod(0o644)
    (home / "of-somebody-else").mkdir(mode=0o755)
    with caplog.at_level(logging.WARNING):
        database.open(home).close()
    modes = {path.name: mode(path) for path in home.iterdir()}
    assert modes == {
        "duban.db": 0o600,
        "outbox": 0o700,
        "anchors.jsonl": 0o600,
        "of-somebody-else": 0o755,
    }
    assert sorted({record.args[0].name for record in caplog.records}) == [
        "anchors.jsonl",
        "duban.db",
        "outbox",
    ]


def test_a_home_that_is_closed_is_left_as_it_is(home, database, caplog):
    database.open(home).close()
    (home / "anchors.jsonl").touch(mode=0o644)
    (home / "anchors.jsonl").chmod(0o644)
    database.open(home).close()
    assert mode(home / "anchors.jsonl") == 0o644
    assert not caplog.records
