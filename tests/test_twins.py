"""What runs on both databases is what the rule of tests/twins.py says."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from tests.twins import KINDS, is_decided, speaks

ALONE = {  # the files of SQLite, or what is tried on both elsewhere
    "tests/desk/commands/test_anchors.py",  # as tests/tasks/proof/test_accepting.py
    "tests/desk/commands/test_backup.py",  # as tests/ledger/test_backup.py
    "tests/desk/commands/test_channel_stops.py",  # as tests/tasks/post/channels/test_stops.py
    "tests/desk/commands/test_damaged.py",
    "tests/desk/commands/test_plan_dates.py",  # a file is written; publishing is tried elsewhere
    "tests/ledger/offices/test_homes.py",
    "tests/ledger/store/test_file_modes.py",
    "tests/tasks/offices/test_survey.py",  # as tests/stories/test_many_offices.py
}


def kinds_of(items, *, decided):
    """Return the databases on which each test runs that asks for one, by its file and name."""
    kinds = defaultdict(set)
    for item in items:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        if params.get("kind") in KINDS and (decided or not is_decided(item)):
            kinds[item.path, item.originalname].add(params["kind"])
    return kinds


def test_what_speaks_sql_runs_on_both(request):
    items = request.session.items
    choosing = {item.path for item in items if item.get_closest_marker("both")}
    for (path, name), kinds in kinds_of(items, decided=False).items():
        assert "sqlite" in kinds, f"{path}: {name}"
        assert kinds == set(KINDS) or not speaks(path) or path in choosing, f"{path}: {name}"


def test_every_module_that_asks_for_a_database_meets_postgresql(request):
    modules = defaultdict(set)
    for (path, _), kinds in kinds_of(request.session.items, decided=True).items():
        modules[path] |= kinds
    root = Path(request.config.rootpath)
    alone = {str(path.relative_to(root)) for path, kinds in modules.items() if kinds == {"sqlite"}}
    assert alone <= ALONE
