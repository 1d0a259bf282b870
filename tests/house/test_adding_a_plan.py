"""A plan is one file in `catalog/plans/`."""

from __future__ import annotations

PLAN = """
plan = "harbour-2014"
title = "Harbour plan"
issued_on = 2014-01-06
starts_on = 2014-01-06
ends_on = 2014-12-31
office = "harbour-office"

[[agency]]
id = "harbour-office"
name = "Harbour office"
kind = "office"

[[agency]]
id = "pilots"
name = "Pilots"
kind = "department"

[[measure]]
number = "1"
chapter = "Ships"
section = "Safety"
title = "Hold a drill"
lead = "pilots"

[[measure.obligation]]
id = "drill"
kind = "event"
title = "A drill"
says = "one drill"
basis = "plan"
due_on = 2014-06-30
"""


def test_a_file_in_the_folder_is_a_plan_that_can_be_lived(house):
    house.write("catalog/plans/harbour-2014.toml", PLAN)
    assert "harbour-2014/1.drill/-/once" in house.duban("replay", "harbour-2014", "--json")
