"""Markdown of a chapter as HTML: anchors of its own, links and pictures as the desk has them."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from markdown_it.token import Token

# A heading names its anchor, the same one in every language: `## Sign in {#sign-in}`.
_HEADING = re.compile(r"(?P<heading>.+?) \{#(?P<anchor>[a-z][a-z0-9-]*)\}")
_CHAPTER = re.compile(r"\d\d-(?P<name>[a-z-]+)\.md(?P<anchor>#[a-z0-9-]+)?")
_SPOKEN = {"text", "code_inline"}  # what a search reads of a line


class Section(NamedTuple):
    """A part of a chapter: its anchor, its heading, and its text without markup."""

    anchor: str
    heading: str
    text: str


class Rendering(NamedTuple):
    """A chapter: its title, the sections below it, and the HTML without the title."""

    title: str
    sections: tuple[Section, ...]
    html: Markup


def rendering(text: str, *, picture: Callable[[str], dict[str, str]]) -> Rendering:
    """Return a chapter from its Markdown; HTML in it is shown as it is written.

    `picture` gives the attributes of the picture at an address of the text.
    """
    tokens = _parser().parse(text)
    title, *sections = _sections(tokens)
    for token in tokens:
        for child in token.children or ():
            _lead_home(child, picture)
    html = _parser().renderer.render(tokens[3:], _parser().options, {})
    # The text is ours, and the parser escapes whatever in it is no Markdown.
    return Rendering(title.heading, tuple(sections), Markup(html))  # noqa: S704


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _sections(tokens: list[Token]) -> Iterator[Section]:
    """Yield the title and each section, and move the anchors from the headings to their tags."""
    starts = [n for n, token in enumerate(tokens) if token.type == "heading_open"]
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        inline = tokens[start + 1]
        match = _HEADING.fullmatch(inline.content)
        heading, anchor = (match["heading"], match["anchor"]) if match else (inline.content, "")
        if match and inline.children:
            last = inline.children[-1]
            last.content = last.content.removesuffix(f"{{#{anchor}}}").rstrip()
            tokens[start].attrSet("id", anchor)
        yield Section(anchor, heading, _spoken(tokens[start + 3 : end]))


def _spoken(tokens: Iterable[Token]) -> str:
    blocks = (map(_plain, token.children) for token in tokens if token.children)
    return " ".join(filter(None, map("".join, blocks)))


def _plain(token: Token) -> str:
    return " " if token.type == "softbreak" else token.content if token.type in _SPOKEN else ""


def _lead_home(token: Token, picture: Callable[[str], dict[str, str]]) -> None:
    """Turn an address between files of the handbook into one of the desk."""
    if token.type == "link_open":
        match = _CHAPTER.fullmatch(str(token.attrs.get("href", "")))
        if match:
            token.attrs["href"] = f"/help/{match['name']}{match['anchor'] or ''}"
    if token.type == "image":
        token.attrs |= picture(str(token.attrs["src"]))
