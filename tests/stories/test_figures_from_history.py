"""The figures of the papers equal those counted from the entries alone, without our own code."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from catalog.dates.spans import span
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.demo import play
from tasks.known_on import known_on
from tasks.reports.circular_figures import count
from tasks.reports.scorecard_figures import count_cards

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLAN = "guangdong-2013"
UNTIL = dt.date(2014, 3, 31)
DECEMBER, QUARTER = span("2013-12"), span("2014-Q1")
Rows = dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def lived(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The real plan lived to the end of March 2014 by its scripted cast."""
    home = tmp_path_factory.mktemp("lived") / "home"
    shutil.copytree(demonstration, home)
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        play.play(ledger, PLAN, until=UNTIL, progress=lambda _: None)
        yield ledger


def told(ledger: Ledger, table: str, *, until: int) -> Rows:
    """Return the rows of a table as the first `until` entries tell them, read as bare JSON."""
    found: Rows = {}
    wanted = "SELECT payload FROM entries WHERE seq <= ? ORDER BY seq"
    with ledger.read() as conn:
        payloads = [row[0] for row in conn.exec_driver_sql(wanted, (until,))]
    for payload in payloads:
        for name, key, values in json.loads(payload)["changes"]:
            if name == table:
                found.setdefault(str(key), {}).update(values)
    return found


def within(day: object, since: dt.date, until: dt.date) -> bool:
    return isinstance(day, str) and since.isoformat() <= day <= until.isoformat()


@pytest.mark.parametrize("period", [DECEMBER, QUARTER])
def test_a_circular_counts_what_the_entries_say(lived: Ledger, period) -> None:
    on = period.until
    with known_on(lived, on, lambda: dt.datetime.now(dt.UTC)) as conn:
        circular = count(conn, PLAN, period, on=on)
    figures = circular.figures
    duties = told(lived, "duties", until=circular.entries).values()
    due = [d for d in duties if within(d["due_on"], period.since, period.until)]
    closed = [d for d in due if d.get("closed_on") and d.get("closed_as") != "not-done"]
    on_time = [d for d in closed if str(d["done_on"]) <= str(d["due_on"])]
    slips = told(lived, "slips", until=circular.entries).values()
    problems = told(lived, "problems", until=circular.entries).values()
    assert len(due) > 5
    assert (figures.duties, figures.due) == (len(duties), len(due))
    assert (figures.on_time, figures.late) == (len(on_time), len(closed) - len(on_time))
    assert figures.slips == sum(within(s["released_on"], period.since, on) for s in slips)
    assert figures.raised == sum(within(p["raised_on"], period.since, on) for p in problems)
    assert figures.closed_in_span == sum(
        within(d.get("closed_on"), period.since, on) for d in duties
    )


def test_a_circular_rests_on_the_entry_it_names(lived: Ledger) -> None:
    with known_on(lived, DECEMBER.until, lambda: dt.datetime.now(dt.UTC)) as conn:
        circular = count(conn, PLAN, DECEMBER, on=DECEMBER.until)
    wanted = "SELECT hash FROM entries WHERE seq = ?"
    with lived.read() as conn:
        assert conn.exec_driver_sql(wanted, (circular.entries,)).scalar_one() == circular.head


def test_the_outcomes_of_what_was_due_add_up(lived: Ledger) -> None:
    with known_on(lived, QUARTER.until, lambda: dt.datetime.now(dt.UTC)) as conn:
        figures = count(conn, PLAN, QUARTER, on=QUARTER.until).figures
    parts = ("on_time", "late", "overdue", "not_done", "waiting", "excused", "running")
    assert sum(getattr(figures, name) for name in parts) == figures.due


def test_the_cards_score_what_the_entries_say(lived: Ledger) -> None:
    with lived.read() as conn:
        made = count_cards(conn, PLAN, 2013, on=UNTIL)
    entries = next(iter(made.values())).entries
    duties = {
        k: d
        for k, d in told(lived, "duties", until=entries).items()
        if str(d["due_on"])[:4] == "2013"
    }
    mine = {k for k, d in duties.items() if d["performer"] == "zhaoqing"}
    late = {k for k in mine if not duties[k].get("closed_on")}
    lines = {line.key: line for line in made["zhaoqing"].lines if line.role == "performer"}
    assert set(lines) == mine
    assert {k for k, line in lines.items() if line.points == 0} == late
    assert late
