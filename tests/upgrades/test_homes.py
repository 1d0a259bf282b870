"""A home of every release is upgraded with nothing lost, verifies and goes on.

`make_home.py` made each of them, by the code of its release.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from desk.app import create_app
from desk.cli import run
from flows.stack.tree import only_one
from ledger.offices.installation import load_settings
from ledger.store.engine import make_engine
from ledger.store.migrate import newest, upgrade
from ledger.tables import TABLES
from tests.databases import OnSqlite
from tests.desk.visitors import Browser

HERE = Path(__file__).parent
HOMES = sorted(HERE.glob("home-*.tar.xz"))
RELEASES = re.findall(
    r"^## (\d\S*) - ", (HERE.parents[1] / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
)
ENTRIES = {"home-0.1.0": 2120}  # once upgraded: one binds the passwords and tokens made before
OFFICES = ("", "town")


@pytest.fixture(scope="module", params=HOMES, ids=lambda path: path.name.removesuffix(".tar.xz"))
def lived(request, tmp_path_factory):
    home = tmp_path_factory.mktemp("lived") / request.param.name.removesuffix(".tar.xz")
    with tarfile.open(request.param) as archive:
        archive.extractall(home, filter="data")
    return home


@pytest.fixture
def older(lived):
    """A lived home of an older schema than this code's; a release has none of its own yet."""
    with closing(sqlite3.connect(file_of(lived, ""))) as conn:
        (revision,) = conn.execute("SELECT version_num FROM alembic_version").fetchone()
    if revision == newest():
        pytest.skip("no migration since this release")
    return lived


@pytest.fixture
def old_home(older, tmp_path, monkeypatch):
    home = tmp_path / older.name
    OnSqlite().copy(older, home)
    for name, value in OnSqlite().environ(home).items():
        monkeypatch.setenv(name, value)
    return home


def file_of(home, office):
    return home / "jurisdictions" / office / "duban.db" if office else home / "duban.db"


