"""An office with a PostgreSQL role of its own (deploy/office.sql) reaches no other ledger."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from desk.cli import run
from ledger.store.engine import make_engine
from ledger.store.migrate import downgrade
from tests import postgresql

SQL = Path(__file__).parents[2] / "deploy" / "office.sql"


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server with an installation's role and database, and the town's ledger under that role."""
    with postgresql.server() as running:
        running.create("duban")
        with running.connect("duban") as conn:
            conn.execute("CREATE ROLE duban LOGIN")
            conn.execute("GRANT CREATE ON DATABASE duban TO duban")
            conn.execute("ALTER SCHEMA public OWNER TO duban")
        monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("DUBAN_DATABASE_URL", address(running, "duban"))
        assert run(["jurisdiction", "add", "town", "--name", "鎮"]) == 0
        yield running


def address(running, role):
    return f"postgresql://{role}@/duban?host={quote(str(running.sockets), safe='')}"


def give_a_role(running, folder):
    (folder / "password").write_text("pl4nted", encoding="ascii")
    options = ["--no-psqlrc", "--set=office=duban_town", "--file", SQL]
    subprocess.run(
        [postgresql.client(), *options, running.url("duban")],
        env={**os.environ, "PASSWORD_FILE": str(folder / "password")},
        check=True,
        capture_output=True,
    )
    (folder / "town-url").write_text(address(running, "duban_town"), encoding="ascii")


def test_an_office_moves_to_a_role_of_its_own_which_reaches_no_other(
    server, tmp_path, monkeypatch, capsys
):
    give_a_role(server, tmp_path)
    file = tmp_path / "home" / "jurisdictions" / "town" / "jurisdiction.toml"
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f'database_url_file = "{tmp_path / "town-url"}"\n')

    engine = make_engine(address(server, "duban_town"))
    downgrade(engine, "0008")  # functions too are made anew on the way back
    engine.dispose()
    assert run(["upgrade"]) == 0
    assert run(["verify"]) == 0
    monkeypatch.setenv("DUBAN_JURISDICTION", "town")
    capsys.readouterr()
    assert run(["verify"]) == 0
    assert capsys.readouterr().out.startswith("0 entries")
    for role, table in (("duban", "duban_town.entries"), ("duban_town", "public.entries")):
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
        with psycopg.connect(address(server, role)) as conn, refused:
            conn.execute(f"SELECT * FROM {table}".encode())  # noqa: S608  names of our own


def test_an_address_that_cannot_be_read_is_one_line_and_adds_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    (tmp_path / "url").write_text("mysql://root:hunter2@host/x", encoding="ascii")
    for file in ("url", "nowhere"):
        more = ("--database-url-file", str(tmp_path / file))
        assert run(["jurisdiction", "add", "town", "--name", "鎮", *more]) == 4
        (line,) = capsys.readouterr().err.splitlines()
        assert "jurisdictions/town/jurisdiction.toml: database_url_file" in line
        assert "hunter2" not in line
    assert not list((tmp_path / "home").rglob("jurisdiction.toml"))
