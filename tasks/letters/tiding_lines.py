"""Lines of a digest about tidings: news that concerns no duty."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from catalog.clean import one_line
from catalog.letters.layout import TidingLine
from catalog.reports import circular_words
from catalog.wording import say, spell
from ledger.duties import duties, life, meetings
from ledger.people import agencies
from ledger.reports import circulars, scorecards
from tasks.in_force import in_force
from tasks.letters.meeting_words import when
from tasks.shares import shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.post.tidings import Tiding
    from ledger.session import Connection
    from ledger.settings import Settings


def tiding_lines(
    conn: Connection, tidings: Sequence[Tiding], settings: Settings
) -> list[TidingLine]:
    """Return the lines of a letter about `tidings`."""
    return [_LINES[tiding.kind](conn, tiding.subject, settings) for tiding in tidings]


def _circular(conn: Connection, subject: str, settings: Settings) -> TidingLine:
    plan, _, span = subject.partition("/")
    circular = circulars.one(conn, plan, span)
    name = circular_words.title(circular.figures, settings.lang)
    title = say(settings.lang, "tiding.circular", number=circular.number, title=name)
    option = "--quarter" if "-Q" in span else "--month" if "-" in span else "--year"
    command = f"duban report circular {option} {span}"
    return TidingLine(title, _where(settings, f"/circulars/{span}?plan={plan}", command))


def _card(conn: Connection, subject: str, settings: Settings) -> TidingLine:
    plan, year, agency = subject.split("/")
    card = scorecards.one(conn, plan, int(year), agency)
    until = spell(settings.lang, card.objections_until)
    title = say(settings.lang, "tiding.card", year=year, until=until)
    command = f"duban report scorecard --year {year} --agency {agency}"
    return TidingLine(title, _where(settings, f"/scorecards/{year}/{agency}?plan={plan}", command))


def _shares(conn: Connection, subject: str, settings: Settings) -> TidingLine:
    """Return the line about the shares of a party for a year, as they are when it is written."""
    code, year, party, _ = subject.split("/")
    plan, lang = in_force(conn, code).plan, settings.lang
    figures = [
        f"{target.indicator} {parts[int(year)][party].value:f}{target.unit}"
        for full, parts in shares(conn, plan).items()
        if party in parts.get(int(year), {}) and (target := plan.target(full))
    ]
    title = say(
        lang, "tiding.shares", year=year, figures=say(lang, "notice.semicolon").join(figures)
    )
    return TidingLine(title, _where(settings, f"/targets?plan={code}", "duban targets"))


def _anchor(_: Connection, subject: str, settings: Settings) -> TidingLine:
    title = say(settings.lang, "tiding.anchor", anchor=subject)
    return TidingLine(title, _where(settings, "/audit", f"duban verify --anchor {subject}"))


def _objection(_: Connection, subject: str, settings: Settings) -> TidingLine:
    card, _hash, name = subject.partition("#objection-")
    plan, year, agency = card.split("/")
    title = say(settings.lang, "tiding.objection", year=year, number=name)
    command = f"duban report scorecard --year {year} --agency {agency}"
    return TidingLine(title, _where(settings, f"/scorecards/{year}/{agency}?plan={plan}", command))


def _meeting(conn: Connection, subject: str, settings: Settings) -> TidingLine:
    key, _, number = subject.rpartition("#")
    duty, lang, last = duties.one(conn, key), settings.lang, meetings.planning(conn, key)
    # An invitation from before plannings were recorded names the day itself.
    day = when(lang, last) if last else spell(lang, dt.date.fromisoformat(number))
    title = say(lang, "tiding.meeting", title=one_line(duty.title), when=day)
    if place := duty.planned_place:
        title += say(lang, "tiding.meeting-place", place=one_line(place))
    return TidingLine(title, _where(settings, f"/duty/{key}", f"duban duty show {key}"))


def _meeting_off(conn: Connection, subject: str, settings: Settings) -> TidingLine:
    key = subject.rpartition("#")[0]
    title = say(settings.lang, "tiding.meeting-off", title=one_line(duties.one(conn, key).title))
    return TidingLine(title, _where(settings, f"/duty/{key}", f"duban duty show {key}"))


def _plan_problem(conn: Connection, subject: str, settings: Settings) -> TidingLine:
    problem = life.plan_problem(conn, subject)
    agency = agencies.agencies_on(conn, problem.raised_on)[problem.agency].name
    title = say(settings.lang, "tiding.plan-problem", number=problem.number, agency=agency)
    return _of_plan_problem(problem, title, settings)


def _plan_problem_answered(conn: Connection, subject: str, settings: Settings) -> TidingLine:
    problem = life.plan_problem(conn, subject)
    title = say(settings.lang, "tiding.plan-problem-answered", number=problem.number)
    return _of_plan_problem(problem, title, settings)


def _of_plan_problem(problem: life.PlanProblem, title: str, settings: Settings) -> TidingLine:
    command = f"duban plan problems --plan {problem.plan}"
    words = one_line(problem.answer or problem.text)
    where = _where(settings, f"/plan-problems?plan={problem.plan}", command)
    return TidingLine(title + say(settings.lang, "tiding.words", words=words), where)


_LINES = {
    "anchor": _anchor,
    "circular": _circular,
    "card": _card,
    "meeting": _meeting,
    "meeting-off": _meeting_off,
    "objection": _objection,
    "plan-problem": _plan_problem,
    "plan-problem-answered": _plan_problem_answered,
    "shares": _shares,
}


def _where(settings: Settings, path: str, command: str) -> str:
    if settings.base_url:
        return say(settings.lang, "tiding.where", at=f"{settings.base_url.rstrip('/')}{path}")
    return say(settings.lang, "tiding.where", at=command)
