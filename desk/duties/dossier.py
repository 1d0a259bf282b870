"""Dossier of one duty: everything its page shows, and the deeds it offers."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.duties import adhoc, quota
from catalog.duties.evidence_rules import missing
from catalog.duties.silence import is_unreported
from catalog.duties.standing import REVIEW, RUNNING, standing
from catalog.wording import say, say_count
from desk.access import visibility
from desk.duties.forms import FORMS
from desk.papers.preparation import PAPERS
from desk.proof.journal import JournalLine, journal_lines
from ledger.duties import assignments, conditions, duties, life, meetings, preparations, words
from ledger.people import agencies, users
from ledger.post import contacts, notices, slips
from ledger.proof import evidence, journal
from ledger.reports import granted_and_released
from tasks.deeds.evidence import proved_by, required_labels
from tasks.deeds.frame import allowed
from tasks.in_force import in_force
from tasks.meetings.attendance import Attendance, attendance, counts, is_ahead
from tasks.meetings.days import when
from tasks.shares import share_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from catalog.duties.evidence_rules import Label
    from catalog.duties.standing import Standing
    from catalog.letters.inquiry import Word
    from catalog.offices.agency_names import AgencyNames
    from catalog.plans.contents import Measure
    from desk.web.visit import Visit
    from ledger.duties.duties import Duty
    from ledger.proof import chain
    from ledger.session import Connection

    Say = Callable[[list[chain.Entry]], list[JournalLine]]

# The deeds offered first where allowed, in order; the page lists all others below.
FIRST = ("acknowledge", "accept", "close", "grant-extension", "resume", "deliver-item")
PRESSING = frozenset({"due-soon", "overdue", "returned"})
ENTRIES = 50  # of the history, a page
SHEET = 200  # the same on paper
UNREACHED = 6
NEWEST = 100  # rows of each noun that a page can show
SISTERS = 24
PLANNED = frozenset({"meeting", "event"})  # kinds of duties that are planned for a day


class Record(NamedTuple):
    """One page of the entries about a duty, the last first; `total` is the number of all."""

    lines: list[JournalLine]
    total: int
    page: int
    pages: int


class Step(NamedTuple):
    """One step of a duty's life: done on a day, due now, to do, or left out (`passed`)."""

    name: str
    state: Literal["done", "now", "todo", "passed"]
    on: dt.date | None


class Dossier(NamedTuple):
    """One duty with all that belongs to it.

    `word` is the last one on the work, `unreported` tells whether it was asked for and is missing.
    `agencies` and `people` are names by id, of agencies those of the duty's end or of today, as
    `register` has them for every day; `labels` are the kinds of evidence a filing needs,
    `wanting` those still missing; `undocumented` are former due dates of the plan's own that no
    document moved; `extends_to` is the last day that an extension reaches without a document;
    `reason` says why the office chose the date; `missing` and `expected` count the items of a
    quota. `decisions` are those of a meeting, `held_on` is its last day, `planning` its next one
    (in words: `planned`) with the `attendance` of all who are invited; `others` are the agencies
    without a part in the duty, which may be invited too. `share` is the party's
    share of a reading's year, `figures` the page on which figures that prove the duty are recorded;
    one that `evaluates` is the yearly report on the evaluation of the localities.
    """

    duty: Duty
    standing: Standing
    measure: Measure
    says: str
    reason: str
    self_supervised: bool
    extends_to: dt.date
    labels: tuple[Label, ...]
    wanting: tuple[Label, ...]
    agencies: Mapping[str, str]
    register: AgencyNames[contacts.Agency]
    people: Mapping[str, str]
    slips: list[slips.SlipNotice]
    unreached: list[notices.Notice]
    items: list[duties.Item]
    filings: list[life.Submission]
    evidence: list[life.Evidence]
    extensions: list[life.Extension]
    problems: list[life.Problem]
    remarks: list[life.Remark]
    due_dates: list[life.DueDate]
    undocumented: list[dt.date]
    sisters: list[Duty]
    decisions: list[Duty]
    held_on: dt.date | None
    planning: meetings.Planning | None
    planned: str
    attendance: list[Attendance]
    others: list[tuple[str, str]]
    recent: list[JournalLine]
    record: Record
    prepared: preparations.Preparation | None
    allowed: frozenset[str]
    missing: int
    expected: int
    word: Word | None
    unreported: bool
    share: str = ""
    figures: Literal["", "shares", "indicators"] = ""
    evaluates: bool = False

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers of the preparation."""
        return PAPERS[self.prepared.kind] if self.prepared else ()

    @property
    def comes(self) -> Mapping[str, int]:
        """How many come to the meeting, may come, do not come, and have not said."""
        return counts(self.attendance)

    @property
    def claim(self) -> life.Submission | None:
        """The filing under review, where it states a day of doing before that of filing."""
        filing = self.filings[-1] if self.standing.status in REVIEW else None
        return filing if filing and filing.done_on not in {None, filing.filed_on} else None

    @property
    def first(self) -> str:
        """The deed offered first, empty when there is none."""
        return _first(self.duty, self.standing, self.allowed)

    @property
    def steps(self) -> list[Step]:
        """The steps of the duty's life, in order."""
        return _steps(self.duty)


