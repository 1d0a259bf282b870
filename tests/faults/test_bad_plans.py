"""An edition that does not hold is refused whole, with its line: the plan in force stays."""

from __future__ import annotations

import pytest

from desk.cli import run
from tests.faults.surviving import assert_sound, everything
from tests.world import ISSUED, PostOffice, World, small_plan

GROUP = """
[[group]]
id = "both"
name = "兩家"
members = ["city", "{member}"]
"""
MB = "# " + "月" * 3_500_000
# What is changed into what, and how many lines below that the fault is.
FAULTS = {
    "syntax": ('title = "工作"', "title = 工作", 0),
    "an unknown key": ('title = "工作"', 'tilte = "工作"', 0),
    "a key twice": ('title = "工作"', 'title = "工作"\ntitle = "工作"', 1),
    "30 February": ("due_on = 2013-12-31", "due_on = 2014-02-30", 0),
    "an unknown agency": ('lead = "trade"', 'lead = "tarde"', 0),
    "a circle": ("[[measure]]", GROUP.format(member="both") + "\n[[measure]]", 4),
    "half of it": ('title = "工作"', 'title = "工', 0),
    "10 MB": ("[[measure]]", f"{MB}\n[[measure]]", None),
}


@pytest.fixture
def running(ledger, tmp_path):
    """The first edition in force and swept; the second lies in a file."""
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, {}))
    world.sweep(ISSUED)
    file = tmp_path / "small-2013.toml"
    file.write_text(file.read_text("utf-8").replace("edition = 1", "edition = 2"), "utf-8")
    return world


@pytest.fixture
def publish(running, database, tmp_path, monkeypatch, capsys):
    """Return how to publish the file, and get the code and what is said."""
    for name, value in database.environ(running.ledger.settings.home).items():
        monkeypatch.setenv(name, value)

    def _publish():
        code = run(
            ["plan", "publish", str(tmp_path / "small-2013.toml"), "--start-on", "2013-08-05"]
        )
        return code, capsys.readouterr().err

    return _publish


@pytest.mark.parametrize("name", FAULTS)
def test_an_edition_that_does_not_hold_is_refused_with_its_line(running, publish, tmp_path, name):
    old, new, below = FAULTS[name]
    file = tmp_path / "small-2013.toml"
    good = file.read_text("utf-8")
    assert good.count(old) == 1
    file.write_text(good.replace(old, new), encoding="utf-8")
    line = good[: good.index(old)].count("\n") + 1 + (below or 0)
    before = everything(running.ledger)

    code, said = publish()

    assert code == 4
    assert (f"{file}:{line}" if below is not None else str(file)) in said
    assert everything(running.ledger) == before
    assert_sound(running.ledger)


def test_without_the_fault_the_same_file_is_published(running, publish):
    before = everything(running.ledger)
    assert publish()[0] == 0
    assert everything(running.ledger) != before
