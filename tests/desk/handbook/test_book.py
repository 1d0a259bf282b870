"""The handbook says the same in three languages, in the words of the pages, with its pictures."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from catalog.wording import languages, texts
from desk.handbook.book import FOLDER, PICTURES, book
from tests.handbook.traditional import traditional

ROOT = Path(__file__).parents[3]
FILES = sorted(FOLDER.glob("*/*.md"))
LABEL = re.compile(r"\*\*(.+?)\*\*")
PICTURE = re.compile(r"!\[(.*?)\]\(\.\./pictures/(.+?)\)")
MOST = 6 * 1024 * 1024  # bytes of all pictures
LARGEST = 300 * 1024


def name(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def shape(file: Path) -> list[str]:
    """Return the blocks of a chapter in order, with what does not depend on the language."""
    tokens = MarkdownIt("commonmark").enable("table").parse(file.read_text("utf-8"))
    anchors = {n: re.findall(r"\{#.+\}", t.content) for n, t in enumerate(tokens)}
    blocks = [f"{t.type} {t.tag} {anchors.get(n + 1)}" for n, t in enumerate(tokens) if t.nesting]
    pictures = re.findall(r"[a-z0-9-]+\.png", file.read_text("utf-8"))
    return [*blocks, *pictures]


def test_each_language_has_the_same_chapters():
    chapters = {lang: [each.name for each in book(lang)] for lang in languages()}
    assert len(chapters["en"]) == 12
    assert len({tuple(names) for names in chapters.values()}) == 1


@pytest.mark.parametrize("file", sorted(FOLDER.glob("en/*.md")), ids=name)
def test_a_chapter_has_the_same_parts_in_each_language(file):
    for lang in languages():
        assert shape(FOLDER / lang / file.name) == shape(file), lang


@pytest.mark.parametrize("file", sorted(FOLDER.glob("zh-Hans/*.md")), ids=name)
def test_traditional_chapters_are_those_in_simplified_characters(file):
    """`python -m tests.handbook --text` writes them anew."""
    ours = FOLDER / "zh-Hant" / file.name
    assert ours.read_text("utf-8") == traditional(file.read_text("utf-8"))


@pytest.mark.parametrize("lang", languages())
def test_an_anchor_stands_once_in_the_book(lang):
    anchors = Counter(section.anchor for chapter in book(lang) for section in chapter.sections)
    assert [anchor for anchor, n in anchors.items() if n > 1 or not anchor] == []


@pytest.mark.parametrize("file", FILES, ids=name)
def test_every_label_is_a_text_of_the_interface(file):
    """What stands in bold is what the reader sees on the page; … stands for a name."""
    labels = set(LABEL.findall(file.read_text("utf-8")))
    shown = {re.sub(r"\{\w+\}", "…", text) for text in texts(file.parent.name).values()}
    assert labels - shown == set()


@pytest.mark.parametrize("file", FILES, ids=name)
def test_every_picture_is_there_and_described(file):
    for description, picture in PICTURE.findall(file.read_text("utf-8")):
        assert len(description) > 1
        assert (PICTURES / picture).is_file(), picture


def test_every_picture_is_shown_and_none_is_large():
    shown = {p for f in FILES for _, p in PICTURE.findall(f.read_text("utf-8"))}
    files = {
        str(file.relative_to(PICTURES)): file.stat().st_size for file in PICTURES.rglob("*.png")
    }
    assert set(files) == shown
    assert max(files.values()) <= LARGEST
    assert sum(files.values()) <= MOST


def test_an_installed_desk_has_the_handbook():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"]["docs/handbook"] == "docs/handbook"
    assert "COPY docs/handbook docs/handbook" in (ROOT / "deploy/Dockerfile").read_text("utf-8")
