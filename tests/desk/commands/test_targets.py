"""`duban targets` and `duban reading add`: the shape, the answer, the refusals."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tasks.people import users

KEYS = [
    "plan",
    "target",
    "measure",
    "lead",
    "indicator",
    "value",
    "unit",
    "by",
    "measured",
    "bound",
    "baseline",
    "readings",
    "verdict",
    "year",
    "actual",
    "expected",
    "unreported",
    "roll_up",
    "parties",
    "missing",
]
READ = ("reading", "add", "8.emerging-share", "--year", "2013", "--value", "19.5")
SAID = ("--source", "海關統計", "--as", "lin")


@pytest.fixture
def reader(demo_home, database):
    """A demonstration in which lin of the trade department has a login."""
    with database.open(demo_home) as ledger:
        found = [users.Newcomer("lin", "林", "wjmt")]
        at = datetime(2013, 8, 5, tzinfo=UTC)
        users.add(ledger, found, since=date(2013, 8, 5), at=at, actor="office")


@pytest.mark.usefixtures("reader")
def test_the_targets_of_the_real_plan_are_listed(duban):
    found = duban("targets", "--json").json

    assert all(list(target) == KEYS for target in found)
    assert {t["measured"] for t in found} == {"level", "cumulative", "average-growth"}
    emerging = next(t for t in found if t["target"] == "8.emerging-share")
    assert emerging["baseline"] == {"value": 18.7, "on": "2012-12-31"}
    assert (emerging["value"], emerging["unit"], emerging["by"]) == (21, "%", "2015-12-31")


@pytest.mark.usefixtures("reader")
def test_a_reading_puts_the_target_in_its_place(duban):
    said = duban(*READ, *SAID, "--json")

    assert (said.code, said.json["verdict"]) == (0, "on-course")
    listed = duban("targets", "--plan", "guangdong-2013", "--json").json
    target = next(t for t in listed if t["target"] == "8.emerging-share")
    assert {**target, "dry_run": False} == said.json
    assert (target["year"], target["actual"], target["expected"]) == (2013, "19.50", "19.47")
    *before, last = target["readings"]
    assert [last[name] for name in ("number", "value", "source", "reported_by")] == [
        len(before) + 1,
        "19.5",
        "海關統計",
        "lin",
    ]


@pytest.mark.usefixtures("reader")
def test_a_reading_tried_is_not_kept(duban):
    before = duban("targets", "--json").json

    assert duban(*READ, *SAID, "--dry-run", "--json").json["verdict"] == "on-course"

    assert duban("targets", "--json").json == before


@pytest.mark.usefixtures("reader")
def test_a_table_names_the_verdict_in_words(duban):
    duban(*READ, *SAID)

    said = duban("targets").out

    assert "on course" in said
    assert "19.50" in said


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("argv", "code"),
    [
        ((*READ, "--source", "", "--as", "lin"), 5),
        ((*READ[:-1], "19,5", *SAID), 2),
        (("reading", "add", "8.nothing", *READ[3:], *SAID), 3),
        (("reading", "add", "other-2013/8.emerging-share", *READ[3:], *SAID), 3),
        (("targets", "--plan", "other-2013"), 3),
    ],
)
def test_what_is_refused_ends_with_its_code_and_one_line(duban, argv, code):
    said = duban(*argv)

    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1)
