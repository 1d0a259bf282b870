"""Letters of a demonstration for people to look at: as text, as a page, and as pictures.

python -m tests.letters [FOLDER]     into FOLDER, letters/ by default
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from catalog.plans.load import load_plan
from catalog.wording import languages
from ledger.people.agencies import agencies_on
from ledger.post import messages, slips
from tasks.demo import play
from tasks.letters.composing import compose
from tasks.letters.content import content
from tasks.letters.duty_lines import duty_lines
from tasks.letters.page import slip_page
from tasks.letters.slip_words import words
from tests.browser.pictures.taking import chromium
from tests.databases import OnSqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.letters.line import DutyLine
    from ledger.post.messages import Message
    from ledger.session import Connection, Ledger

PLAN = "guangdong-2013"
FIRST = dt.date(2013, 8, 5)
UNTIL = dt.date(2014, 1, 24)  # past the slips for what was due on 2013-12-31
WIDTHS = (1440, 390)


class Sample(NamedTuple):
    """A letter in one language, as text and as a page."""

    name: str
    text: str
    html: str
    short: str


# The first letter of the year that fits is shown.
CHOICES: Mapping[str, Callable[[list[DutyLine]], bool]] = {
    "lead": lambda lines: any((line.part, line.ask) == ("lead", "follow-up") for line in lines),
    "participant": lambda lines: {line.part for line in lines} == {"participant"},
    "office": lambda lines: {"decide", "release"} <= {line.ask for line in lines},
    "returned": lambda lines: any(line.ask == "mend" for line in lines),
}


class Samples:
    """The samples met while a demonstration is lived."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.samples: dict[str, list[Sample]] = {}

    def look(self, on: dt.date) -> None:
        """Take the letters of day `on` that are wanted still."""
        with self.ledger.read() as conn:
            for message in messages.listed(conn, plan=PLAN):
                if message.on == on and message.channel == "mail" and message.form == "digest":
                    self._choose(conn, message, on)

    def _choose(self, conn: Connection, message: Message, on: dt.date) -> None:
        names, contents = agencies_on(conn, on).by_id, content(conn, [message])
        lines = duty_lines(conn, contents, names=names, on=on, lang="zh-Hant").lines
        for name, fits in CHOICES.items():
            if name not in self.samples and lines and fits(lines):
                self.take(conn, name, message, on)

    def first(self) -> None:
        """Take the first letter with the most duties."""
        with self.ledger.read() as conn:
            of_day = [m for m in messages.listed(conn, plan=PLAN) if m.on == FIRST]
            longest = max(of_day, key=lambda m: len(content(conn, [m]).notices))
            self.take(conn, "first", longest, FIRST)

    def slip(self) -> None:
        """Take the last slip that was released."""
        settings = self.ledger.settings
        with self.ledger.read() as conn:
            message = [m for m in messages.listed(conn, state="sent") if m.form == "slip"][-1]
            slip = slips.of_message(conn, message.id)
            assert slip is not None
            for lang in languages():
                text = words(conn, message, replace(settings, lang=lang), number=slip.number)
                body = f"{text.subject}\n\n{text.body}"
                sample = Sample(f"slip-{lang}", body, slip_page(text, language=lang), "")
                self.samples.setdefault("slip", []).append(sample)

    def take(self, conn: Connection, name: str, message: Message, on: dt.date) -> None:
        """Compose `message` in every language."""
        for lang in languages():
            settings = replace(self.ledger.settings, lang=lang)
            address = "somebody@example.gov.cn"
            letter = compose(
                conn, [message], settings, address=address, on=on, message_id=message.message_id
            ).letter
            assert letter is not None
            text = f"{letter.subject}\n\n{letter.body}"
            sample = Sample(f"{name}-{lang}", text, letter.html, letter.short)
            self.samples.setdefault(name, []).append(sample)


def write(samples: Samples, folder: Path) -> None:
    """Write each sample as .txt and .html, and a picture of it in each width."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for sample in [one for each in samples.samples.values() for one in each]:
            (folder / f"{sample.name}.txt").write_text(
                f"{sample.text}\n{sample.short}\n", encoding="utf-8"
            )
            file = folder / f"{sample.name}.html"
            file.write_text(sample.html, encoding="utf-8")
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": 800})
                page.goto(file.absolute().as_uri())
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{file.name} is {wide} wide at {width}"
                page.screenshot(path=folder / f"{sample.name}-{width}.png", full_page=True)
                page.close()


def main() -> None:
    """Live a demonstration, and write six of its letters in every language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("letters"))
    folder = parser.parse_args().folder
    plan = load_plan(PLAN)
    with tempfile.TemporaryDirectory() as home, OnSqlite().open(Path(home)) as ledger:
        samples = Samples(ledger)
        play.play_all(ledger, [plan], until=FIRST)
        samples.first()
        play.play_all(ledger, [plan], until=UNTIL, progress=samples.look)
        samples.slip()
        write(samples, folder)
    print(*sorted(samples.samples), sep="\n")


if __name__ == "__main__":
    main()
