"""A rung is one entry in the ladder of a plan's file."""

from __future__ import annotations

import json

RUNGS = """
[[rung]]
name = "issue"
when = "open"
to = ["performer"]

[[rung]]
name = "on-the-day"
when = "due"
to = ["lead", "office"]
"""


def test_a_rung_of_the_plan_is_told_on_its_day(house):
    plan = house.root / "catalog" / "plans" / "kindergartens-2019.toml"
    head, first, rest = plan.read_text(encoding="utf-8").partition("[[agency]]")
    house.write("harbour.toml", head + RUNGS + first + rest)
    replay = house.duban("replay", "harbour.toml", "--until", "2019-07-01", "--json")
    rungs = {notice["rung"]: notice["on"] for notice in json.loads(replay)["notices"]}
    assert {"issue", "on-the-day"} <= set(rungs)
    assert "before-7" not in rungs
