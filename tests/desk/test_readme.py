"""README and docs/ are true: the demonstration, settings, commands, exit codes and links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalog import errors
from desk.cli import COMMANDS

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-Hans.md"]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")])
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def commands(page: Path) -> set[str]:
    """Return the commands that stand in the code of a page, in blocks and between backticks."""
    text = page.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    return set(re.findall(r"(?:^|[`/ ])duban ([a-z][a-z-]+)", code, re.MULTILINE))


def anchor(heading: str) -> str:
    """Return the anchor of a heading: that which it names, else that which GitHub gives it."""
    own = re.search(r"\{#(.+)\}$", heading)
    return own[1] if own else re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_the_demonstration_prints_what_the_docs_show(duban, demo_home):
    block = re.search(r"```\n(DEMONSTRATION.*?)  lies in", OPERATIONS, re.DOTALL)
    assert duban("demo", "--no-serve").out.partition("  lies in")[0] == block[1]
    assert demo_home.is_dir()


def test_every_setting_has_its_row_and_no_other_has():
    source = (ROOT / "ledger" / "settings.py").read_text(encoding="utf-8")
    settings = set(re.findall(r'_read\(\s*environ, "([A-Z_]+)"', source))
    table = "".join(re.findall(r"^\| `DUBAN_[^|]*", OPERATIONS, re.MULTILINE))
    rows = set(re.findall(r"`DUBAN_([A-Z_]+)`", table))
    assert len(settings) > 8
    assert rows == settings


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_of_a_page_exists(page):
    assert commands(page) <= set(COMMANDS)


def test_the_pages_name_commands():
    assert len(commands(ROOT / "README.md")) > 4
    assert len(commands(ROOT / "docs" / "operations.md")) > 10


def test_every_command_stands_in_the_reference():
    rows = re.findall(r"^\| `.*?\|", REFERENCE, re.MULTILINE)
    assert set(COMMANDS) <= set(re.findall(r"[` ]([a-z][a-z-]+)\b", "".join(rows)))


def test_every_exit_code_stands_in_the_reference():
    rows = set(map(int, re.findall(r"^\| (\d+) \|", REFERENCE, re.MULTILINE)))
    families = [each for each in vars(errors).values() if hasattr(each, "exit_code")]
    assert rows == {0, 1, 2, 6, 130} | {each.exit_code for each in families}


def test_both_readmes_give_the_same_commands():
    blocks = [
        re.findall(r"```\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        for page in READMES
    ]
    english, chinese = ([re.sub(r" *#.*", "", block) for block in each] for each in blocks)
    assert len(english) == 2
    assert english == chinese


@pytest.mark.parametrize("page", READMES, ids=name)
def test_a_readme_is_a_screen_and_a_half(page):
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 70


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", text)
    for path, heading in links:
        if "://" in path:
            continue
        target = (page.parent / path) if path else page
        assert target.exists(), path
        if heading:
            lines = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in map(anchor, lines), f"{path}#{heading}"


def test_the_glossary_is_in_alphabetical_order():
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| ([^|]+) \|", glossary, re.MULTILINE)[1:]
    assert len(terms) > 80
    assert terms == sorted(terms, key=lambda term: term.strip("`").lower())
