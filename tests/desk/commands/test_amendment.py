"""`plan publish` shows an amendment, then applies it; an agency's merger hands over its duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import catalog.plans.load

if TYPE_CHECKING:
    from pathlib import Path

KEY = "guangdong-2013/38.suspension/-/once"
MERGER = (
    "agency",
    "merge",
    "wjmt",
    "--to",
    "commerce",
    "--name",
    "省商務廳",
    "--document",
    "粵5號",
)
LIVED = "2014-01-24"


@pytest.fixture
def amended(tmp_path) -> Path:
    """The plan of Guangdong with one date moved to September."""
    text = (catalog.plans.load.PLANS / "guangdong-2013.toml").read_text(encoding="utf-8")
    text = text.replace("edition = 1", "edition = 2", 1)
    head, here, rest = text.partition('id = "suspension"')
    text = head + here + rest.replace("due_on = 2014-12-31", "due_on = 2014-09-30", 1)
    path = tmp_path / "amended.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("demo_home")
def test_the_difference_is_shown_and_then_applied(duban, amended):
    tried = duban("plan", "publish", str(amended), "--dry-run", "--json")
    assert tried.code == 0
    assert tried.json["difference"] == {
        "added": [],
        "removed": [],
        "altered": [{"key": KEY, "term": "due_on", "before": "2014-12-31", "after": "2014-09-30"}],
        "ladder": False,
    }
    assert duban("duty", "show", KEY, "--json").json["due_on"] == "2014-12-31"

    assert duban("plan", "publish", str(amended)).code == 0
    shown = duban("duty", "show", KEY, "--json").json
    assert (shown["due_on"], shown["due_version"]) == ("2014-09-30", 2)
    assert duban("verify").code == 0


@pytest.mark.usefixtures("demo_home")
def test_a_merger_hands_over_what_is_open(duban):
    done = duban(*MERGER, "--on", LIVED, "--json").json
    assert (done["kind"], done["successor"], done["users"]) == (
        "merged",
        "commerce",
        ["wjmt/officer"],
    )
    led = duban("duties", "--agency", "省商務廳", "--json").json
    assert {duty["key"] for duty in led} <= set(done["duties"])
    (row,) = [a for a in duban("agency", "list", "--json").json if a["id"] == "wjmt"]
    assert [step["document"] for step in row["became"]] == ["粵5號"]
    assert duban("verify").code == 0


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ((*MERGER, "--on", "2014-01-25"), 5),
        (("agency", "rename", "nobody", "新名", "--on", LIVED, "--document", "文"), 3),
        (("agency", "rename", "wjmt", "新名", "--on", LIVED, "--document", " "), 2),
        (("agency", "close", "wjmt", "--on", LIVED, "--document", "文"), 5),
        (("agency", "move", "wjmt", "--to", "city", "--on", LIVED, "--document", "文"), 2),
    ],
)
@pytest.mark.usefixtures("demo_home")
def test_an_order_that_does_not_hold_ends_with_its_code(duban, command, code):
    said = duban(*command)
    assert (said.code, said.out) == (code, "")
    assert said.err.count("\n") == 1
