"""The yearly evaluation of localities, counted from the ledger as known on a day."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from catalog.plans.trajectory import figure, place
from catalog.reports.evaluation import (
    Course,
    Criterion,
    Evaluation,
    Group,
    IndicatorPoints,
    Locality,
    Point,
    Reward,
    Work,
)
from catalog.reports.indicator_scores import overall, rounded, scores
from catalog.reports.scorecard import result
from catalog.wording import say
from ledger.duties import conditions, duties, life
from ledger.people import agencies
from ledger.proof import chain
from ledger.reports import granted_and_released, localities
from tasks.basic_data import last_values
from tasks.in_force import in_force
from tasks.reports.scorecard_figures import count_cards
from tasks.reports.targets import target_reports

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from catalog.duties.outcome import Outcome
    from catalog.plans.contents import Indicator
    from catalog.plans.model import Plan
    from catalog.reports.evaluation import Reason
    from catalog.reports.indicator_scores import Points
    from catalog.reports.scorecard import CardFigures, CardLine
    from ledger.session import Connection
    from tasks.basic_data import Values
    from tasks.reports.targets import TargetReport


def evaluate(conn: Connection, plan: str, year: int, *, on: dt.date, language: str) -> Evaluation:
    """Return the evaluation of the localities of `plan` for `year`, as counted in `conn` on `on`.

    A locality is scored by the indicators of the plan, where it has some, and by the scorecard of
    its duties that cover the year, whenever they are due, which tells its punctuality. The formulas
    are worded in `language`.
    """
    edition = in_force(conn, plan).plan
    names = {a.id: a.name for a in agencies.agencies_on(conn, on).values()}
    cards = count_cards(conn, plan, year, on=on, covered=True)
    places = edition.localities()
    values = last_values(conn, plan, year)
    points = _points(edition, values)
    end = chain.head(conn)
    return Evaluation(
        plan=plan,
        title=edition.title,
        office=names[edition.office],
        year=year,
        on=on,
        entries=end.entries,
        head=end.head,
        formula=_formula(edition, language),
        localities=tuple(
            _scored(edition, _locality(conn, names[c], c, cards.get(c)), points[c]) for c in places
        ),
        groups=tuple(_groups(edition, set(places))),
        courses=tuple(
            course(target, names[target.lead], starts_on=edition.starts_on, year=year, names=names)
            for target in target_reports(conn, plan)
        ),
        criteria=tuple(_criterion(indicator) for indicator in edition.indicators),
        punctuality=edition.punctuality if edition.indicators else 100,
        rewards=tuple(
            Reward(agency=r.agency, name=names[r.agency], text=r.text, document=r.document)
            for r in localities.rewards(conn, plan, year=year)
        ),
    )


def _formula(edition: Plan, language: str) -> str:
    """Return the words of the formulas: of the indicators, where there are some, and the cards."""
    cards = edition.scorecard.in_words(language)
    if not edition.indicators:
        return cards
    percent = edition.punctuality
    head = say(language, "evaluation.formula", percent=percent, rest=100 - percent)
    return f"{head}\n{cards}"


def _criterion(indicator: Indicator) -> Criterion:
    fields = indicator.model_dump() | {"weight": str(indicator.weight)}
    return Criterion(**fields)


def _points(edition: Plan, values: Values) -> dict[str, list[Points]]:
    figures: dict[str, dict[str, Decimal]] = {}
    for (agency, indicator), value in values.items():
        figures.setdefault(indicator, {})[agency] = figure(value.value)
    return scores(edition.indicators, figures, edition.localities())


def _scored(edition: Plan, place: Locality, points: Sequence[Points]) -> Locality:
    """Return the locality with its points by indicators, and the score of all.

    One without any data has no score, whatever its card: its place would say nothing.
    """
    if not edition.indicators:
        return place
    has_data = any(each.value is not None for each in points)
    total = sum((each.points for each in points), Decimal(0)) if has_data else None
    card = None if place.score is None else Decimal(place.score)
    score = overall(total, card, edition.punctuality) if has_data else None
    return place.model_copy(
        update={
            "punctuality": place.score,
            "indicator_score": None if total is None else str(rounded(total)),
            "score": None if score is None else str(score),
            "reason": None if has_data else "no-data",
            "indicators": tuple(
                IndicatorPoints(
                    id=each.indicator,
                    value=None if each.value is None else f"{each.value:f}",
                    points=str(each.points),
                    of=str(each.of),
                )
                for each in points
            ),
        }
    )


def _groups(edition: Plan, cities: set[str]) -> list[Group]:
    """Return the plan's groups that hold cities only, the largest first."""
    groups = [g for g in edition.groups if cities.issuperset(g.members)]
    groups.sort(key=lambda group: -len(group.members))
    return [Group(name=group.name, members=group.members) for group in groups]


