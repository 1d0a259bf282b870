"""The parts of a plan: measures, obligations and targets, and the agencies that answer."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from catalog.dates.edges import END, START, Edge, edge
from catalog.dates.recurrence import Recurs
from catalog.dates.workdays import Workdays, load_workdays
from catalog.duties.evidence_rules import Label
from catalog.ladder.rungs import DEFAULT_LADDER, Ladder
from catalog.plans.score_formula import Formula
from catalog.wording.script import in_script_of, language_of

RollUp = Literal["sum", "average", "lead"]
Kind = Literal["meeting", "event", "report", "deliverable", "milestone", "standing", "target"]
Basis = Literal["plan", "office"]
AgencyKind = Literal[
    "department",
    "customs",
    "inspection",
    "exchange",
    "tax",
    "bank",
    "insurer",
    "council",
    "city",
    "office",
    "open-group",
]
# One line of visible text: it travels in mail headers, cells and file names.
Line = Annotated[str, Field(pattern=r"^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$", max_length=300)]
Says = Annotated[str, Field(pattern=r"^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$", max_length=24)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
FullId = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+\.[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Figure = Annotated[int | float, Field(allow_inf_nan=False)]
# A measure by its number, or the whole plan.
Scope = Annotated[str, Field(pattern=r"^(plan|S?[1-9][0-9]*)$", max_length=8)]
WHOLE_PLAN = "plan"
OWN_CALENDAR = "own calendar"  # a name that no field has
PUNCTUALITY = 20  # percent of a locality's score, where its plan does not say
FirstPart = Literal["whole", "share", "from-issue"]


def _edge(value: object) -> Edge:
    if isinstance(value, Edge):
        return value
    try:
        return edge(str(value))
    except ValueError:
        raise PydanticCustomError("plan-edge", "no day of a period") from None


# Written `start + 3 months` or the like.
DayOfPeriod = Annotated[Edge, PlainValidator(_edge), PlainSerializer(str)]


def _since_it_exists(default: object) -> Any:
    """Return a field left out where it stands at `default`.

    An edition published before there was such a field keeps its text, and so its digest.
    """
    return Field(default=default, exclude_if=lambda value: value == default)


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Agency(_Value):
    """One body that can lead, take part or perform; `host` is the agency a unit sits in.

    Names and aliases are unique over a plan. An `open-group` is one the plan leaves open (有關市).
    """

    id: Id
    name: Line
    aliases: tuple[Line, ...] = ()
    kind: AgencyKind
    host: Id | None = None


class Group(_Value):
    """A name the plan gives to several agencies at once (珠三角地區各市人民政府)."""

    id: Id
    name: Line
    aliases: tuple[Line, ...] = ()
    members: tuple[Id, ...] = Field(min_length=1)


class Quota(_Value):
    """A number of items in one period; `max` None means no upper bound (n個以上, 若干)."""

    min: int = Field(ge=1)
    max: int | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max is not None and self.max < self.min:
            raise PydanticCustomError("plan-quota-order", "min above max")
        return self


class Baseline(_Value):
    """The value of an indicator at the start, and its day."""

    value: Figure
    on: date


class Share(_Value):
    """A party's part of a target in a year; `weight` counts where the parts are averaged."""

    party: Id
    year: int = Field(ge=1900, le=2200)
    value: Figure
    weight: Annotated[Figure, Field(gt=0)] = 1


