"""`duban demo` and `duban clock` where the catalogue's plans are of two offices."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.commands.up import welcome
from ledger.offices.installation import load_settings
from ledger.offices.jurisdictions import Jurisdiction
from tasks.offices.add import add
from tests.world import small_plan

UNTIL = "2013-08-16"
DUE = {"parties": ["city"], "due_on": dt.date(2013, 8, 30)}
DEMO = ("demo", "--on", UNTIL, "--no-serve", "--json")


@pytest.fixture(autouse=True)
def catalogue(tmp_path, monkeypatch):
    """A catalogue of two small plans: one that the demonstration shows, and another office's."""
    folder = tmp_path / "plans"
    folder.mkdir()
    small_plan(folder, DUE)
    small_plan(folder, DUE, code="wells-2013")
    file = folder / "wells-2013.toml"
    text = file.read_text("utf-8").replace("協調辦公室", "水井辦公室")
    file.write_text(text.replace("issued_on = 2013-08-05", "issued_on = 2013-08-12"), "utf-8")
    monkeypatch.setattr("catalog.plans.load.PLANS", folder)
    monkeypatch.setattr("desk.commands.up.PLAN", "small-2013")


def stands(duban):
    found = duban("jurisdiction", "list", "--json").json
    return {each["id"]: (each["office"], each["swept_through"]) for each in found}


def test_the_other_office_is_lived_beside_and_counted(duban, home):
    told = duban(*DEMO).json
    (other,) = told["others"]

    assert (told["plan"], told["home"]) == ("small-2013", str(home))
    assert (other["plan"], other["until"]) == ("wells-2013", UNTIL)
    assert other["home"] == str(home / "jurisdictions" / "wells")
    assert (other["duties"], other["opened"]) == (1, 1)
    assert stands(duban) == {"": ("協調辦公室", UNTIL), "wells": ("水井辦公室", UNTIL)}


def test_an_office_whose_plan_is_not_issued_yet_is_not_there(duban):
    told = duban("demo", "--on", "2013-08-11", "--no-serve", "--json").json

    assert "others" not in told
    assert list(stands(duban)) == [""]


def test_run_again_it_changes_neither(duban):
    first = duban(*DEMO).json
    again = duban(*DEMO).json

    assert again["history"] == first["history"]
    assert again["others"] == first["others"]


def test_a_person_reads_of_both(duban):
    said = duban("demo", "--on", UNTIL, "--no-serve").out

    assert "DEMONSTRATION  small-2013 lived until 2013-08-16" in said
    assert "wells-2013, in a jurisdiction of its own" in said


def test_the_clock_moves_both_and_that_of_one_only_itself(duban, monkeypatch):
    duban(*DEMO)
    assert duban("clock", "--days", "1").code == 0
    assert {day for _, day in stands(duban).values()} == {"2013-08-17"}

    with monkeypatch.context() as there:
        there.setenv("DUBAN_JURISDICTION", "wells")
        assert duban("clock", "--days", "1").code == 0
    apart = ["2013-08-17", "2013-08-18"]
    assert [day for _, day in stands(duban).values()] == apart
    assert duban("clock").code == duban("clock", "--days", "3", "--dry-run").code == 0
    assert [day for _, day in stands(duban).values()] == apart


@pytest.mark.usefixtures("installed")
def test_whoever_starts_it_reads_where_each_desk_is_and_how_one_comes_in():
    settings = load_settings()
    add(settings, Jurisdiction("wells", "水井辦公室", "http://wells.localhost:8180"))
    add(settings, Jurisdiction("town", "鎮督辦室", "https://town.example.org"))
    add(settings, Jurisdiction("nook", "小處"))

    passwords = {"": "one", "wells": "two"}
    desk, sign_in, *others = welcome(settings, 9000, "http://127.0.0.1:9001", passwords)

    assert "http://localhost:9000" in desk
    assert sign_in.endswith("the password is one")
    assert others == [
        "鎮督辦室 is at https://town.example.org",
        "水井辦公室 is at http://wells.localhost:9000; its password is two",
    ]
