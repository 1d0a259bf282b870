"""The letters of a lived demonstration, each judged by the history as it stood when it left.

python -m tests.letters_as_sent [--until DAY] [--home FOLDER]   with FOLDER, of one lived already

The judge knows nothing of how letters are written: it reads the files of the outbox and follows the
entries of the history, in their order.
"""

from __future__ import annotations

import argparse
import datetime as dt
import email
import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from email import policy
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.workdays import load_workdays
from catalog.letters.kinds import KINDS
from catalog.letters.layout import MOST_LINES
from catalog.plans.load import load_plan
from catalog.wording import say
from ledger.duties import duties
from ledger.post import letters
from ledger.proof import chain
from tasks.demo import play
from tasks.letters.letter_format import Letter
from tasks.post.channels.limits import LIMITS, fitted, size
from tests.databases import OnSqlite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from email.message import EmailMessage

    from ledger.proof.chain import Entry
    from ledger.session import Ledger

PLAN = load_plan("guangdong-2013")
UNTIL = dt.date(2014, 8, 4)
LANGUAGE = "zh-Hant"
COMMAND = re.compile(r"\bduban +[a-z-]+", re.ASCII)
ITEM = re.compile(r"^\d+\. ", re.MULTILINE)
KEY = re.compile(r"/duty/(\S+)")

PERFORMS = {"mend", "late", "deliver", "file", "unsigned", "sign", "report"}
FOR_THE_OFFICE = {"release", "decide"}
ENDS = {"closed", "closed-not-done", "waived"}


class Item(NamedTuple):
    """One item of a letter: the kind of its group, and the duty it links to, "" for several."""

    kind: str
    key: str


@dataclass
class State:
    """What the entries so far say of one duty; its performer is "" where they do not say."""

    performer: str
    lead: str
    is_signed: bool = False
    is_filed: bool = False
    is_returned: bool = False
    is_over: bool = False

    def take(self, entry: Entry) -> None:
        """Follow one entry about the duty."""
        match entry.deed:
            case "acknowledged":
                self.is_signed = True
            case "filed":
                self.is_filed, self.is_returned = True, False
            case "returned":
                self.is_filed, self.is_returned = False, True
            case "reassigned":
                self.performer, self.is_signed = entry.payload["to"], False
            case deed if deed in ENDS:
                self.is_over = True

    def fault(self, kind: str, agency: str, office: str) -> str:
        """Return why an item of `kind` is untrue or not for `agency`, "" where it is neither."""
        others = {"accept", "follow-up"}
        asks = {*PERFORMS, *FOR_THE_OFFICE, *others, "support"}
        faults = {
            "is for another to do": kind in PERFORMS and agency != (self.performer or agency),
            "is for the office to decide": kind in FOR_THE_OFFICE and agency != office,
            "is for the lead": kind in others and agency not in {self.lead, office},
            "is over": kind in asks and self.is_over,
            "is filed": kind in {*PERFORMS, "follow-up"} and self.is_filed,
            "has no filing": kind == "accept" and not self.is_filed,
            "was not returned": kind == "mend" and not self.is_returned,
            "is signed for": kind in {"sign", "unsigned"} and self.is_signed,
        }
        return next((fault for fault, holds in faults.items() if holds), "")


@dataclass
class Report:
    """Figures of the letters, and their faults in words."""

    figures: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def judged(ledger: Ledger) -> Report:
    """Return the report on every letter that was sent."""
    files = dict(_files(ledger.settings.home / "outbox"))
    report, digests = Report(), Counter[tuple[str, dt.date]]()
    with ledger.read() as conn:
        held = {duty.key: State(duty.performer, duty.lead) for duty in duties.listed(conn)}
        for entry in chain.entries(conn):
            if entry.deed == "reassigned":  # until then it was another
                held[entry.subject].performer = ""
        sent = {letter.id: letter for letter in letters.listed(conn, state="sent")}
        for entry in chain.entries(conn):
            if entry.subject in held:
                held[entry.subject].take(entry)
            elif entry.deed == "sent":
                letter = sent[entry.subject]
                on, mail = files[letter.message_id]
                digests[letter.address, on] += letter.form == "digest"
                _judge(report, held, mail, on, form=letter.form)
    twice = [each for each, number in digests.items() if number > 1]
    report.faults += [f"{on}: two letters to {address}" for address, on in twice]
    return report