class Target(_Value):
    """A figure to be reached `by` a day; `value` and `unit` as the plan writes them.

    An average growth is given in percent; its baseline is the level it grows from. Each of the
    `parties` reports its own figure. `shares` are their parts by year, as far as the plan sets
    them; `shared_by` is the id of the yearly obligation that hands the others out.
    """

    id: Id
    indicator: Line
    value: Figure
    unit: Line
    by: date
    baseline: Baseline | None = None
    says: Says
    also: tuple[Says, ...] = ()
    basis: Basis = "plan"
    measured: Literal["level", "cumulative", "average-growth"] = "level"
    bound: Literal["at-least", "more-than", "reach"] = "reach"
    parties: tuple[Id, ...] | None = Field(default=None, exclude_if=lambda value: value is None)
    shares: tuple[Share, ...] = Field(default=(), exclude_if=lambda value: not value)
    shared_by: FullId | None = Field(default=None, exclude_if=lambda value: value is None)
    rolls_up: RollUp | None = Field(default=None, exclude_if=lambda value: value is None)

    @property
    def is_rate(self) -> bool:
        """Tell whether its figures are percentages, which cannot be added up."""
        return self.unit == "%" and not (self.measured == "average-growth" and self.baseline)

    @property
    def roll_up(self) -> RollUp:
        """The way from the parties' figures to the target's (docs/rules.md, Targets by locality).

        Amounts and counts are added up. A rate is the lead's to report, unless the plan asks for
        the average of the parties' rates.
        """
        return self.rolls_up or ("lead" if self.is_rate else "sum")

    @model_validator(mode="after")
    def _grows(self) -> Self:
        baseless = self.baseline is not None and self.baseline.value <= 0
        if self.measured == "average-growth" and (self.unit != "%" or baseless):
            raise PydanticCustomError("plan-growth", "no rate in %, or no level to grow from")
        return self


class Obligation(_Value):
    """A task in general; `expand.expand` makes its dated instances.

    `says` are the words of the plan it rests on, `also` further ones. `basis` tells who fixed the
    date: the plan, or the office because the plan gives none. `parties` are the performers where
    the plan fans out (各市, 由各地); without them the lead performs. `anchor` is the first due date
    of a recurrence, `since` and `until` bound it inside the plan's term. `evidence` is what a
    filing must bring where the rule of its kind does not fit (catalog.duties.evidence_rules).
    `answers` is the key of the duty that another office handed down, where this one was taken
    over from it. `agenda` are the measures whose duties a meeting speaks of, or "plan" for all of
    them; without it they are those of its own measure.

    Each duty of a recurrence covers a period; `opens` and `due` are its days, counted from the
    edges of that period (docs/rules.md, Period, opening and due day). `first_part` says how a
    quota counts in the period in which the plan was issued: the whole year's with the items since
    its first day, its share of the days left, or the whole from the issue day on.

    `after` are the obligations that must be done before this one. `reason` says why the office
    chose the date, or the days within each period. One of basis `office` may be without a date in a
    plan's file, but not in an edition (docs/rules.md, Office dates).
    """

    id: FullId
    kind: Kind
    title: Line
    says: Says
    also: tuple[Says, ...] = ()
    basis: Basis
    recurrence: Recurs = "once"
    quota: Quota | None = None
    parties: tuple[Id, ...] | None = None
    opens_on: date | None = None
    due_on: date | None = None
    anchor: date | None = None
    since: date | None = None
    until: date | None = None
    evidence: tuple[Label, ...] | None = None
    answers: Line | None = _since_it_exists(None)
    agenda: tuple[Scope, ...] | None = _since_it_exists(None)
    opens: DayOfPeriod = _since_it_exists(START)
    due: DayOfPeriod = _since_it_exists(END)
    first_part: FirstPart = _since_it_exists("from-issue")
    after: tuple[FullId, ...] = _since_it_exists(())
    reason: Line | None = _since_it_exists(None)

    @field_validator("agenda", mode="before")
    @classmethod
    def _one_word(cls, value: Any) -> Any:
        if value == WHOLE_PLAN:
            return (value,)
        return tuple(value) if isinstance(value, list) else value  # a list of a stored edition

    @property
    def is_undated(self) -> bool:
        """True where the office has still to choose the day."""
        return self.recurrence == "once" and self.due_on is None

    @model_validator(mode="after")
    def _dated(self) -> Self:
        once, turned = self.recurrence == "once", (self.opens, self.due) != (START, END)
        if self.is_undated and self.basis != "office":
            raise PydanticCustomError("plan-once-undated", "once without due_on")
        if once and (self.anchor or self.since or self.until):
            raise PydanticCustomError("plan-once-recurring", "once with anchor, since or until")
        if once and (turned or self.first_part != "from-issue"):
            raise PydanticCustomError("plan-once-turned", "once with opens, due or first_part")
        if not once and (self.due_on or self.opens_on):
            raise PydanticCustomError("plan-recurring-dated", "recurring with opens_on or due_on")
        if self.agenda is not None and self.kind != "meeting":
            raise PydanticCustomError("plan-agenda-kind", "an agenda of what is no meeting")
        if self.anchor and turned:
            raise PydanticCustomError("plan-anchor-turned", "an anchor with opens or due")
        if self.reason and self.basis != "office" and not turned:
            raise PydanticCustomError("plan-reason-of-plan", "a reason for the plan's own date")
        return self


