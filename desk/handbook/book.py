"""The handbook in a language: its chapters in order, each with the one before and after."""

from __future__ import annotations

import functools
import hashlib
import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from catalog.wording.language import COMMAND_LANGUAGE, language
from desk.handbook.markdown import rendering

if TYPE_CHECKING:
    from markupsafe import Markup

    from desk.handbook.markdown import Section

FOLDER = Path(__file__).parents[2] / "docs" / "handbook"
PICTURES = FOLDER / "pictures"
ADDRESS = "/help/pictures"

_PICTURE = re.compile(r"\.\./pictures/(?P<file>[A-Za-z-]+/[a-z0-9-]+\.png)")
_SIZE = struct.Struct(">16x2I")  # width and height in the head of a PNG file


class Chapter(NamedTuple):
    """A chapter; `name` is its address below `/help/`, the same in every language."""

    name: str
    title: str
    sections: tuple[Section, ...]
    html: Markup


@functools.cache
def book(lang: str) -> tuple[Chapter, ...]:
    """Return the chapters in a language, or in one that it falls back to."""
    candidates = (lang, *language(lang).fallback, COMMAND_LANGUAGE)
    folder = next((FOLDER / each for each in candidates if (FOLDER / each).is_dir()), FOLDER)
    return tuple(_chapter(file) for file in sorted(folder.glob("*.md")))


def _chapter(file: Path) -> Chapter:
    text = file.read_text(encoding="utf-8")
    title, sections, html = rendering(text, picture=_attributes)
    return Chapter(file.stem[3:], title, sections, html)


def _attributes(address: str) -> dict[str, str]:
    """Return the attributes of a picture; its address changes with it, so browsers keep it."""
    match = _PICTURE.fullmatch(address)
    file = PICTURES / match["file"] if match else PICTURES
    if not match or not file.is_file():
        return {}
    content = file.read_bytes()
    width, height = _SIZE.unpack_from(content)
    digest = hashlib.sha256(content).hexdigest()[:12]
    source = f"{ADDRESS}/{match['file']}?v={digest}"
    return {"src": source, "width": f"{width}", "height": f"{height}", "loading": "lazy"}