def rows_of(home, office, columns=None):
    """Return the columns of each table, and its rows in those columns."""
    with closing(sqlite3.connect(file_of(home, office))) as conn:
        tables = [n for (n,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = columns or {
            name: [
                row[1]
                for row in conn.execute(f"PRAGMA table_info({name})")
                if name not in TABLES or row[1] in TABLES[name].c  # a lease may have moved
            ]
            for name in tables
        }
        return columns, {
            name: sorted(map(repr, conn.execute(f"SELECT {_quoted(names)} FROM {name}")))  # noqa: S608  names of our own
            for name, names in columns.items()
            if name != "alembic_version"
        }


def _quoted(names):
    return ", ".join(f'"{name}"' for name in names)


def test_every_release_has_its_home():
    assert {f"home-{release}" for release in RELEASES} == {
        home.name.removesuffix(".tar.xz") for home in HOMES
    }


def test_no_table_of_a_home_is_empty(lived):
    ours, theirs = (rows_of(lived, office)[1] for office in OFFICES)
    assert [name for name in ours if not ours[name] and not theirs[name]] == []


@pytest.mark.parametrize("command", [("verify",), ("sweep",), ("duties",), ("demo", "--no-serve")])
def test_every_other_command_refuses_and_names_the_remedy(old_home, capsys, command):
    before = file_of(old_home, "").read_bytes()

    assert run([*command]) == 5

    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("run `duban upgrade`.")
    assert file_of(old_home, "").read_bytes() == before


def test_a_check_says_what_would_be_done_and_does_nothing(old_home, capsys):
    before = file_of(old_home, "").read_bytes()

    assert run(["upgrade", "--check"]) == 6

    assert [line.split(" from ")[0] for line in capsys.readouterr().out.splitlines()] == [
        "(main): would be upgraded",
        "town: would be upgraded",
    ]
    assert file_of(old_home, "").read_bytes() == before
    assert not (old_home / "backups").exists()


def test_up_upgrades_by_itself_and_says_so(old_home, capsys):
    assert run(["up"]) == 5  # it is a demonstration, which is not for real use

    said = capsys.readouterr().err
    assert "(main): upgraded from revision" in said
    assert "town: upgraded from revision" in said
    assert str(old_home / "backups") in said
    assert run(["upgrade", "--check"]) == 0


def test_nothing_is_upgraded_while_the_home_is_served(old_home, capsys):
    with only_one(old_home.resolve()):
        assert run(["upgrade"]) == 5
    assert "stop it" in capsys.readouterr().err
    assert not (old_home / "backups").exists()


def test_an_upgraded_home_has_lost_nothing_verifies_and_goes_on(old_home, capsys):
    before = {office: rows_of(old_home, office) for office in OFFICES}
    assert run(["upgrade", "--json"]) == 0
    ledgers = json.loads(capsys.readouterr().out)["ledgers"]
    assert [ledger["newest"] for ledger in ledgers] == [newest()] * 2
    assert all(Path(ledger["backup"]).stat().st_mode & 0o777 == 0o600 for ledger in ledgers)
    for office, (columns, rows) in before.items():
        now = rows_of(old_home, office, columns)[1]
        del rows["sessions"], rows["tries"]  # they end, and are over within minutes
        assert [name for name in rows if set(rows[name]) - set(now[name])] == []
        assert [name for name in rows if len(now[name]) > len(rows[name])] in ([], ["entries"])
    assert run(["upgrade", "--check"]) == 0

    assert run(["verify"]) == 0
    assert f"{ENTRIES[old_home.name]} entries" in capsys.readouterr().out
    assert run(["sweep", "--on", "2014-02-28"]) == 0
    assert run(["deliver", "--on", "2014-02-28"]) == 0
    assert run(["verify"]) == 0
    assert list((old_home / "outbox").rglob("*.eml"))


def test_an_upgraded_home_still_knows_its_past_and_its_packs(old_home, monkeypatch, capsys):
    assert run(["verify", str(old_home / "pack.zip")]) == 0
    run(["upgrade"])
    capsys.readouterr()

    assert run(["duties", "--on", "2013-09-01", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 333
    assert run(["pack", "guangdong-2013", str(old_home / "new.zip")]) == 0
    assert run(["verify", str(old_home / "new.zip")]) == 0
    monkeypatch.setenv("DUBAN_JURISDICTION", "town")
    assert run(["verify"]) == 0


def test_the_people_of_an_upgraded_home_still_come_in(old_home):
    known = json.loads((old_home / "known.json").read_text("utf-8"))
    run(["upgrade"])
    clock = dt.datetime.fromisoformat(known["at"]) + dt.timedelta(minutes=5)
    app = create_app(load_settings(), clock=lambda: clock)
    before, anew, machine = Browser(app), Browser(app), Browser(app)
    before.cookies.set("duban", known["cookie"])
    machine.headers["Authorization"] = f"Bearer {known['token']}"
    anew.post_form("/sign-in", shown_on="/sign-in", user=known["user"], password=known["password"])

    assert machine.get(f"/api/duties/{known['duty']}").status_code == 200
    assert anew.get("/account", follow_redirects=False).status_code == 200
    assert before.get("/account", follow_redirects=False).status_code == 303  # its session ended
    app.state.desk.ledger.close()


def test_a_home_on_postgresql_is_upgraded_too(older, postgresql, tmp_path, monkeypatch, capsys):
    home, name = tmp_path / "home", f"old_{older.name.replace('-', '_').replace('.', '_')}"
    OnSqlite().copy(older, home)
    postgresql.server.create(name)
    source, engine = (
        make_engine(url) for url in (f"sqlite:///{file_of(older, '')}", postgresql.server.url(name))
    )
    _refill(source, engine)
    monkeypatch.setenv("DUBAN_HOME", str(home))
    monkeypatch.setenv("DUBAN_DATABASE_URL", postgresql.server.url(name))
    for file in (home / "jurisdictions").rglob("*.toml"):
        file.unlink()  # the office beside it has a schema of its own

    assert run(["verify"]) == 5
    assert run(["upgrade"]) == 0
    capsys.readouterr()
    assert run(["verify"]) == 0
    assert f"{ENTRIES[older.name]} entries" in capsys.readouterr().out
    postgresql.server.drop(name)


def _refill(source, engine):
    """Make the tables of the same revision on PostgreSQL, and fill them with the same rows."""
    tables = sa.MetaData()
    with source.connect() as conn:
        tables.reflect(conn)
        upgrade(engine, revision=conn.scalar(sa.text("SELECT version_num FROM alembic_version")))
        with engine.begin() as target:
            for table in tables.sorted_tables:
                rows = [dict(row) for row in conn.execute(sa.select(table)).mappings()]
                if rows and table.name != "alembic_version":
                    target.execute(table.insert(), rows)
    source.dispose()
    engine.dispose()