class Aside(_Value):
    """A phrase of the plan that is no duty, and why."""

    says: Says
    reason: Line


class Measure(_Value):
    """One numbered measure: the lead answers for it, the participants help."""

    number: Annotated[str, Field(pattern=r"^S?[1-9][0-9]*$", max_length=8)]
    chapter: Line
    section: Line
    title: Line
    lead: Id
    participants: tuple[Id, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    targets: tuple[Target, ...] = ()
    asides: tuple[Aside, ...] = ()

    @cached_property
    def all_obligations(self) -> tuple[Obligation, ...]:
        """Obligations, and a yearly reading of each target (docs/rules.md, From phrase to date)."""
        return self.obligations + tuple(_reading(self, target) for target in self.targets)


def _reading(measure: Measure, target: Target) -> Obligation:
    """Return the yearly reading of a target: by its lead, or by each of its parties.

    It opens when its year is over and is due twenty working days later, with the other figures of
    the year and before the evaluation that rests on them.

    The lead reports beside the parties where their figures do not give the target's.
    """
    parties = target.parties
    if parties and target.roll_up == "lead":
        parties = (*parties, measure.lead)
    return Obligation(
        id=f"{measure.number}.{target.id}",
        kind="target",
        title=_of_year(target.indicator),
        says=target.says,
        also=target.also,
        basis="office",
        recurrence="yearly",
        parties=parties,
        opens=Edge("end", 1, "days"),
        due=Edge("end", 20, "working days"),
    )


def _of_year(indicator: str) -> str:
    """Return the title of a yearly reading, in the script of its indicator."""
    return in_script_of(language_of(indicator), f"報告年度數據:{indicator}")


class Indicator(_Value):
    """One indicator of the evaluation of localities, in its group; all weights add to 100."""

    id: Id
    group: Line
    name: Line
    unit: Line
    weight: Annotated[Figure, Field(gt=0, le=100)]
    better: Literal["higher", "lower"] = "higher"


class Contents(_Value):
    """The contents of a plan before the rules between its parts are checked.

    `plan` is its code, `zone` the zone of its dates. `workdays` names the working-day calendar,
    `office` the agency that coordinates. `slip_prefix` stands before year and number on its slips:
    粵加貿辦督〔2014〕18號, `circular_prefix` on its circulars. `scorecard` says how an agency's
    year is scored, `burden` how many messages an agency should have in a month at most.
    `ladder_applies` tells whether a new edition's ladder is for new duties only, or for those under
    way as well (all). `indicators` are what localities are evaluated by, and `punctuality` the
    percentage of their score that the scorecard of their duties has beside them. `indicators_by` is
    the id of the yearly obligation whose parties report their values, `evaluated_by` that of the
    yearly report on the evaluation.
    """

    plan: Id
    title: Line
    number: Line | None = None
    issued_on: date
    starts_on: date
    ends_on: date
    edition: int = Field(default=1, ge=1)
    zone: Line = "Asia/Shanghai"
    workdays: Line = "CN"
    office: Id
    slip_prefix: Line = "督"
    circular_prefix: Line = "督辦通報"
    scorecard: Formula = Formula()
    burden: int = Field(default=10, ge=1)
    agencies: tuple[Agency, ...]
    groups: tuple[Group, ...] = ()
    measures: tuple[Measure, ...]
    ladder: Ladder = DEFAULT_LADDER
    ladder_applies: Literal["new", "all"] = "new"
    indicators: tuple[Indicator, ...] = Field(default=(), exclude_if=lambda value: not value)
    indicators_by: FullId | None = Field(default=None, exclude_if=lambda value: value is None)
    evaluated_by: FullId | None = Field(default=None, exclude_if=lambda value: value is None)
    punctuality: int = Field(
        default=PUNCTUALITY, ge=0, le=100, exclude_if=lambda value: value == PUNCTUALITY
    )

    @property
    def calendar(self) -> Workdays:
        """The working days of the plan: those of its ledger (`model.under`), or as shipped."""
        own: Workdays | None = self.__dict__.get(OWN_CALENDAR)
        return own or load_workdays(self.workdays)
