"""Pictures of the desk, as people of the demonstration's cast see it."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import NamedTuple

from catalog.plans.load import load_plan
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.demo import play
from tests.browser.conftest import PLAN, Served, free_port, serving, sign_in
from tests.browser.pictures.taking import chromium, save

UNTIL = dt.date(2014, 3, 14)


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


def live(home: Path) -> None:
    """Live the demonstration in `home` until the day of the pictures, and let its cast sign in."""
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        play.begin(ledger, load_plan(PLAN))
        play.play(ledger, PLAN, until=UNTIL, progress=lambda _: None)
        play.password(ledger, at=dt.datetime.combine(UNTIL, dt.time(2), tzinfo=dt.UTC))


def take() -> None:
    """Live the demonstration in a home of its own, serve it, and take every picture."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        live(home)
        with serving(home, free_port()) as desk:
            _take_each(desk)


def _take_each(desk: Served) -> None:
    with chromium() as browser:
        for picture in PICTURES:
            size = {"width": picture.width, "height": picture.height}
            context = browser.new_context(base_url=desk.url, locale="zh-TW", viewport=size)
            page = context.new_page()
            sign_in(page, picture.user, desk.password)
            answer = page.goto(picture.path)
            assert answer is not None, picture.path
            assert answer.ok, f"{picture.path}: {answer.status}"
            save(page, picture.name)
            context.close()
