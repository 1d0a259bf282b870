"""Shapes of plans, targets and agencies under `/api/`; see desk.api.duty_shapes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from catalog.dates.recurrence import Recurs
from catalog.plans.contents import AgencyKind, Basis, FirstPart, Kind, RollUp
from catalog.plans.trajectory import Verdict
from desk.api.duty_shapes import Shape
from ledger.plans.editions import EditionBase
from ledger.post import contacts


class Succession(Shape):
    """The change of an agency on a day, and the document that ordered it."""

    kind: str
    on: dt.date
    successor: str | None
    document: str
    former_name: str


class Agency(contacts.Agency):
    """A registered agency."""

    became: list[Succession]


class Contacts(Shape):
    """The addresses of an agency's positions, by channel."""

    agency: str
    officer: dict[str, str]
    head: dict[str, str]
    leader: dict[str, str]


class Baseline(Shape):
    """The value of an indicator before the plan."""

    value: int | float
    on: dt.date


class Reading(Shape):
    """A figure reported for a year; the last one of a year counts."""

    year: int
    number: int
    value: str
    source: str
    reported_on: dt.date
    reported_by: str


class PartyYear(Shape):
    """A party's reading and share of a target in a year."""

    party: str
    agency: str
    year: int
    value: Decimal | None
    share: Decimal | None
    met: bool | None


class Target(Shape):
    """A target with its readings and its place; computed figures are strings."""

    plan: str
    target: str
    measure: str
    lead: str
    indicator: str
    value: int | float
    unit: str
    by: dt.date
    measured: str
    bound: str
    baseline: Baseline | None
    readings: list[Reading]
    verdict: Verdict
    year: int | None
    actual: Decimal | None
    expected: Decimal | None
    unreported: list[int]
    roll_up: RollUp | None
    parties: list[PartyYear]
    missing: dict[int, list[str]]


class PlanInForce(EditionBase):
    """A plan in force."""

    demo: bool


class PlanAgency(Shape):
    """An agency as a plan names it."""

    id: str
    name: str
    aliases: list[str]
    kind: AgencyKind


class Quota(Shape):
    """The number of items in one period."""

    min: int
    max: int | None


class Obligation(Shape):
    """An obligation of a measure.

    `answers` only where another office handed it down, `agenda` only where a meeting names it.
    """

    id: str
    kind: Kind
    title: str
    says: str
    basis: Basis
    recurrence: Recurs
    quota: Quota | None
    parties: list[str] | None
    due_on: dt.date | None
    opens: str
    due: str
    first_part: FirstPart
    after: list[str]
    reason: str | None
    answers: str | None = None
    agenda: list[str] | None = None


class PlannedTarget(Shape):
    """A target as the plan sets it."""

    indicator: str
    value: int | float
    unit: str
    by: dt.date
    baseline: Baseline | None


class Measure(Shape):
    """A numbered paragraph of a plan."""

    number: str
    chapter: str
    title: str
    lead: str
    participants: list[str]
    obligations: list[Obligation]
    targets: list[PlannedTarget]


class Plan(Shape):
    """A whole plan."""

    plan: str
    title: str
    issued_on: dt.date
    starts_on: dt.date
    ends_on: dt.date
    edition: int
    office: str
    agencies: list[PlanAgency]
    measures: list[Measure]
