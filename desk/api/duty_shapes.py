"""The shapes of the answers under `/api/`, as its description tells them.

The shapes of the contract (duty, notice, target, plan, entry, verdict) are made by the functions
the command line uses; these models hold them to their names and types.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict

from catalog.duties.standing import Light, Status  # noqa: TC001
from ledger.duties import life
from ledger.duties.duties import DutyBase, Item
from ledger.proof import samples


class Shape(BaseModel):
    """What an answer is made of; nothing else is in it."""

    model_config = ConfigDict(extra="forbid")


class Refused(Shape):
    """Why a request was refused (RFC 9457)."""

    type: str
    status: int
    title: str
    detail: str


class Duty(DutyBase):
    """A duty with its standing today."""

    status: Status
    light: Light
    provisional: bool


class Duties(Shape):
    """A page of duties, and how many there are of them on `on`."""

    on: dt.date
    count: int
    duties: list[Duty]


class Notice(Shape):
    """One rung or event told to one position by one channel, and what became of it."""

    id: str
    on: dt.date
    rung: str
    key: str
    due_version: int
    to: str
    position: str
    channel: str
    form: str
    message: str
    coalesced: list[str]
    state: str
    reason: str | None


class Notices(Shape):
    """A page of notices, and how many there are."""

    count: int
    notices: list[Notice]


class Slip(Notice):
    """A slip; number and release are null while it is a draft."""

    number: str | None
    released_on: dt.date | None
    released_by: str | None


class SlipInWords(Slip):
    """A slip with what it says."""

    subject: str
    body: str


class Entry(Shape):
    """An entry of the history; `hash` binds it to the one before."""

    seq: int
    at: str
    actor: str
    deed: str
    subject: str
    payload: dict[str, Any]
    prev: str
    hash: str


class History(Shape):
    """A page of the whole history, the last entry first, and how many there are."""

    count: int
    entries: list[Entry]


class Life(Shape):
    """All that has happened to a duty."""

    items: list[Item]
    submissions: list[life.Submission]
    evidence: list[life.Evidence]
    extensions: list[life.Extension]
    problems: list[life.Problem]
    remarks: list[life.Remark]
    due_dates: list[life.DueDate]


class Fault(Shape):
    """Something that is not as it was recorded."""

    seq: int | None
    what: str


class Verification(Shape):
    """What walking the whole history found."""

    entries: int
    head: str
    anchors: int
    ok: bool
    faults: list[Fault]


class Finding(Shape):
    """What an auditor says of one thing drawn."""

    seq: int
    at: str
    actor: str
    item: str
    finding: samples.Verdict
    text: str


class Drawn(Shape):
    """One thing drawn, the duty it belongs to, and what was found of it."""

    item: str
    duty: str
    finding: Finding | None


class Sample(Shape):
    """A drawing that anybody can draw again; `seq` is the number of its entry."""

    seq: int
    at: str
    actor: str
    of: samples.Noun
    seed: str
    population: int
    digest: str
    drawn: list[Drawn]
