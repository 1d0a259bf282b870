"""Lines of a digest about tidings: news that concerns no duty."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import one_line
from catalog.letters.line import TidingLine
from catalog.reports import circular_words
from catalog.wording import say, spell
from ledger.duties import duties, life, meetings
from ledger.people import agencies
from ledger.reports import circulars, scorecards
from tasks.in_force import in_force
from tasks.letters.earlier import guest_planning
from tasks.meetings.days import day_change, when
from tasks.shares import shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.post.tidings import Tiding
    from ledger.session import Connection
    from ledger.settings import Settings


class TidingLines(NamedTuple):
    """The lines of a letter about tidings, those they are of, and the ids of those left out."""

    lines: list[TidingLine]
    tidings: list[Tiding]
    superseded: tuple[str, ...]


def tiding_lines(
    conn: Connection, tidings: Sequence[Tiding], settings: Settings, *, on: dt.date
) -> TidingLines:
    """Return the lines about those of `tidings` that are not settled on the day `on`.

    Tidings with equal lines, as several positions of one mailbox have them, are one line.
    """
    rest = [each for each in tidings if not _is_settled(conn, each, on)]
    lines = [_LINES[each.kind](conn, each, settings) for each in rest]
    superseded = tuple(each.id for each in tidings if each not in rest)
    return TidingLines(list(dict.fromkeys(lines)), rest, superseded)


def _is_settled(conn: Connection, tiding: Tiding, on: dt.date) -> bool:
    rule = _IS_SETTLED.get(tiding.kind)
    return rule is not None and rule(conn, tiding, on)


def _circular(conn: Connection, tiding: Tiding, settings: Settings) -> TidingLine:
    plan, _, span = tiding.subject.partition("/")
    circular = circulars.one(conn, plan, span)
    name = circular_words.title(circular.figures, settings.lang)
    title = say(settings.lang, "tiding.circular", number=circular.number, title=name)
    return TidingLine(title, _url(settings, f"/circulars/{span}?plan={plan}"))


def _card(conn: Connection, tiding: Tiding, settings: Settings) -> TidingLine:
    plan, year, agency = tiding.subject.split("/")
    card = scorecards.one(conn, plan, int(year), agency)
    until = spell(settings.lang, card.objections_until)
    title = say(settings.lang, "tiding.card", year=year, until=until)
    return TidingLine(title, _url(settings, f"/scorecards/{year}/{agency}?plan={plan}"))


def _shares(conn: Connection, tiding: Tiding, settings: Settings) -> TidingLine:
    """Return the line about the shares of a party for a year, as they are when it is written."""
    code, year, party, _ = tiding.subject.split("/")
    plan, lang = in_force(conn, code).plan, settings.lang
    figures = [
        f"{target.indicator} {parts[int(year)][party].value:f}{target.unit}"
        for full, parts in shares(conn, plan).items()
        if party in parts.get(int(year), {}) and (target := plan.target(full))
    ]
    title = say(
        lang, "tiding.shares", year=year, figures=say(lang, "notice.semicolon").join(figures)
    )
    return TidingLine(title, _url(settings, f"/targets?plan={code}"))


def _anchor(_: Connection, tiding: Tiding, settings: Settings) -> TidingLine:
    title = say(settings.lang, "tiding.anchor", anchor=tiding.subject)
    return TidingLine(title, _url(settings, "/audit"))


def _objection(_: Connection, tiding: Tiding, settings: Settings) -> TidingLine:
    card, _hash, name = tiding.subject.partition("#objection-")
    plan, year, agency = card.split("/")
    title = say(settings.lang, "tiding.objection", year=year, number=name)
    return TidingLine(title, _url(settings, f"/scorecards/{year}/{agency}?plan={plan}"))


def _meeting(conn: Connection, tiding: Tiding, settings: Settings) -> TidingLine:
    key, _, number = tiding.subject.rpartition("#")
    duty, lang, last = duties.one(conn, key), settings.lang, meetings.planning(conn, key)
    # An invitation from before plannings were recorded names the day itself.
    day = when(lang, last) if last else spell(lang, dt.date.fromisoformat(number))
    title = say(lang, "tiding.meeting", title=one_line(duty.title), when=day)
    if days := day_change(conn, key, guest_planning(conn, tiding), lang):
        values = {"title": one_line(duty.title), "former": days[0], "when": days[1]}
        title = say(lang, "tiding.meeting-moved", **values)
    if place := duty.planned_place:
        title += say(lang, "tiding.meeting-place", place=one_line(place))
    return TidingLine(title, _url(settings, f"/duty/{key}"))


def _meeting_off(conn: Connection, tiding: Tiding, settings: Settings) -> TidingLine:
    key = tiding.subject.rpartition("#")[0]
    last = meetings.planning(conn, key)
    name = "meeting-off" if last is None or last.called_off else "meeting-uninvited"
    title = say(settings.lang, f"tiding.{name}", title=one_line(duties.one(conn, key).title))
    return TidingLine(title, _url(settings, f"/duty/{key}"))


def _plan_problem(conn: Connection, tiding: Tiding, settings: Settings) -> TidingLine:
    problem = life.plan_problem(conn, tiding.subject)
    agency = agencies.agencies_on(conn, problem.raised_on)[problem.agency].name
    title = say(settings.lang, "tiding.plan-problem", number=problem.number, agency=agency)
    return _of_plan_problem(problem, title, settings)


def _plan_problem_answered(conn: Connection, tiding: Tiding, settings: Settings) -> TidingLine:
    problem = life.plan_problem(conn, tiding.subject)
    title = say(settings.lang, "tiding.plan-problem-answered", number=problem.number)
    return _of_plan_problem(problem, title, settings)


def _of_plan_problem(problem: life.PlanProblem, title: str, settings: Settings) -> TidingLine:
    words = one_line(problem.answer or problem.text)
    url = _url(settings, f"/plan-problems?plan={problem.plan}")
    return TidingLine(title + say(settings.lang, "tiding.words", words=words), url)


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
KINDS = frozenset(_LINES)


def _is_past(conn: Connection, tiding: Tiding, on: dt.date) -> bool:
    """Tell whether the meeting was held or called off, or invites the recipient no more."""
    key = tiding.subject.rpartition("#")[0]
    planned_on = duties.one(conn, key).planned_on
    last = meetings.planning(conn, key)
    return planned_on is None or planned_on < on or bool(last and not _invites(last, tiding))


def _is_on_again(conn: Connection, tiding: Tiding, _on: dt.date) -> bool:
    """Tell whether the recipient never heard of the meeting that is off, or is invited again."""
    last = meetings.planning(conn, tiding.subject.rpartition("#")[0])
    is_invited = last is not None and not last.called_off and _invites(last, tiding)
    return is_invited or guest_planning(conn, tiding) is None


def _invites(planning: meetings.Planning, tiding: Tiding) -> bool:
    return tiding.recipient.partition("/")[0] in planning.participants


def _is_answered(conn: Connection, tiding: Tiding, _on: dt.date) -> bool:
    return life.plan_problem(conn, tiding.subject).answered_on is not None


_IS_SETTLED = {
    "meeting": _is_past,
    "meeting-off": _is_on_again,
    "plan-problem": _is_answered,
}


def _url(settings: Settings, path: str) -> str:
    """Return the address of a page of the desk, "" where its address is not set."""
    return f"{settings.base_url.rstrip('/')}{path}" if settings.base_url else ""
