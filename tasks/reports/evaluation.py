"""The yearly evaluation of localities, counted from the ledger as known on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.plans.trajectory import figure, place
from catalog.reports.evaluation import Course, Evaluation, Group, Locality, Point, Work
from catalog.reports.scorecard import result
from ledger.duties import conditions, duties, life
from ledger.people import agencies
from ledger.proof import chain
from tasks.in_force import in_force
from tasks.reports.scorecard_figures import count_cards
from tasks.reports.targets import target_reports

if TYPE_CHECKING:
    import datetime as dt

    from catalog.plans.model import Plan
    from catalog.reports.scorecard import CardFigures, CardLine
    from ledger.session import Connection
    from tasks.reports.targets import TargetReport


def evaluate(conn: Connection, plan: str, year: int, *, on: dt.date, language: str) -> Evaluation:
    """Return the evaluation of the localities of `plan` for `year`, as counted in `conn` on `on`.

    A locality is a city of the plan; its score is that of its scorecard. The formula is worded in
    `language`.
    """
    edition = in_force(conn, plan).plan
    names = {a.id: a.name for a in agencies.agencies_on(conn, on).values()}
    cards = count_cards(conn, plan, year, on=on)
    cities = [a.id for a in edition.agencies if a.kind == "city"]
    end = chain.head(conn)
    return Evaluation(
        plan=plan,
        title=edition.title,
        office=names[edition.office],
        year=year,
        on=on,
        entries=end.entries,
        head=end.head,
        formula=edition.scorecard.in_words(language),
        localities=tuple(_locality(conn, names[c], c, cards.get(c)) for c in cities),
        groups=tuple(_groups(edition, set(cities))),
        courses=tuple(
            course(target, names[target.lead], starts_on=edition.starts_on, year=year)
            for target in target_reports(conn, plan)
        ),
    )


def _groups(edition: Plan, cities: set[str]) -> list[Group]:
    """Return the plan's groups that hold cities only, the largest first."""
    groups = [g for g in edition.groups if cities.issuperset(g.members)]
    groups.sort(key=lambda group: -len(group.members))
    return [Group(name=group.name, members=group.members) for group in groups]


def _locality(conn: Connection, name: str, agency: str, card: CardFigures | None) -> Locality:
    lines = [line for line in card.lines if line.role == "performer"] if card else []
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
        done=tuple(_work(conn, line) for line in lines if line.outcome == "on-time"),
        lost=tuple(
            _work(conn, line) for line in lines if line.outcome in ("late", "overdue", "not-done")
        ),
    )


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


def course(target: TargetReport, lead: str, *, starts_on: dt.date, year: int) -> Course:
    """Return the course of a target: its place at the end of each year with a reading, to `year`.

    `lead` is the name of the agency that answers for it; the plan's term begins `starts_on`.
    """
    readings = {r.year: figure(r.value) for r in target.readings if r.year <= year}
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
    )
