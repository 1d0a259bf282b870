"""The pages of docs/ name rooms, files and functions that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"])
PICTURE = (ROOT / "docs" / "pictures" / "floors.svg").read_text(encoding="utf-8")
TABLE = (ROOT / "docs" / "where-to-change.md").read_text(encoding="utf-8")
FLOORS = ("catalog", "ledger", "tasks", "flows", "desk")
PATH = re.compile(rf"`((?:{'|'.join(FLOORS)}|tests|deploy|docs)/[\w/.-]*)`")
PLACE = re.compile(r"`([\w.-]+)` in\s+`([\w/.-]+)`")
TWELVE = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", TABLE.partition("## Twelve")[2], re.MULTILINE)[1:]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def defines(path: Path, what: str) -> bool:
    """Tell whether a file, or a file of a folder, defines a name: in Python, or as a TOML key."""
    if path.is_dir():
        return any(defines(file, what) for file in path.rglob("*.*") if file.is_file())
    if path.suffix not in (".py", ".toml") or not path.is_file():
        return False
    last = re.escape(what.rpartition(".")[2])
    pattern = rf"^\s*(?:(?:async )?def |class ){last}\b|^{last}\s*[,:=]|^\[{last}\]"
    return bool(re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_path_of_a_page_exists(page):
    paths = PATH.findall(page.read_text(encoding="utf-8"))
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_name_is_defined_where_the_page_says(page):
    places = PLACE.findall(page.read_text(encoding="utf-8"))
    assert [place for place in places if not defines(ROOT / place[1], place[0])] == []


def test_there_are_twelve_changes():
    assert len(TWELVE) == 12


@pytest.mark.parametrize(("change", "where"), TWELVE, ids=[change for change, _ in TWELVE])
def test_a_change_has_one_place(change, where):
    ((what, path),) = PLACE.findall(where)
    assert defines(ROOT / path, what), change


@pytest.mark.parametrize("floor", FLOORS)
def test_every_room_stands_in_the_picture(floor):
    rooms = {
        each.name
        for each in (ROOT / floor).iterdir()
        if each.is_dir() and not each.name.startswith(("_", "."))
    }
    labels = set(re.findall(r">([a-z]+)</text>", PICTURE))
    assert rooms <= labels, rooms - labels


def test_every_room_of_the_tables_is_one():
    rooms = re.findall(r"^\| `([a-z]+)` \|", _page("architecture.md"), re.MULTILINE)
    assert len(rooms) == 12
    assert all(any((ROOT / floor / room).is_dir() for floor in FLOORS) for room in rooms)


def _page(page: str) -> str:
    return (ROOT / "docs" / page).read_text(encoding="utf-8")


def test_every_rule_that_is_cited_stands_in_the_rules():
    headings = re.findall(r"^## (.+)$", _page("rules.md"), re.MULTILINE)
    citations = [
        (name(file), after)
        for root in (*FLOORS, "tests")
        for file in (ROOT / root).rglob("*.py")
        for after in _citations(file)
    ]
    assert citations
    assert [each for each in citations if not each[1].startswith(tuple(headings))] == []


def _citations(file: Path) -> list[str]:
    """Return what stands behind each `docs/rules.md,` of a file, on one line."""
    text = re.sub(r"\s+(?:# )?", " ", file.read_text(encoding="utf-8"))
    return re.findall(r"docs/rules\.md, ([A-Z].{40})", text)