def dossier(
    conn: Connection, visit: Visit, key: str, page: int = 1, *, size: int = ENTRIES
) -> Dossier:
    """Return the dossier of duty `key` for the visitor; NotFoundError when they may not see it.

    It has the newest rows of each noun, and one `page` of the history.
    """
    duty = visibility.duty_of(conn, visit.actor, key)
    edition = in_force(conn, duty.plan)
    labels, least = required_labels(edition, duty), duty.quota_min or 0
    register = agencies.agencies_on(conn, visit.on)
    labels = () if proved_by(edition.plan, duty) else labels
    people, me, own = users.listed(conn), visit.actor, conditions.of_keys([key])
    planning = meetings.planning(conn, key) if is_ahead(duty) else None
    say_entries = functools.partial(journal_lines, users=people, agencies=register)
    return Dossier(
        duty=duty,
        standing=standing(duties.facts(duty), visit.on),
        measure=edition.measure_of(duty),
        says=edition.says(duty),
        reason=edition.obligation_of(duty).reason or "",
        self_supervised=edition.self_supervised(duty),
        extends_to=edition.extends_to(duty),
        labels=labels,
        wanting=missing(labels, evidence.other_labels(conn, key)),
        agencies=register.of(duty).by_id,
        register=register,
        people={user.id: user.name for user in people},
        slips=_slips(conn, visit, key),
        unreached=notices.unreached(conn, key, limit=UNREACHED),
        items=duties.items(conn, key, newest=NEWEST),
        filings=life.submissions(conn, key, newest=NEWEST),
        evidence=life.evidence(conn, key),
        extensions=life.extensions(conn, key, newest=NEWEST),
        problems=life.problems(conn, key, newest=NEWEST),
        remarks=life.remarks(conn, key, newest=NEWEST),
        due_dates=life.due_dates(conn, key, newest=NEWEST),
        undocumented=granted_and_released.undocumented(conn, own).get(key, []),
        sisters=_sisters(conn, visit, duty),
        decisions=_decisions(conn, visit, duty),
        held_on=meetings.held_on(conn, duty) if duty.kind == "meeting" else None,
        planning=planning,
        planned=when(visit.lang, planning) if planning else "",
        attendance=attendance(conn, duty, planning, on=visit.on) if planning else [],
        others=_others(register, duty),
        recent=_last(conn, key, ENTRIES, say=say_entries),
        record=_record(conn, key, page, size, say=say_entries),
        prepared=preparations.of(conn, key) if visibility.answers_for(me, duty) else None,
        allowed=_offer(duty, allowed(conn, duty, visit.act, actors=me.users, office=me.office)),
        missing=quota.shortfall(least, duty.delivered),
        expected=quota.expected(least, *duties.facts(duty).paced, today=visit.on),
        word=words.last(conn, [key]).get(key),
        unreported=is_unreported(duties.facts(duty), visit.on),
        share=share_of(conn, edition.plan, duty),
        figures=proved_by(edition.plan, duty),
        evaluates=edition.plan.tells_evaluation(duty.obligation)
        and duty.period.isdecimal()
        and visibility.answers_for(me, duty),
    )


def _others(register: AgencyNames[contacts.Agency], duty: Duty) -> list[tuple[str, str]]:
    """Return id and name of the agencies without a part in a duty that may have more of them."""
    if duty.kind not in PLANNED and duty.measure != adhoc.MEASURE:
        return []
    own = {duty.lead, duty.performer, *duty.participants}
    every = [a for a in register.values() if a.kind != "open-group" and a.id not in own]
    return [(agency.id, agency.name) for agency in every]


