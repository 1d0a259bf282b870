"""`python -m tests.browser.pictures`: the pictures of docs/, taken from the demonstration."""

from __future__ import annotations

import datetime as dt
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from playwright.sync_api import sync_playwright

from catalog.plans.load import load_plan
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.demo import play

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PLAN = "guangdong-2013"
UNTIL = dt.date(2014, 3, 14)
MOST = 300 * 1024  # bytes a picture may have


class Picture(NamedTuple):
    """What is taken: a page as a person of the cast sees it."""

    name: str
    user: str
    path: str
    width: int = 1440
    height: int = 1000


PICTURES = (
    Picture("cockpit", "office/officer", "/"),
    Picture("ledger", "office/officer", "/ledger"),
    Picture("gantt", "office/officer", "/gantt"),
    Picture("review", "office/officer", "/review"),
    Picture("slips", "office/officer", "/slips"),
    Picture("inbox", "dongguan/officer", "/in"),
    Picture("inbox-390", "dongguan/officer", "/in", 390, 844),
    Picture("audit", "office/reviewer", "/audit"),
)


def main() -> None:
    """Live the demonstration in a home of its own, serve it, and take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
            play.begin(ledger, load_plan(PLAN))
            play.play(ledger, PLAN, until=UNTIL, progress=lambda _: None)
            password = play.password(ledger, at=dt.datetime(2014, 3, 14, 2, 0, tzinfo=dt.UTC))
        port = _free_port()
        words = [sys.executable, "-m", "desk.serve", str(port)]
        process = subprocess.Popen(words, env=os.environ | {"DUBAN_HOME": str(home)})
        try:
            _take_all(f"http://127.0.0.1:{port}", password)
        finally:
            process.terminate()
            process.wait(20)


def _take_all(url: str, password: str) -> None:
    _wait(url)
    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--disable-background-networking", "--no-first-run"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        for picture in PICTURES:
            page = _signed_in(chromium, url, picture, password)
            answer = page.goto(picture.path)
            assert answer is not None, picture.path
            assert answer.ok, f"{picture.path}: {answer.status}"
            file = FOLDER / f"{picture.name}.png"
            page.screenshot(path=file)
            assert file.stat().st_size <= MOST, f"{file.name} is larger than {MOST} bytes"
            print(file.name, file.stat().st_size)
            page.context.close()
        chromium.close()


def _signed_in(chromium: Browser, url: str, picture: Picture, password: str) -> Page:
    size = {"width": picture.width, "height": picture.height}
    context = chromium.new_context(base_url=url, locale="zh-TW", viewport=size)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#user", picture.user)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_selector("nav.nav")
    return page


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


def _wait(url: str) -> None:
    port = int(url.rpartition(":")[2])
    for _ in range(300):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(url)


if __name__ == "__main__":
    main()
