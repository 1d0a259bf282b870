"""The cast of the demonstration: agencies that act by the same script every time."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.ladder.rungs import rung_of
from ledger.duties import duties, life
from ledger.people import users as ledger_users
from ledger.post import notices
from ledger.reports import readings
from tasks.act import Act
from tasks.deeds import answering, deciding, extending, raising, slips
from tasks.deeds.evidence import required_labels
from tasks.deeds.held_days import is_single_meeting
from tasks.deeds.readings import report_of
from tasks.demo.evidence import papers
from tasks.demo.figures import invented
from tasks.demo.localities import file_figures
from tasks.people import users
from tasks.post.contacts import Contact, reach
from tasks.tick import Counts

if TYPE_CHECKING:
    from catalog.dates.workdays import Workdays
    from catalog.plans.model import Plan
    from ledger.duties.duties import Duty
    from ledger.session import Ledger
    from tasks.in_force import InForce
    from tasks.post.contacts import Position
    from tasks.tick import Tick

Temper = Literal["prompt", "late", "silent"]
Trait = Literal["returned", "extended", "troubled", "plain"]

# Everybody else is prompt. Invented for the demonstration: it says nothing about the real agencies.
TEMPERS: dict[str, Temper] = {
    "zhaoqing": "silent",
    "foshan": "late",
    "jiangmen": "late",
    "economy": "late",
    "ports": "late",
}
TRAITS: tuple[Trait, ...] = ("returned", "extended", "troubled")  # one duty in ten each
POSITIONS: tuple[Position, ...] = ("officer", "head", "leader")
DECIDES = 2  # working days until the lead or the office decides
MENDS = 5  # working days until a returned submission is filed again
MONTH = dt.timedelta(days=30)


class Part(NamedTuple):
    """The script of one duty: the days its performer acts, and the trait that marks it."""

    signs_on: dt.date
    files_on: dt.date
    items: int
    trait: Trait = "plain"


def introduce(ledger: Ledger, plan: Plan, *, at: dt.datetime) -> None:
    """Give every position of the plan's agencies an address that leads nowhere (.invalid).

    An officer of each agency gets a login, and so do a reviewer and an administrator of the
    office.
    """
    agencies = [agency.id for agency in plan.agencies if agency.kind != "open-group"]
    addresses = [
        Contact(agency, position, "mail", f"{position}.{agency}@demo.invalid")
        for agency in agencies
        for position in POSITIONS
    ]
    watch = f"reviewer.{plan.office}@demo.invalid"
    addresses.append(Contact(plan.office, "reviewer", "mail", watch))
    reach(ledger, addresses, at=at, actor="demo")
    with ledger.read() as conn:
        existing = {user.id for user in ledger_users.listed(conn)}
    cast = [users.Newcomer(f"{agency}/officer", "(演示)經辦", agency) for agency in agencies]
    office = plan.office
    cast.append(users.Newcomer(f"{office}/reviewer", "(演示)核查", office, "reviewer"))
    cast.append(users.Newcomer(f"{office}/administrator", "(演示)管理", office, "administrator"))
    new = [person for person in cast if person.id not in existing]
    users.add(ledger, new, since=plan.issued_on, at=at, actor="demo")


def act(ledger: Ledger, edition: InForce, tick: Tick) -> Counts:
    """Let everyone act by their script up to the day of `tick`; nobody works on a day off."""
    counts = Counts()
    if not edition.workdays.is_workday(tick.on):
        return counts
    with ledger.read() as conn:
        running = [d for d in duties.listed(conn, plan=tick.plan) if _running(d)]
    for duty in running:
        script = part(duty, edition.workdays)
        if script is not None:
            counts.update(_Scene(ledger, edition, tick, duty, script).play())
    with ledger.read() as conn:
        drafts = notices.listed(conn, state="draft", plan=tick.plan)
    for draft in drafts:
        counts.update(_release(ledger, draft, edition, tick))
    return counts


def part(duty: Duty, workdays: Workdays) -> Part | None:
    """Return the script of `duty`, by its performer's temper and its key; None if silent."""
    temper = TEMPERS.get(duty.performer, "prompt")
    number = int(hashlib.sha256(duty.key.encode()).hexdigest()[:8], 16)
    spread, lot = number % 10, number // 10 % 10
    trait = TRAITS[lot] if lot < len(TRAITS) else "plain"
    needed = duty.quota_min or 0
    if temper == "silent":
        return None
    if temper == "late" or spread == 0:
        files_on = workdays.roll_forward(duty.due_on + dt.timedelta(3 + 2 * spread))
        return Part(workdays.add(duty.opens_on, 7), files_on, needed, trait)
    files_on = workdays.roll_back(duty.due_on - dt.timedelta(2 + spread))
    signs_on = workdays.add(duty.opens_on, 1 + spread % 3)
    return Part(signs_on, max(files_on, signs_on), needed, trait)


