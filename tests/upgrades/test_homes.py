"""A home made by an earlier release opens, verifies and goes on.

`home-<release>.tar.xz` is the home of `duban demo --on 2013-10-15 --no-serve` without its outbox.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from desk.cli import run
from tests.databases import OnSqlite

HOMES = sorted(Path(__file__).parent.glob("home-*.tar.xz"))


@pytest.fixture(params=HOMES, ids=lambda path: path.name.removesuffix(".tar.xz"))
def old_home(request, tmp_path, monkeypatch):
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    for name, value in OnSqlite().environ(tmp_path).items():
        monkeypatch.setenv(name, value)
    return tmp_path


def test_there_is_a_home_of_the_first_release():
    assert HOMES


def test_an_old_home_verifies_is_swept_and_verifies_again(old_home, capsys):
    assert run(["verify"]) == 0
    assert "1269 entries" in capsys.readouterr().out

    assert run(["sweep", "--on", "2013-11-29"]) == 0
    assert run(["deliver", "--on", "2013-11-29"]) == 0
    assert run(["verify"]) == 0
    assert list((old_home / "outbox").rglob("*.eml"))


@pytest.mark.usefixtures("old_home")
def test_an_old_home_still_knows_its_past(capsys):
    assert run(["duties", "--on", "2013-09-01", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 333
