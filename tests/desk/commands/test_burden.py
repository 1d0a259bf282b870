"""What a dry run says of the mail: of a plan, of its amendment, and of a date that moves."""

from __future__ import annotations

import pytest

from tests.world import ISSUED, small_plan

START = ("--start-on", "2013-08-05")
KEY = "small-2013/1.report/-/once"
LATER = ("--to", "2099-12-31", "--reason", "需徵求意見")


@pytest.fixture
def dry(duban, tmp_path):
    """Publish a small plan with these obligations for show, and return the mail it costs."""

    def _dry(*obligations, **changes):
        small_plan(tmp_path, *obligations, **changes)
        said = duban(
            "plan", "publish", str(tmp_path / "small-2013.toml"), *START, "--dry-run", "--json"
        )
        assert said.code == 0, said.err
        return said.json["mail"]

    return _dry


def test_a_first_edition_says_what_it_costs_each_agency_a_month(dry, duban, tmp_path):
    mail = dry({})
    replayed = duban("replay", str(tmp_path / "small-2013.toml"), "--json").json["load"]
    names = {"trade": "省外經貿廳", "office": "協調辦公室"}
    told = {(names[c["agency"]], c["month"]): c["after"] for c in mail}
    assert told == {(row["agency"], row["month"]): row["messages"] for row in replayed}


def test_an_edition_in_force_already_costs_nothing_new(dry, duban, tmp_path):
    small_plan(tmp_path, {})
    assert duban("plan", "publish", str(tmp_path / "small-2013.toml"), *START).code == 0
    assert dry({}) == []


def test_a_person_reads_it_as_a_table(duban, tmp_path):
    small_plan(tmp_path, {})
    said = duban("plan", "publish", str(tmp_path / "small-2013.toml"), *START, "--dry-run")
    assert "messages if nobody answers" in said.out
    assert "months above 10" in said.out


def test_a_later_date_says_whose_letters_it_costs(duban, tmp_path):
    small_plan(tmp_path, {})
    assert duban("plan", "publish", str(tmp_path / "small-2013.toml"), *START).code == 0
    person = ("--name", "經辦", "--agency", "trade", "--since", f"{ISSUED}")
    assert duban("user", "add", "trade/officer", *person).code == 0
    assert duban("sweep").code == 0
    said = duban("extend", KEY, *LATER, "--as", "trade/officer", "--dry-run")
    assert said.code == 0
    assert "省外經貿廳: " in said.err
    assert "if due 2099-12-31" in said.err
