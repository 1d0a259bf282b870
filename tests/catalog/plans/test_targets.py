"""Targets by locality: parties, shares and their sum, roll-up, and the plan's indicators."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from catalog.errors import InvalidError
from catalog.plans.contents import Target
from catalog.plans.file import parse
from catalog.plans.load import plan_of
from catalog.plans.model import Plan
from catalog.plans.shares import Part, complete_years
from catalog.reading.settling.plan_toml import tables_toml
from catalog.workbook.plan_workbook import Row, book, rows
from catalog.workbook.workbook_sheets import SHEETS

SMALL = """\
plan = "harbour-2014"
title = "Harbour plan"
issued_on = 2014-01-01
starts_on = 2014-01-01
ends_on = 2015-12-31
office = "office"

[[agency]]
id = "office"
name = "Harbour office"
kind = "office"

[[agency]]
id = "port"
name = "Port bureau"
kind = "department"

[[agency]]
id = "north"
name = "North city"
kind = "city"

[[agency]]
id = "south"
name = "South city"
kind = "city"

[[group]]
id = "cities"
name = "The cities"
members = ["north", "south"]

[[indicator]]
id = "schemes"
group = "制度創新"
name = "Schemes"
unit = "個"
weight = 60

[[indicator]]
id = "energy"
group = "產業優化"
name = "Energy"
unit = "噸"
weight = 40
better = "lower"

[[measure]]
number = "1"
chapter = "One"
section = "First"
title = "Quays"
lead = "port"
participants = ["cities"]

[[measure.obligation]]
id = "tasks"
kind = "report"
title = "Hand out the tasks"
says = "each year"
basis = "plan"
recurrence = "yearly"

