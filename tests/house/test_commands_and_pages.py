"""Every command has its page, or a reason why it has none, in docs/commands.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.app import create_app
from desk.cli import app as commands
from ledger.offices.installation import load_settings
from tasks.clock import now_utc
from tests.desk.pages.crawl import routes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cyclopts import App

REFERENCE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
TABLE = REFERENCE.partition("## Commands and their pages")[2].partition("\n## ")[0]
ROWS = dict(re.findall(r"^\| `duban ([a-z -]+)` \| (.+?) \|$", TABLE, re.MULTILINE))
REASON = "no page: "


def leaves(app: App, *words: str) -> Iterator[str]:
    """Yield every command that does something, by its words."""
    for name in app:
        if not name.startswith("-"):
            below = [each for each in app[name] if not each.startswith("-")]
            if app[name].default_command or not below:
                yield " ".join((*words, name))
            if below:
                yield from leaves(app[name], *words, name)


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """The paths of the desk that a browser can open."""
    home = tmp_path_factory.mktemp("routes") / "home"
    desk = create_app(load_settings({"DUBAN_HOME": str(home)}), clock=now_utc)
    yield {route.path for route in routes(desk) if route.method == "GET"}
    desk.state.desk.ledger.close()


def test_every_command_has_a_row_and_every_row_a_command():
    known = set(leaves(commands))

    assert len(known) > 100
    assert known - ROWS.keys() == set()
    assert ROWS.keys() - known == set()


def test_every_page_of_the_table_is_there(paths):
    pages = {row: page.strip("`") for row, page in ROWS.items() if not page.startswith(REASON)}

    assert len(pages) > 80
    assert {row: page for row, page in pages.items() if page not in paths} == {}


def test_every_command_without_a_page_has_a_reason():
    reasons = [page for page in ROWS.values() if page.startswith(REASON)]

    assert 5 < len(reasons) < 20
    assert all(len(reason) > len(REASON) + 20 for reason in reasons)
