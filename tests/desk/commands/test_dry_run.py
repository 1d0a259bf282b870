"""Every command that writes can be tried: `--dry-run` says the same and changes nothing."""

from __future__ import annotations

import pytest

from tests.databases import rows


@pytest.fixture
def state(home, database):
    """Return all that is in the home: every row of the database, every file beside it."""

    def _state():
        with database.connect(home) as conn:
            kept = rows(conn)
        files = [p for p in home.rglob("*") if p.is_file() and not p.name.startswith("duban.db")]
        return kept, {str(p.relative_to(home)): p.read_bytes() for p in files}

    return _state


def notice_in(duban, state_):
    return duban("notices", "--state", state_, "--json").json[0]["id"]


@pytest.mark.parametrize(
    "command",
    [
        ("sweep", "--on", "2014-06-30"),
        ("deliver", "--on", "2014-06-30"),
        ("clock", "--days", "30"),
        ("agency", "contact", "zhaoqing", "officer", "new@demo.invalid"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("demo_home")
def test_a_dry_run_changes_nothing(command, state, duban):
    before = state()
    said = duban(*command, "--dry-run", "--json")
    assert (said.code, said.err) == (0, "")
    assert state() == before


@pytest.mark.usefixtures("demo_home")
def test_releasing_a_slip_dry_leaves_the_draft(state, duban):
    slip = notice_in(duban, "draft")
    before = state()
    command = ("notice", "release", slip, "--as", "office/officer", "--dry-run", "--json")
    assert duban(*command).code == 0
    assert state() == before


def test_publishing_dry_puts_nothing_in_force(state, duban):
    duban("agency", "list")  # makes the ledger
    before = state()
    said = duban("plan", "publish", "guangdong-2013", "--dry-run", "--json")
    assert (said.code, said.json["new"], said.json["dry_run"]) == (0, True, True)
    assert state() == before


@pytest.mark.usefixtures("demo_home")
def test_a_dry_sweep_says_what_the_sweep_then_does(duban):
    command = ("sweep", "--on", "2014-06-30", "--json")
    tried = duban(*command, "--dry-run").json
    assert tried == duban(*command).json
    assert tried["reminded"] > 10


@pytest.mark.usefixtures("demo_home")
def test_after_a_dry_run_the_history_is_still_true(duban):
    duban("sweep", "--on", "2014-06-30", "--dry-run")
    assert duban("verify").code == 0
