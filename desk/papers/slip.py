"""Slip (督辦單) as a paper: its frozen words, and the facts of the day of its release."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ledger.duties import duties
from ledger.people import agencies
from ledger.proof import chain
from tasks.deeds.evidence import required_labels
from tasks.in_force import in_force
from tasks.known_on import known_on

if TYPE_CHECKING:
    from catalog.duties.evidence_rules import Label
    from catalog.letters.line import Text
    from desk.web.visit import Visit
    from ledger.duties.duties import Duty
    from ledger.post.slips import SlipNotice

MARKS = re.compile(r"^(?:【[^】]*】)+")
PARTS = 4  # addressee, findings, demand and signature; then the foot


class Words(NamedTuple):
    """The words of a slip by part; a text of another shape is all in `findings`."""

    title: str
    marks: tuple[str, ...]
    to: str
    findings: tuple[str, ...]
    signed: tuple[str, ...]
    foot: tuple[str, ...]


class Facts(NamedTuple):
    """The duty at the slip's release; `code` verifies the history entry of the release."""

    duty: Duty
    plan: str
    says: str
    lead: str
    performer: str
    labels: tuple[Label, ...]
    code: str


def words(text: Text) -> Words:
    """Return the parts of a slip's text; only its first lines, the subject, are left out."""
    leading = MARKS.match(text.subject)
    marks = tuple(re.findall(r"【([^】]*)】", leading.group())) if leading else ()
    title = MARKS.sub("", text.subject)
    _, *parts = text.body.rstrip().split("\n\n")
    if len(parts) <= PARTS:
        return Words(title, marks, "", tuple(text.body.splitlines()), (), ())
    to, *middle, signed, foot = parts
    lines = tuple(line for part in middle for line in part.splitlines())
    below = tuple(line for line in foot.splitlines() if line.strip() != "--")
    return Words(title, marks, to.splitlines()[-1], lines, tuple(signed.splitlines()), below)


def facts(visit: Visit, slip: SlipNotice) -> Facts:
    """Return the facts of the duty as known on the day of release; for a draft, today."""
    on = slip.slip.released_on if slip.slip else visit.on
    with known_on(visit.ledger, on, visit.desk.clock) as conn:
        duty = duties.one(conn, slip.notice.duty)
        edition, names = in_force(conn, duty.plan), agencies.agencies_on(conn, on)
        return Facts(
            duty=duty,
            plan=edition.plan.title,
            says=edition.says(duty),
            lead=names[duty.lead].name,
            performer=names[duty.performer].name,
            labels=required_labels(edition, duty),
            code=_code(visit, slip),
        )


def _code(visit: Visit, slip: SlipNotice) -> str:
    """Return the first twelve digits of the hash of the entry that released the slip."""
    number = slip.slip.number if slip.slip else None
    with visit.read() as conn:
        entries = chain.entries(conn, subject=slip.notice.duty)
        releases = [
            e for e in entries if e.deed == "released" and e.payload.get("number") == number
        ]
    code = releases[-1].hash[:12].upper() if releases else ""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
