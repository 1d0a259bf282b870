"""A browser to take pictures with, and the folder they go to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FOLDER = ROOT / "docs" / "pictures"
MOST = 300 * 1024  # bytes a picture may have


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield browser
        browser.close()


def save(page: Page, name: str) -> None:
    """Save the page as a picture of this name; one that is too large is refused."""
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    assert file.stat().st_size <= MOST, f"{file.name} is larger than {MOST} bytes"
    print(file.name, file.stat().st_size)
