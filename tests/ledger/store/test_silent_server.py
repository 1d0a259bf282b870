"""A database server that takes up a connection and then says nothing, or refuses the login."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from catalog.errors import ConflictError
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from ledger.store import engine
from tests.databases import ON_POSTGRESQL
from tests.trickling import Trickler


@pytest.mark.parametrize(
    ("every", "usual", "address"), [(0.2, 1, ""), (60, 60, "&connect_timeout=1")]
)
def test_a_server_that_never_lets_in_is_lost(every, usual, address, tmp_path, monkeypatch):
    """What the address says counts first."""
    monkeypatch.setitem(engine.ANSWERS, "connect_timeout", usual)
    with Trickler(b"R\0\0\0\x0c\0\0\0\x05salt", every=every) as server:
        url = f"postgresql://duban:secret@{server.address}/duban?sslmode=disable{address}"
        settings = load_settings({"DUBAN_HOME": str(tmp_path / "home"), "DUBAN_DATABASE_URL": url})
        began = time.monotonic()
        with pytest.raises(ConflictError) as lost:
            Ledger.open(settings)
    assert lost.value.key == "ledger-lost"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "words",
    [
        'password authentication failed for user "duban"',
        'role "duban" does not exist',
        'no pg_hba.conf entry for host "10.1.2.3", user "duban", database "duban", no encryption',
        '用户 "duban" Password 认证失败',
    ],
)
def test_a_server_that_refuses_the_login_is_said_to_without_the_password(words, tmp_path):
    fields = f"SFATAL\0VFATAL\0C28P01\0M{words}\0\0".encode()
    refusal = b"E" + (len(fields) + 4).to_bytes(4) + fields
    with Trickler(first=refusal, every=60) as server:
        url = f"postgresql://duban:hunter2@{server.address}/duban?sslmode=disable"
        settings = load_settings({"DUBAN_HOME": str(tmp_path / "home"), "DUBAN_DATABASE_URL": url})
        with pytest.raises(ConflictError) as refused:
            Ledger.open(settings)
    assert (refused.value.key, refused.value.values["reason"]) == ("ledger-login", words)
    assert "hunter2" not in str(refused.value)


@ON_POSTGRESQL
def test_a_role_that_is_not_there_is_named(database, tmp_path):
    settings = database.settings(tmp_path / "home")
    url = settings.database_url.replace("postgres@", "nobody@")
    with pytest.raises(ConflictError, match=r'refuses the login .* role "nobody" does not exist'):
        Ledger.open(replace(settings, database_url=url))
