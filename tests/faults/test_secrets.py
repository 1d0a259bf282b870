"""Secrets are in no log, no other table and no command line, whatever fails (I6)."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from itertools import product
from urllib.parse import quote

import httpx
import pyotp
import pytest
from sqlalchemy.exc import DBAPIError

from desk.access import onetime, signin
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from ledger.store.changes import Change
from tasks.people import passwords, users
from tests.faults.conftest import AT, ROOT
from tests.faults.planted import LOGIN, PIECE, SECRETS, environ, leaking_commands, leaks
from tests.tasks.post.sink import Sink
from tests.world import ISSUED

PASSWORD, WRONG = "pl4nted-password-5d1", "pl4nted-mistyped-7e2"
WRITES = ("INSERT", "UPDATE")


@pytest.fixture(scope="module")
def settings():
    return environ("127.0.0.1:1")


@pytest.fixture(scope="module")
def small_home(small_home):
    """That home, with an administrator who has a password."""
    with opened(small_home) as ledger:
        lin = users.Newcomer("lin", "林管理", "office", "administrator")
        users.add(ledger, [lin], since=ISSUED, at=AT, actor="office/officer")
        passwords.set_password(ledger, ["lin"], PASSWORD, at=AT, actor="lin")
    return small_home


def opened(home, **more):
    return Ledger.open(load_settings({"DUBAN_HOME": str(home), **more}))


def browser(served):
    return httpx.Client(base_url=served.url, headers={"Origin": served.url}, trust_env=False)


def signs_in(person, password=PASSWORD):
    return person.post("/sign-in", data={"user": "lin", "password": password})


def form(person, path, **fields):
    token = signin.form_token(person.cookies["duban"])
    return person.post(path, data={"token": token, **fields})


@contextmanager
def broken(home, *tables):
    """Let whoever writes into these tables meet a failure of the database."""
    with opened(home) as ledger:
        breaks(ledger, *tables)
        yield
        for table, write in product(tables, WRITES):
            do(ledger, f"DROP TRIGGER {table}_{write}")


def b64(text):
    return base64.b64encode(f"\0{LOGIN}\0{text}".encode()).decode()


def breaks(ledger, *tables):
    for table, write in product(tables, WRITES):
        fails = "BEGIN INSERT INTO nowhere VALUES (1); END"
        do(ledger, f"CREATE TRIGGER {table}_{write} BEFORE {write} ON {table} {fails}")


def do(ledger, statement):
    with ledger.engine.begin() as conn:
        conn.exec_driver_sql(statement)


def code(secret):
    return pyotp.TOTP(secret).now()


@pytest.mark.parametrize("written", [str, quote, b64, lambda word: b64(f"x{word}y")])
def test_what_is_looked_for_is_found_however_it_is_written(tmp_path, written):
    (tmp_path / "log").write_text("a" * PIECE + written(SECRETS["mail"]), encoding="utf-8")
    assert leaks(tmp_path) == [str(tmp_path / "log")]


def test_a_desk_in_which_all_fails_tells_no_secret(served, small_home):
    person, secret = browser(served), onetime.new_secret()
    assert signs_in(person, WRONG).status_code == 403
    assert person.post("/sign-in", data={"user": WRONG, "password": WRONG}).status_code == 403
    assert person.post("/sign-in/oidc").status_code == 503
    assert signs_in(person).status_code == 303
    cookie = person.cookies["duban"]
    issued = form(person, "/account/tokens").text
    token = next(word for word in issued.replace("<", ">").split(">") if len(word) == 43)
    bearer = {"Authorization": f"Bearer {token}"}
    with broken(small_home, "credentials", "sessions", "tokens"):
        answers = [
            signs_in(browser(served)),
            form(person, "/account/password", password=PASSWORD, new=WRONG, again=WRONG),
            form(person, "/account/codes", secret=secret, code=code(secret)),
            form(person, "/account/tokens"),
        ]
    assert [answer.status_code for answer in answers] == [503] * 4
    assert person.get("/api/duties", headers=bearer).status_code == 200
    for path in (f"/feed/{token}.ics", f"/metrics?token={token}", f"/{token}", f"/duty/{token}"):
        assert person.get(path).status_code == 404

    assert "no such table: main.nowhere" in (small_home / "serve.log").read_text("utf-8")
    secrets = [*SECRETS.values(), PASSWORD, WRONG, cookie, token, secret]
    assert leaks(small_home, secrets=secrets) == []
    assert leaking_commands([served.pid], secrets) == []


@pytest.mark.parametrize("said", [["doctor"], ["deliver"], ["sweep"], ["user", "password", "lin"]])
def test_no_command_tells_a_secret_not_even_with_its_traceback(small_home, tmp_path, said):
    shutil.copytree(small_home, tmp_path / "home")
    with Sink(login=(LOGIN, "another")) as sink, opened(tmp_path / "home") as ledger:
        breaks(ledger, "credentials", "editions")
        settings = environ(f"127.0.0.1:{sink.port}") | {"DUBAN_HOME": str(tmp_path / "home")}
        ended = subprocess.run(
            [sys.executable, "-m", "desk.cli", *said],
            cwd=ROOT,
            env={**os.environ, **settings, "DUBAN_TRACEBACK": "1"},
            input=f"{PASSWORD}\n{PASSWORD}\n",
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode != 0
    (tmp_path / "said").write_text(ended.stdout + ended.stderr, encoding="utf-8")
    assert leaks(tmp_path, secrets=[*SECRETS.values(), PASSWORD]) == []


def test_an_error_of_the_database_repeats_no_value(ledger):
    values = {"password": WRONG, "changed_at": AT, "totp": PASSWORD}
    with ledger.engine.begin() as conn:
        conn.exec_driver_sql("ALTER TABLE credentials RENAME TO elsewhere")
    with pytest.raises(DBAPIError) as failed, ledger.transaction() as tx:
        tx.lease([Change("credentials", "lin", values, "insert")])
    assert [word for word in (WRONG, PASSWORD) if word in str(failed.value)] == []


@pytest.mark.parametrize("where", ["127.0.0.1:1", "127.0.0.1:nothing", "[::1"])
def test_the_address_of_a_database_is_not_told(tmp_path, where):
    url = f"postgresql://{LOGIN}:{SECRETS['database']}@{where}/duban"
    said = {"DUBAN_HOME": str(tmp_path / "home"), "DUBAN_DATABASE_URL": url}
    ended = subprocess.run(
        [sys.executable, "-m", "desk.cli", "doctor"],
        cwd=ROOT,
        env={**os.environ, **said, "DUBAN_TRACEBACK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert SECRETS["database"] not in ended.stdout + ended.stderr