[[measure.target]]
id = "ships"
indicator = "Ships"
value = 100
unit = "艘"
by = 2015-12-31
says = "100艘"
measured = "cumulative"
parties = "cities"
shared_by = "1.tasks"
shares = [
  { party = "north", year = 2014, value = 20 },
  { party = "south", year = 2014, value = 30 },
  { party = "north", year = 2015, value = 20.5 },
  { party = "south", year = 2015, value = 29.5 },
]
"""


def plan(*changes: tuple[str, str]) -> Plan:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return plan_of(parse(text.encode(), "plan.toml"))


def test_a_group_of_parties_is_spelled_out_and_each_reads_for_itself():
    edition = plan()
    assert edition.target("1.ships").parties == ("north", "south")
    assert edition.obligation("1.ships").parties == ("north", "south")


def test_the_lead_reads_beside_the_parties_where_it_reports_the_whole():
    edition = plan(("shares = [", 'rolls_up = "lead"\nshares = ['))
    assert edition.obligation("1.ships").parties == ("north", "south", "port")


def test_a_plan_without_the_new_fields_does_not_say_them():
    text = SMALL[: SMALL.index("parties = ")].replace(
        SMALL[SMALL.index("[[indicator]]") : SMALL.index("[[measure]]")], ""
    )
    told = plan_of(parse(text.encode(), "plan.toml")).model_dump_json()
    new = ("rolls_up", "shares", "shared_by", "indicators", "punctuality")
    assert [name for name in new if name in told] == []
    assert told.count('"parties":') == 1  # the obligation's own


def test_a_plan_read_back_from_its_json_keeps_shares_and_indicators():
    edition = plan(("office = ", 'punctuality = 30\nevaluated_by = "1.tasks"\noffice = '))
    assert Plan.model_validate_json(edition.model_dump_json()) == edition


FAULTS = {
    "short": ("value = 29.5", "value = 29.4", "plan-shares-short", "shares = ["),
    "stranger": (
        '{ party = "north", year = 2015',
        '{ party = "port", year = 2015',
        "plan-share-party",
        "shares = [",
    ),
    "year": ('"north", year = 2015', '"north", year = 2016', "plan-share-year", "shares = ["),
    "twice": ('"north", year = 2015', '"north", year = 2014', "plan-share-twice", "shares = ["),
    "no parties": ('parties = "cities"\n', "", "plan-target-parties", "shared_by"),
    "unknown party": (
        'parties = "cities"',
        'parties = "towns"',
        "plan-agency-unknown",
        "parties =",
    ),
    "unknown duty": ('"1.tasks"', '"1.task"', "plan-not-yearly", "shared_by"),
    "unknown report": ("office = ", 'evaluated_by = "1.none"\noffice = ', "plan-not-yearly", ""),
    "unknown data": ("office = ", 'indicators_by = "1.ships"\noffice = ', "plan-not-yearly", ""),
    "rate": ('unit = "艘"', 'unit = "%"\nrolls_up = "sum"', "plan-roll-up-rate", "rolls_up"),
    "lead": (
        'parties = "cities"',
        'parties = ["port", "cities"]\nrolls_up = "lead"',
        "plan-roll-up-lead",
        "parties =",
    ),
    "weights": ("weight = 40", "weight = 39.9", "plan-weights", "weight = 60"),
    "indicator twice": (
        'id = "energy"',
        'id = "schemes"',
        "plan-id-twice",
        'id = "schemes"\ngroup = "產業',
    ),
}


@pytest.mark.parametrize(("old", "new", "key", "at"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_line(old, new, key, at):
    text = SMALL.replace(old, new, 1)
    line = text[: text.index(at or new)].count("\n") + 1
    with pytest.raises(InvalidError) as refused:
        plan((old, new))
    assert (refused.value.key, refused.value.values["place"]) == (key, f"plan.toml:{line}")


def _shared(of):
    return {(share.party, share.year) for share in of.target("1.ships").shares}


def test_shares_of_some_years_only_are_not_called_short():
    short = plan(('  { party = "south", year = 2015, value = 29.5 },\n', ""))
    assert _shared(short) == _shared(plan()) - {("south", 2015)}


@pytest.mark.parametrize(
    ("unit", "rolls_up", "figure"),
    [("個", None, 30), ("%", "average", 17.5), ("個", "average", 17.5)],
)
def test_the_figures_of_all_parties_make_the_targets(unit, rolls_up, figure):
    target = Target(
        id="x",
        indicator="x",
        value=40,
        unit=unit,
        by=date(2015, 12, 31),
        says="x",
        parties=("north", "south"),
        rolls_up=rolls_up,
    )
    parts = {
        2014: {"north": Part(Decimal(10)), "south": Part(Decimal(20), Decimal(3))},
        2015: {"north": Part(Decimal(10))},
    }
    assert complete_years(target, parts) == {2014: Decimal(str(figure))}


def test_a_rate_is_the_leads_to_report():
    assert plan(('unit = "艘"', 'unit = "%"')).target("1.ships").roll_up == "lead"


def test_a_workbook_brings_shares_and_indicators_back():
    file = parse(SMALL.encode(), "plan.toml")
    sheets = [
        Row(
            sheet.table,
            {c.name: cell for c, cell in zip(sheet.columns, cells, strict=True)},
            {c.name: f"{sheet.table}!{number}" for c in sheet.columns},
        )
        for number, (sheet, cells) in enumerate(rows(file, "en"))
    ]
    assert {row.table for row in sheets} <= {sheet.table for sheet in SHEETS}
    assert plan_of(book(sheets, name="book")) == plan()


def test_a_share_that_cannot_be_read_is_named_with_its_cell():
    file = parse(SMALL.encode(), "plan.toml")
    sheets = [
        Row(
            sheet.table,
            {c.name: cell for c, cell in zip(sheet.columns, cells, strict=True)}
            | ({"shares": "North city: 20"} if sheet.table == "target" else {}),
            {c.name: f"{sheet.table}.{c.name}" for c in sheet.columns},
        )
        for sheet, cells in rows(file, "en")
    ]
    with pytest.raises(InvalidError) as refused:
        book(sheets, name="book")
    assert refused.value.values == {"place": "target.shares", "value": "North city: 20"}


def test_the_tables_are_written_as_toml_and_read_again():
    file = parse(SMALL.encode(), "plan.toml")
    assert plan_of(parse(tables_toml(file.tables).encode(), "again.toml")) == plan()


def test_the_evaluation_is_told_by_its_report_and_by_those_after_it():
    advice = """
[[measure.obligation]]
id = "advice"
kind = "report"
title = "Advise"
says = "advise"
basis = "plan"
recurrence = "yearly"
after = ["1.tasks"]

[[measure.target]]"""
    changes = ("office = ", 'evaluated_by = "1.tasks"\noffice = '), ("\n[[measure.target]]", advice)
    edition = plan(*changes)
    names = ("1.tasks", "1.advice", "1.ships", "1.nothing")
    assert [edition.tells_evaluation(name) for name in names] == [True, True, False, False]
