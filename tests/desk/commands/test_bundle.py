"""Two offices on one machine hand a duty down and back, by files and without."""

from __future__ import annotations

import json
import re

import pytest

from ledger.offices import jurisdictions
from ledger.offices.installation import load_settings
from ledger.offices.jurisdictions import Jurisdiction
from tasks.offices.add import add
from tests.databases import ON_SQLITE
from tests.world import small_plan

KEY = "province-2013/1.report/-/once"
CHEN, WANG = ("--as", "chen"), ("--as", "wang")


@pytest.fixture
def offices(duban, tmp_path, monkeypatch):
    """Return a runner for the main office, a province, and for a city of its installation."""

    def _in(jurisdiction):
        def _run(*argv):
            monkeypatch.setenv("DUBAN_JURISDICTION", jurisdiction)
            return duban(*argv)

        return _run

    add(load_settings(), Jurisdiction("city", "市協調辦"))
    province, city = _in(""), _in("city")
    for office, login in ((province, "chen"), (city, "wang")):
        code = "province-2013" if office is province else "city-2013"
        small_plan(tmp_path, {}, code=code)
        file = tmp_path / f"{code}.toml"
        said = re.sub("201[35]-12-31", "2099-12-31", file.read_text(encoding="utf-8"))
        file.write_text(said, encoding="utf-8")
        said = [
            office("plan", "publish", str(file), "--start-on", "2013-08-05"),
            office("user", "add", login, "--name", "陳文靜", "--agency", "office"),
            office("sweep"),
        ]
        assert [each.code for each in said] == [0, 0, 0], said
    for office, name, other in ((province, "city", city), (city, "province", province)):
        file = tmp_path / f"{name}.key"
        file.write_text(other("bundle", "key").out, encoding="utf-8")
        assert office("bundle", "trust", name, str(file)).code == 0
    return province, city


def test_by_files(offices, tmp_path):
    province, city = offices
    file, back = tmp_path / "d.json", tmp_path / "r.json"
    out = ("bundle", "out", KEY, "--to", "city", "--file", str(file), *CHEN, "--json")
    tried = province(*out, "--dry-run")
    assert (tried.code, tried.json["dry_run"], file.exists()) == (0, True, False), tried.err
    kept = province(*out).json
    assert (kept["duties"], kept["state"]) == ([KEY], "sent")
    assert province(*out).err.startswith("duban: ")
    assert city("bundle", "in", str(file), *WANG).code == 0
    (waits,) = city("bundle", "waiting", "--json").json
    assert (waits["key"], waits["bundle"]) == (KEY, kept["id"])
    into = ("--plan", "city-2013", "--lead", "trade")
    taken = city("bundle", "take", kept["id"], *into, *WANG, "--json")
    assert (taken.code, taken.json["measure"]) == (0, "2"), taken.err
    assert city("bundle", "waiting", "--json").json == []
    assert city("bundle", "report", "province", str(back), *WANG).code == 0
    assert province("bundle", "in", str(back), *CHEN).code == 0
    (handed,) = province("bundle", "handed", "--json").json
    assert (handed["state"], handed["done"], handed["of"]) == ("taken-over", 0, 1)
    assert [office("verify").code for office in offices] == [0, 0]


def test_without_files(offices, tmp_path):
    province, city = offices
    kept = province("bundle", "out", KEY, "--to", "city", *CHEN, "--json").json
    tried = province("bundle", "exchange", "--dry-run", "--json").json
    passed = province("bundle", "exchange", "--json").json
    assert tried == passed
    assert [each["kind"] for each in passed] == ["hand-down", "report"]
    assert city("bundle", "decline", kept["id"], "--reason", "無此職能", *WANG).code == 0
    assert city("bundle", "exchange", "--json").json[0]["duties"] == [KEY]
    assert province("bundle", "handed", "--json").json[0]["state"] == "declined"
    again = tmp_path / "again.json"
    assert province("bundle", "copy", kept["id"], str(again)).code == 0
    refused = city("bundle", "in", str(again), *WANG)
    assert (refused.code, kept["id"] in refused.err) == (5, True)
    assert json.loads(again.read_text(encoding="utf-8"))["signed_by"]


def test_what_one_refuses_the_others_go_on_and_it_is_said(offices):
    province, city = offices
    province("bundle", "out", KEY, "--to", "city", *CHEN)
    city("bundle", "distrust", "province")
    said = province("bundle", "exchange", "--json")
    assert (said.code, said.json) == (0, [])
    assert [peer["id"] for peer in province("bundle", "trusted", "--json").json] == ["city"]
    assert city("bundle", "trusted", "--json").json == []


@ON_SQLITE
def test_an_office_that_cannot_be_read_is_named_and_the_others_go_on(offices):
    province, city = offices
    add(load_settings(), Jurisdiction("broken", "鎮協調辦"))
    home = jurisdictions.settings_of(load_settings(), "broken").home
    (home / "duban.db").write_bytes(b"no database" * 1000)
    province("bundle", "out", KEY, "--to", "city", *CHEN)
    said = province("bundle", "exchange", "--json")
    assert (said.code, [each["kind"] for each in said.json]) == (6, ["hand-down", "report"])
    assert "broken: " in said.err
    assert len(city("bundle", "waiting", "--json").json) == 1


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("in", "nowhere.json", *CHEN), 3),
        (("trust", "other", "nowhere.key"), 3),
        (("out", KEY, "--to", "nobody", *CHEN), 3),
        (("out", "--to", "city", *CHEN), 2),
        (("take", "x", "--plan", "province-2013", "--lead", "trade", *CHEN), 3),
        (("decline", "x", "--reason", "", *CHEN), 2),
        (("report", "city", "r.json", *CHEN), 5),
        (("copy", "x", "c.json"), 3),
    ],
)
def test_what_cannot_be_done_is_one_line(offices, argv, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = offices[0]("bundle", *argv)
    assert (said.code, said.err.count("\n"), said.out) == (code, 1, "")
    assert not [file for file in tmp_path.iterdir() if file.suffix == ".json"]
