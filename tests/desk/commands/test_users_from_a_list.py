"""`duban user add --from`: a list of people, all of them or nobody."""

from __future__ import annotations

import pytest

from tests.world import small_plan


@pytest.fixture(autouse=True)
def _published(duban, tmp_path):
    plan = small_plan(tmp_path, {"parties": ["city"]})
    assert duban("plan", "publish", str(tmp_path / f"{plan.plan}.toml")).code == 0


def test_everybody_of_the_list_is_added_with_a_password_printed_once(duban, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("用户名,姓名,单位\nli,李敏,city\nwu,吴强,trade\n", encoding="utf-8")
    dry = duban("user", "add", "--from", str(file), "--dry-run")
    printed = duban("user", "add", "--from", str(file))
    lines = [line.split("\t") for line in printed.out.splitlines()]

    assert (dry.code, printed.code) == (0, 0)
    assert [line[:3] for line in lines] == [["li", "李敏", "city"], ["wu", "吴强", "trade"]]
    assert all(len(line[3]) == 19 for line in lines)
    assert lines[0][3] not in duban("history", "--json").out


def test_a_list_with_an_error_adds_nobody_and_names_the_row(duban, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("用户名,姓名,单位\nli,李敏,city\nwu,吴强,nowhere\n", encoding="utf-8")
    refused = duban("user", "add", "--from", str(file))

    assert refused.code == 4
    assert refused.err == "row 3: No agency is called “nowhere”.\n"
    assert "li" not in [user["id"] for user in duban("user", "list", "--json").json]


def test_a_login_or_a_list_but_not_both(duban, tmp_path):
    assert duban("user", "add").code == 2
    assert duban("user", "add", "li", "--from", str(tmp_path / "people.csv")).code == 2
    assert duban("user", "add", "--from", str(tmp_path / "people.csv")).code == 3