def _files(outbox: Path) -> Iterator[tuple[str, tuple[dt.date, EmailMessage]]]:
    for file in outbox.glob("*/*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        yield str(mail["Message-ID"]), (dt.date.fromisoformat(file.parent.name), mail)


def _judge(
    report: Report, held: Mapping[str, State], mail: EmailMessage, on: dt.date, *, form: str
) -> None:
    to, subject = str(mail["To"]), str(mail["Subject"])
    agency = to.partition("@")[0].partition(".")[2]
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    items = list(items_of(text)) if form == "digest" else []
    report.figures.update({"letters": 1, f"of them {form}s": 1, "items": len(items)})
    report.figures["rows"] += text.count("\n")
    where = f"{on} to {to} ({subject})"
    if form == "digest" and not load_workdays(PLAN.workdays).is_workday(on):
        report.faults.append(f"{where}: leaves on a rest day")
    if any(COMMAND.search(part) for part in _texts(mail)):
        report.faults.append(f"{where}: tells a command")
    if len(items) > MOST_LINES:
        report.faults.append(f"{where}: {len(items)} items")
    report.faults += [
        f"{where}: too long for {kind}" for kind in _too_long_for(mail, subject, text)
    ]
    keys = Counter(item.key for item in items if item.key)
    report.faults += [f"{where}: {key} twice" for key, number in keys.items() if number > 1]
    for kind, key in items:
        if key and (fault := held[key].fault(kind, agency, PLAN.office)):
            report.faults.append(f"{where}: {kind} {key} {fault}")


def items_of(text: str) -> Iterator[Item]:
    """Yield the items of a letter's text, each under the heading of its group."""
    kinds = {say(LANGUAGE, f"ask.{kind}"): kind for kind in KINDS}
    for group in text.split("\n-- ", maxsplit=1)[0].split("\n■ ")[1:]:
        heading, _, rest = group.partition("\n")
        kind = next((kinds[words] for words in kinds if heading.startswith(words + "（")), "news")
        for item in ITEM.split(rest)[1:]:
            key = KEY.search(item)
            yield Item(kind, key[1] if key else "")


def _texts(mail: EmailMessage) -> Iterator[str]:
    yield str(mail["Subject"])
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            yield part.get_content()


def _too_long_for(mail: EmailMessage, subject: str, text: str) -> Iterator[str]:
    """Yield the kinds of channels whose one post would not take the letter."""
    letter = Letter(
        message_id=str(mail["Message-ID"]),
        sender=str(mail["From"]),
        to=str(mail["To"]),
        subject=subject,
        body=text,
        date=dt.datetime(2014, 1, 1, tzinfo=dt.UTC),
    )
    for kind, limit in LIMITS.items():
        post = "\n".join(filter(None, fitted(letter, limit)))
        if not post or (limit.size is not None and size(post, limit.unit) > limit.size):
            yield kind


def main() -> None:
    """Print the figures and faults of the demonstration in --home, or of one lived for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--until", type=dt.date.fromisoformat, default=UNTIL)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as new, OnSqlite().open(options.home or Path(new)) as ledger:
        if options.home is None:
            play.play_all(ledger, [PLAN], until=options.until)
        report = judged(ledger)
    for name, number in report.figures.items():
        print(f"{number:6} {name}")
    print(*report.faults, f"{len(report.faults)} faults", sep="\n")
    sys.exit(bool(report.faults))


if __name__ == "__main__":
    main()