def _running(duty: Duty) -> bool:
    stops = (duty.closed_on, duty.waived_on, duty.suspended_on)
    return duty.opened_on is not None and not any(stops)


class _Scene:
    """One duty on one day, and the deeds of its performer, its lead and the office."""

    def __init__(
        self, ledger: Ledger, edition: InForce, tick: Tick, duty: Duty, script: Part
    ) -> None:
        self.ledger = ledger
        self.edition = edition
        self.tick = tick
        self.duty = duty
        self.script = script
        self.counts = Counts()

    def play(self) -> Counts:
        """Do what is missing up to this day; safe to repeat."""
        if self.duty.acknowledged_on is None and self.tick.on >= self.script.signs_on:
            answering.acknowledge(self.ledger, self.duty.key, self.by(self.duty.performer))
            self.counts["acknowledged"] += 1
        under_review = self.duty.filed_on is not None and self.duty.returned_on is None
        if under_review:
            self.judge()
        else:
            self.perform()
        return self.counts

    def by(self, agency: str) -> Act:
        return Act(f"{agency}/officer", self.tick.on, self.tick.at)

    def office(self) -> Act:
        return self.by(self.edition.plan.office)

    def past(self, day: dt.date | None, workdays: int) -> bool:
        """Tell whether so many working days have gone since `day`."""
        return day is not None and self.tick.on >= self.edition.workdays.add(day, workdays)

    def perform(self) -> None:
        """Deliver items, raise a problem, ask for an extension, and file on the day for it."""
        for _ in range(self.duty.delivered, self.items_by(self.tick.on)):
            title = f"(演示){self.duty.title}"
            act = self.by(self.duty.performer)
            held_on = min(self.tick.on, self.duty.covers_until or self.tick.on)
            answering.deliver_item(self.ledger, self.duty.key, act, title=title, held_on=held_on)
            self.counts["delivered"] += 1
        if self.script.trait == "troubled":
            self.trouble()
        if self.script.trait == "extended":
            self.extend()
        mended = self.past(self.duty.returned_on, MENDS)
        if self.tick.on >= self.script.files_on and (self.duty.returned_on is None or mended):
            self.file()

    def items_by(self, on: dt.date) -> int:
        """Return the items of the quota delivered by `on`, spread evenly until the filing."""
        if on >= self.script.files_on:
            return self.script.items
        span = (self.script.files_on - self.duty.opens_on).days
        return self.script.items * (on - self.duty.opens_on).days // span if span > 0 else 0

    def read(self) -> None:
        """Report the year's figure of a target, once."""
        plan, target, year = self.edition.plan, self.duty.obligation, int(self.duty.period)
        with self.ledger.read() as conn:
            reported = readings.listed(conn, plan.plan, target=target)
            if any(reading.duty == self.duty.key for reading in reported):
                return
        value = invented(plan, plan.target(target), year, self.duty.party)
        by, source = self.by(self.duty.performer), "(演示)年度統計"
        report_of(self.ledger, self.duty.key, by, value=value, source=source)
        self.counts["measured"] += 1

    def file(self) -> None:
        if self.duty.kind == "target":
            self.read()
        act = self.by(self.duty.performer)
        if file_figures(self.ledger, self.edition.plan, self.duty, act):
            self.counts["filed"] += 1
            return
        labels, title = required_labels(self.edition, self.duty), self.duty.title
        summary = f"(演示數據)已完成:{title}"
        with papers(self.ledger, labels, title, on=self.tick.on) as files:
            answering.file_submission(
                self.ledger,
                self.duty.key,
                act,
                summary=summary,
                held_on=self.met_on(),
                evidence=files,
            )
        self.counts["filed"] += 1

    def met_on(self) -> dt.date | None:
        """Return the day on which a meeting without a quota was held, in its period."""
        if not is_single_meeting(self.duty):
            return None
        return min(self.tick.on, self.duty.covers_until or self.tick.on)

    def trouble(self) -> None:
        """Raise one problem 20 working days after the opening; the office answers."""
        with self.ledger.read() as conn:
            raised = life.problems(conn, self.duty.key)
        if not raised and self.past(self.duty.opens_on, 20):
            text = "(演示)辦理所需的配套資金尚未落實,請協調。"
            raising.raise_problem(
                self.ledger, self.duty.key, self.by(self.duty.performer), text=text
            )
        elif raised and not raised[0].answered_on and self.past(raised[0].raised_on, DECIDES):
            text = "(演示)已商有關單位,請按原計劃推進。"
            raising.answer_problem(self.ledger, self.duty.key, self.office(), number=1, text=text)

    def extend(self) -> None:
        """Ask once for a month's extension, two weeks before the filing; the office grants it."""
        asks_on = self.script.files_on - dt.timedelta(days=14)
        with self.ledger.read() as conn:
            requests = life.extensions(conn, self.duty.key)
        if not requests and asks_on <= self.tick.on <= self.duty.due_on:
            reason = "(演示)需徵求有關單位意見,申請延期。"
            by, to = self.by(self.duty.performer), self.duty.due_on + MONTH
            extending.ask(self.ledger, self.duty.key, by, to=to, reason=reason)
        elif requests and requests[0].outcome is None and self.past(requests[0].asked_on, DECIDES):
            document = f"(演示)關於同意延期的函 演示〔{self.tick.on.year}〕1號"
            extending.grant(self.ledger, self.duty.key, self.office(), document=document)
            self.counts["extended"] += 1

    def judge(self) -> None:
        """Return a first submission, or accept it as the lead, or close the duty out."""
        key = self.duty.key
        if not self.past(self.duty.accepted_on or self.duty.filed_on, DECIDES):
            return
        if self.script.trait == "returned" and self.duty.filings == 1:
            reason = "(演示)材料不齊,請補充後重新報送。"
            deciding.give_back(self.ledger, key, self.office(), reason=reason)
            self.counts["returned"] += 1
        elif self.duty.lead != self.duty.performer and self.duty.accepted_on is None:
            deciding.accept(self.ledger, key, self.by(self.duty.lead))
            self.counts["accepted"] += 1
        else:
            deciding.close(self.ledger, key, self.office())
            self.counts["closed"] += 1


def _release(ledger: Ledger, draft: notices.Notice, edition: InForce, tick: Tick) -> Counts:
    """Release an amber slip the working day after it was drafted; red ones wait for a person."""
    rung = rung_of(edition.plan.ladder, draft.rung)
    if rung.light != "amber" or tick.on < edition.workdays.add(draft.on, 1):
        return Counts()
    slips.release(ledger, draft.id, Act(f"{edition.plan.office}/officer", tick.on, tick.at))
    return Counts(released=1)
