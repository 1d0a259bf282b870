"""Which tests stay on one worker: those that share what takes long to set up.

xdist deals tests out one by one, and knows them by their ids alone. Its own `xdist_group` has no
effect with pytest 9.2 (it writes the group where the id is no longer read), so the rule is here:

- the tests of `browser` and of `flows` stay together: one desk before one browser, one Prefect;
- so do the tests of a file with a module-scoped fixture, by database, and all files of `faults`;
- so do those whose pages foresee the mail of a plan, which each process reckons once, in 7 s;
- every other test goes wherever there is time, after these.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ONE_WORKER = {"browser", "flows"}
WHOLE_FILES = {"faults"}  # their desks are served by fixtures of conftest.py
FORESEEING = {
    "tests/desk/pages/test_every_route.py",
    "tests/desk/pages/today/test_burden.py",
}
ROOT = Path(__file__).parents[1]


class Together(LoadScopeScheduling):
    """Deal out groups of tests, the largest first."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Take one worker more than there are cores: tests of Prefect and the browser mostly wait."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    return Together(config, log)


def group(nodeid: str) -> str:
    """Return the name of the tests this one stays with; its own where it stands alone."""
    file, _, name = nodeid.partition("::")
    folder = Path(file).parts[1]
    if folder in ONE_WORKER:
        return folder
    if file in FORESEEING:
        return "foreseeing"
    if folder in WHOLE_FILES or _shares(file):
        return f"{file} on {'postgresql' if '[postgresql' in name else 'sqlite'}"
    return nodeid


@cache
def _shares(file: str) -> bool:
    return 'scope="module"' in (ROOT / file).read_text(encoding="utf-8")
