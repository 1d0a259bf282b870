"""Figures of a circular (通報) on a month or a quarter, frozen as counted on a day."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from catalog.plans.trajectory import Verdict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figures(_Frozen):
    """The counts of the whole plan; `due` and the outcomes behind it are of duties due in the span.

    The outcomes are those of catalog.duties.outcome and add up to `due`. `all_overdue`, `review`
    and `behind` are counted at the end of the circular's day, whenever the duties are due.
    """

    duties: int
    opened: int
    closed: int
    due: int
    on_time: int
    late: int
    overdue: int
    not_done: int
    waiting: int
    excused: int
    running: int
    closed_in_span: int
    all_overdue: int
    review: int
    behind: int
    extended: int
    slips: int
    raised: int
    answered: int
    undocumented: int = 0  # duties whose date of the plan's own was moved without a document


class AgencyFigures(_Frozen):
    """The duties of an agency in the span; `all_overdue` has earlier ones too."""

    agency: str
    name: str
    due: int
    on_time: int
    late: int
    overdue: int
    all_overdue: int
    longest: int  # days that the oldest is overdue

    @property
    def did_well(self) -> bool:
        """Tell whether something was due, all of it was on time, and nothing older is overdue."""
        return 0 < self.due == self.on_time and not self.all_overdue


class DutyLine(_Frozen):
    """A duty in a list of a circular; `days` overdue, 0 when it is not."""

    key: str
    title: str
    measure: str
    performer: str
    due_on: date
    days: int = 0


class QuotaLine(_Frozen):
    """A quota that lags: items delivered, wanted by the due date, and expected by the last look."""

    key: str
    title: str
    measure: str
    performer: str
    due_on: date
    delivered: int
    wanted: int
    expected: int


class TargetLine(_Frozen):
    """A target and its place; figures as decimal text."""

    id: str
    indicator: str
    goal: str
    by: date
    verdict: Verdict
    year: int | None
    actual: str | None
    expected: str | None


class ProblemLine(_Frozen):
    """A problem raised in the span, or before it and not answered by its end."""

    key: str
    number: int
    title: str
    agency: str
    raised_on: date
    answered_on: date | None


class CircularFigures(_Frozen):
    """The frozen data of a circular, as known at the end of day `on`.

    `entries` and `head` are the end of the history it was counted from: whoever folds the history
    up to there gets the same figures.
    """

    plan: str
    title: str
    office: str
    span: str
    since: date
    until: date
    on: date
    entries: int
    head: str
    figures: Figures
    agencies: tuple[AgencyFigures, ...]
    overdue: tuple[DutyLine, ...]
    behind: tuple[QuotaLine, ...]
    targets: tuple[TargetLine, ...]
    problems: tuple[ProblemLine, ...]
    coming: tuple[DutyLine, ...]

    @property
    def praised(self) -> list[AgencyFigures]:
        """The agencies that did well, those with most to do first."""
        well = [agency for agency in self.agencies if agency.did_well]
        return sorted(well, key=lambda a: (-a.due, a.agency))

    @property
    def laggards(self) -> list[AgencyFigures]:
        """The agencies with anything overdue, the most first."""
        late = [agency for agency in self.agencies if agency.all_overdue]
        return sorted(late, key=lambda a: (-a.all_overdue, -a.longest, a.agency))
