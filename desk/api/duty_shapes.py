"""Shapes of the answers under `/api/`, for its description.

The documents (duty, notice, target, plan, entry, verdict) are made by the same functions as on
the command line; these models check their names and types.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict

from catalog.duties.standing import Light, Status  # noqa: TC001  pydantic reads it
from ledger.duties import life
from ledger.duties.duties import DutyBase, Item
from ledger.proof import samples


class Shape(BaseModel):
    """Base of an answer's parts; it allows no other fields."""

    model_config = ConfigDict(extra="forbid")


class Refused(Shape):
    """The reason of a refused request (RFC 9457)."""

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
    """A page of duties on day `on`, and their total `count`."""

    on: dt.date
    count: int
    duties: list[Duty]


class Notice(Shape):
    """One rung or event sent to one position by one channel, and its state."""

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
    """A page of notices, and their total `count`."""

    count: int
    notices: list[Notice]


class Slip(Notice):
    """A slip; number and release are null while it is a draft."""

    number: str | None
    released_on: dt.date | None
    released_by: str | None


class SlipInWords(Slip):
    """A slip with its text."""

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
    """A page of the whole history, the last entry first, and the total `count`."""

    count: int
    entries: list[Entry]


class Life(Shape):
    """Everything that happened to a duty."""

    items: list[Item]
    submissions: list[life.Submission]
    evidence: list[life.Evidence]
    extensions: list[life.Extension]
    problems: list[life.Problem]
    remarks: list[life.Remark]
    plannings: list[life.Planning]
    meeting_answers: list[life.MeetingAnswer]
    due_dates: list[life.DueDate]


class Fault(Shape):
    """Something that differs from its record."""

    seq: int | None
    what: str


class Verification(Shape):
    """The result of verifying the whole history."""

    entries: int
    head: str
    anchors: int
    ok: bool
    faults: list[Fault]


class Finding(Shape):
    """An auditor's finding on one item of a sample."""

    seq: int
    at: str
    actor: str
    item: str
    finding: samples.Verdict
    text: str


class SampleItem(Shape):
    """One item of a sample, its duty, and the finding on it."""

    item: str
    duty: str
    finding: Finding | None


class Sample(Shape):
    """A sample that anybody can draw again; `seq` is the number of its entry."""

    seq: int
    at: str
    actor: str
    of: samples.Noun
    seed: str
    population: int
    digest: str
    drawn: list[SampleItem]
