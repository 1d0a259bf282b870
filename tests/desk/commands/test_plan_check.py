"""`duban plan check --source` proves the catalogue against the text, and fails on any gap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalog.plans.load import PLANS

TEXT = Path(__file__).parents[4] / "shared" / "plan" / "guangdong-2013.txt"
needs_text = pytest.mark.skipif(not TEXT.exists(), reason="the plan's text is not beside this copy")


@needs_text
def test_the_real_plan_takes_its_text_up_whole(duban):
    said = duban("plan", "check", "guangdong-2013", "--source", str(TEXT), "--json")
    assert (said.json["ok"], said.json["findings"]) == (True, [])


@needs_text
def test_a_plan_that_lost_an_obligation_ends_with_4_and_the_phrase(duban, tmp_path):
    parts = re.split(r"\n(?=\[\[)", (PLANS / "guangdong-2013.toml").read_text(encoding="utf-8"))
    meetings = [part for part in parts if "每年召開1-2次" in part]
    assert len(meetings) == 1
    parts.remove(meetings[0])
    path = tmp_path / "plan.toml"
    path.write_text("\n".join(parts), encoding="utf-8")
    said = duban("plan", "check", str(path), "--source", str(TEXT))
    assert said.code == 4
    assert "40: " in said.out
    assert "[1-2次]" in said.out


def test_without_a_text_the_plan_itself_is_checked(duban):
    said = duban("plan", "check", "guangdong-2013")
    *dates, last = said.out.splitlines()
    assert said.code == (6 if dates else 0)
    assert last == f"guangdong-2013: 45 measures, {len(dates)} findings"
