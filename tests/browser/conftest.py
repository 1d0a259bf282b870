"""The desk on real demonstration data, served as in use, and people before Debian's Chromium."""

from __future__ import annotations

import datetime as dt
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import sync_playwright

from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.demo import play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parents[2]
PLAN = "guangdong-2013"
UNTIL = dt.date(2014, 1, 24)  # past the slips for what was due on 2013-12-31
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)
AS_WORDED = ("422", "409", "403")  # a form shown again; Chromium logs the status as an error


class Served(NamedTuple):
    """A desk that answers, its home, and the password of its cast."""

    url: str
    home: Path
    password: str


@pytest.fixture(scope="session")
def lived(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the demonstration was lived; its cast may sign in."""
    home = tmp_path_factory.mktemp("browser") / "home"
    shutil.copytree(demonstration, home)
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        play.password(ledger, at=AT)
    return home


@pytest.fixture(scope="module")
def desk(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a copy of that home on a free port, to all tests of a module."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(lived, home)
    with serving(home, free_port()) as served:
        yield served


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


@contextmanager
def serving(home: Path, port: int) -> Iterator[Served]:
    """Serve a home as in use until the end."""
    words = [sys.executable, "-m", "desk.serve", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, env={"DUBAN_HOME": str(home)})
    try:
        url = f"http://127.0.0.1:{port}"
        _answers(f"{url}/health")
        password = home / "demo-password"
        yield Served(url, home, password.read_text("utf-8") if password.exists() else "")
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it these tests say that they were not run."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield made
        made.close()


@pytest.fixture
def at_the_desk(chromium: Browser, desk: Served) -> Iterator[Callable[..., Page]]:
    """Return a page on which a person of the cast is signed in.

    At the end no request has left this machine and the browser has complained of nothing.
    """
    complaints: list[str] = []
    pages: list[Page] = []

    def _at_the_desk(user: str = "", *, width: int = 1440, script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=desk.url,
            java_script_enabled=script,
            locale="zh-TW",
            viewport={"width": width, "height": 900},
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: _foreign(request.url, complaints))
        page.on("console", lambda message: _worded(message, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        if user:
            sign_in(page, user, desk.password)
        return page

    yield _at_the_desk
    for page in pages:
        page.context.close()
    assert complaints == []


def sign_in(page: Page, user: str, password: str, *, at: str = "") -> None:
    """Sign in by the form, as a person does; `at` is the address of another desk."""
    page.goto(f"{at}/sign-in")
    page.fill("#user", user)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_selector("nav.nav, main h1")
    assert "/sign-in" not in page.url


def _foreign(url: str, complaints: list[str]) -> None:
    host = urlsplit(url).hostname or "127.0.0.1"
    if host != "127.0.0.1" and not host.endswith(".localhost"):
        complaints.append(url)


def _worded(message: Any, complaints: list[str]) -> None:
    told = message.text
    expected = told.startswith("Failed to load resource") and any(s in told for s in AS_WORDED)
    if message.type in {"error", "warning"} and not expected:
        complaints.append(told)


def _answers(url: str) -> None:
    ends = time.monotonic() + 30
    while True:
        try:
            with urlopen(url):  # noqa: S310  our own, on this machine
                return
        except (URLError, ConnectionError):
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)
