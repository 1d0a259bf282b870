"""A browser in which somebody reads in a language, and the saving of what they see."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from desk.handbook.book import FOLDER, PICTURES
from desk.web.words import LANGUAGE
from tests.browser.pictures.taking import MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    Save = Callable[[str], None]

WIDTH, HEIGHT = 1120, 700  # pixels; the pages lie in columns from 1101 on
PICTURE = re.compile(r"pictures/([\w-]+)/([a-z0-9-]+)\.png")


@contextmanager
def reader(browser: Browser, address: str, lang: str) -> Iterator[tuple[Page, Save]]:
    """Yield a page at a desk, in a language, and the saving of what it shows under a name.

    A name that no chapter shows is not saved.
    """
    context = browser.new_context(base_url=address, locale=lang)
    context.add_cookies([{"name": LANGUAGE, "value": lang, "url": address}])
    page = context.new_page()
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    names = shown(lang)

    def save(name: str) -> None:
        if name in names:
            _save(page, lang, name)

    yield page, save
    context.close()


def shown(lang: str) -> set[str]:
    """Return the names of the pictures in a language that chapters show."""
    text = "".join(file.read_text(encoding="utf-8") for file in FOLDER.glob("*/*.md"))
    return {name for folder, name in PICTURE.findall(text) if folder == lang}


def _save(page: Page, lang: str, name: str) -> None:
    file = PICTURES / lang / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file)
    assert file.stat().st_size <= MOST, f"{file.name} is larger than {MOST} bytes"
    print(lang, file.name, file.stat().st_size)
