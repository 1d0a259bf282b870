"""Which tests run on both databases: the rule, and the hook that follows it.

SQL is spoken in `ledger/` alone, and `tasks/` is where its statements are put together:

- what lies in tests/ledger, tests/tasks and tests/faults runs on SQLite and on PostgreSQL, but for
  a module that marks some of its tests `both`: its others lead to no statement of their own;
- elsewhere the same statements run once more, beneath pages, commands and days: the tests that a
  module marks `both` run on both, or its first one where it marks none, the others on SQLite;
- `both` is for what PostgreSQL alone could break: writers at once, locks, sorting, a statement
  that no other test sends;
- `ON_SQLITE` and `ON_POSTGRESQL` of tests/databases.py say what is true of one database only.

`--both` runs every test on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

KINDS = ("sqlite", "postgresql")
SPEAKING = {"ledger", "tasks", "faults"}
ROOT = "tests"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--both", action="store_true", help="run every test on both databases")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for a database the ones it runs on."""
    if "kind" not in metafunc.fixturenames or is_decided(metafunc.definition):
        return
    kinds = KINDS if metafunc.config.getoption("both") or _on_both(metafunc) else KINDS[:1]
    metafunc.parametrize("kind", kinds, indirect=True, scope="session")


def speaks(path: Path) -> bool:
    """Tell whether the tests of this file run on both databases without being marked."""
    return path.parts[path.parts.index(ROOT) + 1] in SPEAKING


def is_decided(test: pytest.Item) -> bool:
    """Tell whether a test names its databases, or means something else by their name."""
    return any("kind" in mark.args[0] for mark in test.iter_markers("parametrize"))


def _on_both(metafunc: pytest.Metafunc) -> bool:
    if metafunc.definition.get_closest_marker("both"):
        return True
    if any(map(_is_marked, vars(metafunc.module).values())):
        return False
    if speaks(metafunc.definition.path):
        return True
    first = vars(metafunc.module).setdefault("__first__", metafunc.function)
    return first is metafunc.function


def _is_marked(value: object) -> bool:
    return any(mark.name == "both" for mark in getattr(value, "pytestmark", ()))
