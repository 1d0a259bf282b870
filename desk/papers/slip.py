"""A slip (督辦單) as a paper: its frozen words, and the facts of the day it was released."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ledger.duties import duties
from ledger.post import contacts
from ledger.proof import chain
from tasks.deeds.evidence import labels_wanted
from tasks.in_force import in_force
from tasks.past import known_on

if TYPE_CHECKING:
    from catalog.duties.evidence_rules import Label
    from catalog.ladder.texts import Text
    from desk.web.visit import Visit
    from ledger.duties.duties import Duty
    from ledger.post.slips import Entered

MARKS = re.compile(r"^(?:【[^】]*】)+")
PARTS = 4  # whom it goes to, what was found, what is asked for, and who signs; then the foot


class Words(NamedTuple):
    """What a slip says, part by part; a text of another shape is all in `found`."""

    title: str
    marks: tuple[str, ...]
    to: str
    found: tuple[str, ...]
    signed: tuple[str, ...]
    foot: tuple[str, ...]


class Facts(NamedTuple):
    """The duty as it stood when the slip was released; `code` verifies the entry of the release."""

    duty: Duty
    plan: str
    says: str
    lead: str
    performer: str
    labels: tuple[Label, ...]
    code: str


def words(text: Text) -> Words:
    """Return the parts of a slip's text; nothing is left out but its first lines, the subject."""
    found = MARKS.match(text.subject)
    marks = tuple(re.findall(r"【([^】]*)】", found.group())) if found else ()
    title = MARKS.sub("", text.subject)
    _, *parts = text.body.rstrip().split("\n\n")
    if len(parts) <= PARTS:
        return Words(title, marks, "", tuple(text.body.splitlines()), (), ())
    to, *said, signed, foot = parts
    lines = tuple(line for part in said for line in part.splitlines())
    below = tuple(line for line in foot.splitlines() if line.strip() != "--")
    return Words(title, marks, to.splitlines()[-1], lines, tuple(signed.splitlines()), below)


def facts(visit: Visit, slip: Entered) -> Facts:
    """Return what the paper tells of the duty: as known on the day of release, a draft's today."""
    on = slip.slip.released_on if slip.slip else visit.on
    with known_on(visit.ledger, on, visit.desk.clock) as conn:
        duty = duties.one(conn, slip.notice.duty)
        held, names = in_force(conn, duty.plan), contacts.agencies(conn)
        told = (held.plan.title, held.says(duty), names[duty.lead].name)
        performer, labels = names[duty.performer].name, labels_wanted(held, duty)
    return Facts(duty, *told, performer, labels, _code(visit, slip))


def _code(visit: Visit, slip: Entered) -> str:
    """Return the first twelve digits of the hash of the entry that released it."""
    number = slip.slip.number if slip.slip else None
    with visit.read() as conn:
        told = chain.entries(conn, subject=slip.notice.duty)
        mine = [e for e in told if e.deed == "released" and e.payload.get("number") == number]
    code = mine[-1].hash[:12].upper() if mine else ""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