def _record(conn: Connection, key: str, page: int, size: int, *, say: Say) -> Record:
    total = journal.count(conn, *journal.about(key))
    pages = max(-(-total // size), 1)
    page = min(page, pages)
    return Record(_last(conn, key, size, (page - 1) * size, say=say), total, page, pages)


def _last(
    conn: Connection, key: str, limit: int, offset: int = 0, *, say: Say
) -> list[JournalLine]:
    """Return the lines of a part of the entries about the duty, the last first."""
    return say(journal.chosen(conn, *journal.about(key), limit=limit, offset=offset)[::-1])


def countdown(visit: Visit, duty: Duty) -> str:
    """Return the words beside the light of `duty`: days left once acknowledged, else its status."""
    now = standing(duties.facts(duty), visit.on)
    word = say(visit.lang, f"status.{now.status}")
    if now.status not in RUNNING or now.status == "awaiting-receipt":
        return word
    days = (duty.due_on - visit.on).days
    remaining = say(visit.lang, "duty.today")
    if days:
        remaining = say_count(visit.lang, "duty.late" if days < 0 else "duty.left", abs(days))
    return f"{word} · {remaining}" if now.status in {"returned", "behind-pace"} else remaining


def _slips(conn: Connection, visit: Visit, key: str) -> list[slips.SlipNotice]:
    """Return the released slips of the duty; the office sees its drafts, too."""
    every = slips.listed(conn, duty=key)
    return [each for each in every if each.slip or visit.actor.kind == "office"]


def _sisters(conn: Connection, visit: Visit, duty: Duty) -> list[Duty]:
    """Return the other duties of the same obligation: of its parties, else of its periods."""
    period = None if duty.party is None else duty.period
    same = conditions.of(plan=duty.plan, obligation=duty.obligation, period=period)
    others = same & ~conditions.of_keys([duty.key])
    return visibility.duties_of(
        conn, visit.actor, others, order=["due_on", "performer"], limit=SISTERS
    )


def _decisions(conn: Connection, visit: Visit, duty: Duty) -> list[Duty]:
    """Return the duties that a meeting decided, as far as the visitor sees them."""
    if duty.kind != "meeting":
        return []
    decided = assignments.decided_in(duty.key)
    return visibility.duties_of(conn, visit.actor, decided, order=["due_on"], limit=NEWEST)


def _offer(duty: Duty, deeds: frozenset[str]) -> frozenset[str]:
    """Return the deeds that have a form here: no slips, and readings of targets only."""
    idle = frozenset() if duty.kind == "target" else {"report-reading"}
    return (deeds & FORMS.keys()) - idle


def _first(duty: Duty, now: Standing, offered: frozenset[str]) -> str:
    order = [deed for deed in FIRST if deed != "deliver-item" or _lacks(duty)]
    if duty.refused_on:
        order.append("reassign")
    order += ["report-reading"] if duty.acknowledged_on and not duty.filings else []
    order += ["file", "progress"] if now.status in PRESSING else ["progress", "file"]
    order.append("answer-meeting")  # those who are invited and have no more to do
    return next((deed for deed in order if deed in offered), "")


def _lacks(duty: Duty) -> bool:
    return duty.delivered < (duty.quota_min or 0)


def _steps(duty: Duty) -> list[Step]:
    """Return the steps of a duty; a step left out is `passed`, at most one is `now`."""
    ended = duty.closed_on or duty.waived_on
    days: dict[str, dt.date | None] = {
        "issued": duty.opened_on,
        "acknowledged": duty.acknowledged_on,
        "filed": None if duty.returned_on else duty.filed_on,
        "accepted": duty.accepted_on,
        "closed": duty.closed_on if duty.closed_as == "done" else None,
    }
    if duty.lead == duty.performer:
        del days["accepted"]
    if ended and not days["closed"]:
        del days["closed"]
        days["waived" if duty.waived_on else "not-done"] = ended
    last = max((place for place, on in enumerate(days.values()) if on), default=-1)
    return [
        Step(name, "done" if on else _open_state(place, last), on)
        for place, (name, on) in enumerate(days.items())
    ]


def _open_state(place: int, last: int) -> Literal["now", "todo", "passed"]:
    if place < last:
        return "passed"
    return "now" if place == last + 1 else "todo"
