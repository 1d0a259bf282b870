"""Every file of the folder is a plan, found by its code."""

from __future__ import annotations

from catalog.plans.load import PLANS, load_plan, plan_names


def test_every_file_in_the_folder_is_a_plan_of_that_name():
    assert plan_names() == tuple(sorted(path.stem for path in PLANS.glob("*.toml")))
    assert all(load_plan(name).plan == name for name in plan_names())
