"""`duban plan dates`: open dates are listed with proposals, decided, and only then published."""

from __future__ import annotations

import pytest

from catalog.plans.load import load_plan
from tests.catalog.plans.test_office_dates import text
from tests.databases import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "trial.toml"
    path.write_text(
        text({"id": "rules"}, {"id": "platform", "kind": "milestone", "due_on": "2015-12-31"}),
        encoding="utf-8",
    )
    return path


def test_it_proposes_a_day_and_a_reason_for_each(plan, duban):
    said = duban("plan", "dates", str(plan), "--json")
    assert said.code == 6
    assert [(o["obligation"], o["due_on"], o["proposed"]) for o in said.json["undecided"]] == [
        ("1.rules", None, "2014-02-05"),
        ("1.platform", "2015-12-31", "2015-12-31"),
    ]
    assert "六個月" in said.json["undecided"][0]["reason"]


def test_the_check_finds_them_and_ends_with_6(plan, duban):
    said = duban("plan", "check", str(plan))
    assert said.code == 6
    assert said.out.count("\n") == 3
    assert "1.rules has no date; proposed: 2014-02-05" in said.out


def test_a_plan_with_an_open_date_is_not_published_and_the_line_names_the_remedy(plan, duban):
    said = duban("plan", "publish", str(plan))
    assert (said.code, said.err.count("\n")) == (4, 1)
    assert "duban plan dates" in said.err


def test_what_is_accepted_is_written_into_the_file_and_the_plan_is_whole(plan, duban):
    assert duban("plan", "dates", str(plan), "--accept", "--day", "1.rules=2014-03-31").code == 0
    after = load_plan(plan)
    assert f"{after.obligation('1.rules').due_on}" == "2014-03-31"
    assert after.obligation("1.platform").reason.startswith("屬平台建設")
    assert duban("plan", "check", str(plan)).code == 0
    assert duban("plan", "publish", str(plan), "--dry-run").code == 0


def test_a_plan_of_the_catalogue_is_written_elsewhere(duban, tmp_path):
    said = duban("plan", "dates", "kindergartens-2019", "--day", "2.standing=2020-01-01")
    assert said.code in (2, 3)
    assert not list(tmp_path.glob("*.toml"))


def test_a_day_that_is_none_and_an_obligation_that_is_none_are_refused(plan, duban):
    assert duban("plan", "dates", str(plan), "--day", "1.rules=spring").code == 2
    assert duban("plan", "dates", str(plan), "--day", "1.nothing=2014-01-01").code == 3