def _locality(conn: Connection, name: str, agency: str, card: CardFigures | None) -> Locality:
    own = [line for line in card.lines if line.role == "performer"] if card else []
    lines = [line for line in own if line.outcome != "running"]
    score = result(card).score if card else None
    keys = conditions.of_keys([line.key for line in lines])
    quotas = duties.chosen(conn, keys, conditions.WITH_QUOTA)
    outcomes = [line.outcome for line in lines]
    return Locality(
        agency=agency,
        name=name,
        due=len(lines),
        on_time=outcomes.count("on-time"),
        late=outcomes.count("late"),
        undone=outcomes.count("overdue") + outcomes.count("not-done"),
        delivered=sum(duty.delivered for duty in quotas),
        wanted=sum(duty.quota_min or 0 for duty in quotas),
        score=None if score is None or not lines else str(score),
        reason=_reason([line.outcome for line in own]) if score is None or not lines else None,
        done=tuple(_work(conn, line) for line in lines if line.outcome == "on-time"),
        lost=tuple(
            _work(conn, line) for line in lines if line.outcome in ("late", "overdue", "not-done")
        ),
        undocumented=len(granted_and_released.undocumented(conn, keys)),
    )


def _reason(outcomes: list[Outcome]) -> Reason:
    """Return the reason why nothing of a locality is scored, from the outcomes of its duties."""
    if not outcomes:
        return "no-duty"
    if "waiting" in outcomes:
        return "waiting"
    return "not-due" if "running" in outcomes else "excused"


def _work(conn: Connection, line: CardLine) -> Work:
    filings = life.submissions(conn, line.key)
    return Work(
        key=line.key,
        title=line.title,
        measure=line.measure,
        due_on=line.due_on,
        days=line.days,
        done=line.outcome in ("on-time", "late"),
        said=filings[-1].summary if filings else "",
    )


def course(
    target: TargetReport,
    lead: str,
    *,
    starts_on: dt.date,
    year: int,
    names: Mapping[str, str] | None = None,
) -> Course:
    """Return the course of a target: its place at the end of each year with a reading, to `year`.

    `lead` is the name of the agency that answers for it; the plan's term begins `starts_on`. With
    the `names` of the agencies, the parties are named that have no figure for `year`.
    """
    readings = {y: value for y, value in target.figures.items() if y <= year}
    points = []
    for last in sorted(y for y in readings if y <= target.target.by.year):
        until = {y: value for y, value in readings.items() if y <= last}
        then = place(target.target, until, starts_on=starts_on)
        points.append(Point(year=last, actual=str(then.actual), expected=str(then.expected)))
    return Course(
        id=target.id,
        indicator=target.target.indicator,
        lead=lead,
        goal=str(target.target.value),
        unit=target.target.unit,
        by=target.target.by,
        verdict=place(target.target, readings, starts_on=starts_on).verdict,
        points=tuple(points),
        missing=tuple((names or {}).get(a, a) for a in target.silent(year)) if names else (),
    )
