"""The year 2014 as lived by five bodies of the demonstration, written into docs/year-2014.md.

python -m tests.year [--home FOLDER]     with FOLDER, of a demonstration lived there already
"""

from __future__ import annotations

import argparse
import datetime as dt
import email
import re
import tempfile
from collections import defaultdict
from email import policy
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.workdays import load_workdays
from catalog.plans.load import load_plan
from catalog.wording import texts
from ledger.duties import duties
from ledger.proof import chain
from tasks.demo import play
from tests.databases import OnSqlite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.proof.chain import Entry
    from ledger.session import Ledger

PAGE = Path(__file__).parents[1] / "docs" / "year-2014.md"
PLAN = load_plan("guangdong-2013")
BODIES = ("office", "wjmt", "dongguan", "zhaoqing", "statistics")
SINCE, UNTIL = dt.date(2014, 1, 1), dt.date(2015, 4, 30)
NAMED = 6  # subjects that a cell names
LANGUAGE = "zh-Hant"
# Rows of an item that tell of the duty and ask for nothing.
ASIDE = r"(https?://|■|共\d+項，|當年放假|計劃外交辦事項|(文件原文|依據|交辦依據|牽頭單位|時限|已報情況)[：（])"
HEAD = """# The year 2014 as lived

Five bodies of the demonstration, day by day: the words of their letters, and their own deeds. The
figures of 2014 are reported and evaluated early in 2015, so the calendar goes on to {until}. A day
in italics is a rest day. `make year` writes this page from a demonstration lived to that day.

| body | letters | items in them | deeds |
|---|---:|---:|---:|
"""


class Item(NamedTuple):
    """One item of a letter: its sentence, and its subject."""

    sentence: str
    subject: str


class Day(NamedTuple):
    """One day of a body: the letters by position, each with its items, and its own deeds."""

    letters: list[tuple[str, list[Item]]]
    deeds: list[Item]


def calendar(ledger: Ledger) -> str:
    """Return the page of a lived demonstration."""
    days = {body: _days(ledger, body) for body in BODIES}
    rows = [_total(body, of_body) for body, of_body in days.items()]
    head = HEAD.format(until=UNTIL) + "".join(rows)
    return head + "".join(_section(body, of_body) for body, of_body in days.items())


def _days(ledger: Ledger, body: str) -> dict[dt.date, Day]:
    days: dict[dt.date, Day] = defaultdict(lambda: Day([], []))
    for on, position, items in _letters(ledger.settings.home / "outbox", body):
        days[on].letters.append((position, items))
    with ledger.read() as conn:
        titles = {duty.key: duty.title for duty in duties.listed(conn, plan=PLAN.plan)}
        own = [e for e in chain.entries(conn) if e.actor.partition("/")[0] == body]
    for entry in own:
        on = dt.date.fromisoformat(entry.at[:10])
        if SINCE <= on <= UNTIL:
            days[on].deeds.append(_deed(entry, titles))
    return dict(sorted(days.items()))


def _deed(entry: Entry, titles: dict[str, str]) -> Item:
    words = texts(LANGUAGE)
    keys = (f"{place}.{entry.deed}" for place in ("deeds.entry", "audit.told"))
    name = next((words[key] for key in keys if key in words), entry.deed)
    return Item(name, titles.get(entry.subject, ""))


def _letters(outbox: Path, body: str) -> Iterator[tuple[dt.date, str, list[Item]]]:
    """Yield the letters to any position of the body: day, position and items."""
    for file in sorted(outbox.glob("201[45]-*/*.eml")):
        on = dt.date.fromisoformat(file.parent.name)
        if not SINCE <= on <= UNTIL:
            continue
        letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        position, _, agency = str(letter["To"]).partition("@")[0].partition(".")
        if agency == body and position != "reviewer":  # who is sent an anchor every day
            content = letter.get_body(("plain",))
            assert content is not None
            yield on, position, items_of(str(letter["Subject"]), content.get_content())


def items_of(subject: str, text: str) -> list[Item]:
    """Return the items of a letter; a slip is one, under its subject."""
    _, *groups = text.replace("\r\n", "\n").split("\n-- ", maxsplit=1)[0].split("\n■ ")
    if not groups:
        return [Item("", subject.replace("【演示數據】", ""))]
    return [item for group in groups for item in _of_group(group)]


def _of_group(group: str) -> Iterator[Item]:
    """Yield the items of a group; one without a sentence of its own has the group's heading."""
    heading, *blocks = re.split(r"\n(?=\d+\. )", group)
    for block in blocks:
        item = _item(block.strip().splitlines())
        yield item if item.sentence else Item(heading.partition("（")[0], item.subject)


def _item(lines: list[str]) -> Item:
    title = re.sub(r"^\d+\. (【..】)?", "", lines[0])
    rows = [line.strip() for line in lines[1:]]
    sentence = "".join(row for row in rows if not re.match(ASIDE, row))
    return Item(re.sub(r"說明：\(演示數據\).*", "", sentence), title)


def _total(body: str, days: dict[dt.date, Day]) -> str:
    letters = [letter for day in days.values() for letter in day.letters]
    items = sum(len(each) for _, each in letters)
    deeds = sum(len(day.deeds) for day in days.values())
    return f"| {PLAN.agency(body).name} | {len(letters)} | {items} | {deeds} |\n"


def _section(body: str, days: dict[dt.date, Day]) -> str:
    workdays = load_workdays(PLAN.workdays)
    head = f"\n## {PLAN.agency(body).name}\n\n| day | asked and told | did |\n|---|---|---|\n"
    rows = []
    for on, day in days.items():
        name = on.isoformat() if workdays.is_workday(on) else f"*{on.isoformat()}*"
        words = "<br>".join(
            ("" if position == "officer" else f"({position}) ") + grouped(items)
            for position, items in day.letters
        )
        rows.append(f"| {name} | {words} | {grouped(day.deeds)} |\n")
    return head + "".join(rows)


def grouped(items: Sequence[Item]) -> str:
    """Return the items in a cell, those of one sentence together."""
    groups: dict[str, list[str]] = defaultdict(list)
    for item in items:
        groups[item.sentence].append(item.subject)
    return "<br>".join(_group(sentence, subjects) for sentence, subjects in groups.items())


def _group(sentence: str, subjects: list[str]) -> str:
    names = list(dict.fromkeys(subject for subject in subjects if subject))
    more = f" 等{len(subjects)}項" if len(subjects) > min(len(names), NAMED) else ""
    text = "；".join(names[:NAMED]) + more
    return (f"{sentence} — {text}" if sentence and text else sentence or text).replace("|", "\\|")


def main() -> None:
    """Write the page of the demonstration in --home, or of one lived for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    home = parser.parse_args().home
    with tempfile.TemporaryDirectory() as folder, OnSqlite().open(home or Path(folder)) as lived:
        if home is None:
            play.play_all(lived, [PLAN], until=UNTIL)
        PAGE.write_text(calendar(lived), encoding="utf-8")


if __name__ == "__main__":
    main()
