"""Tidings: news in the agencies' digests that concerns no duty, as rows and as lines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from catalog.ladder.letter_layout import TidingLine, one_line
from catalog.reports import circular_words
from catalog.wording import say, spell
from ledger.duties import duties, life
from ledger.people import agencies
from ledger.post import contacts
from ledger.reports import circulars, scorecards
from tasks.in_force import in_force
from tasks.post.directory import directory
from tasks.post.mailbag import Mailbag
from tasks.shares import shares

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.post.tidings import Tiding
    from ledger.session import Connection, Transaction
    from ledger.settings import Settings
    from ledger.store.changes import Change
    from tasks.act import Act


class News(NamedTuple):
    """News for the officers of agencies: its kind and the id of its subject."""

    kind: str
    subject: str
    agencies: Iterable[str]


def herald(
    tx: Transaction, plan: str, act: Act, news: Iterable[News], *, sender: str
) -> list[Change]:
    """Return the rows that put `news` into the agencies' next digests, on each of their channels.

    After the day's sweep the next digest is tomorrow's: one digest a day for each recipient. The
    rows belong to the entry of the deed that caused them.
    """
    edition = in_force(tx.conn, plan)
    book = directory(tx.conn, edition)
    addressees = [
        (one.kind, one.subject, f"{agency}/officer", channel)
        for one in news
        for agency in one.agencies
        for channel in book.channels(f"{agency}/officer")
    ]
    swept = edition.row.swept_through
    on = act.on if swept is None or swept < act.on else act.on + A_DAY
    besides = [(recipient, channel) for _, _, recipient, channel in addressees]
    bag = Mailbag(tx, (), on=on, plan=plan, sender=sender, besides=besides)
    return [change for one in addressees for change in bag.tiding(*one)]


def involved(conn: Connection, plan: str) -> list[str]:
    """Return the agencies with a part in a duty of `plan`, without the office.

    Open groups of the plan (有關市) have no mailbox and are left out.
    """
    agencies: set[str] = set()
    for duty in duties.listed(conn, plan=plan):
        agencies.update((duty.lead, duty.performer, *duty.participants))
    register = contacts.agencies(conn)
    return sorted(a for a in agencies if register[a].kind not in ("open-group", "office"))


def leads(conn: Connection, plan: str) -> list[str]:
    """Return the agencies that lead a duty of `plan`, without the office and open groups."""
    able = set(involved(conn, plan))
    return sorted(able & {duty.lead for duty in duties.listed(conn, plan=plan)})


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
    key, _, day = subject.rpartition("#")
    duty, lang = duties.one(conn, key), settings.lang
    title = say(
        lang,
        "tiding.meeting",
        title=one_line(duty.title),
        day=spell(lang, dt.date.fromisoformat(day)),
    )
    if place := duty.planned_place:
        title += say(lang, "tiding.meeting-place", place=one_line(place))
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
    "objection": _objection,
    "plan-problem": _plan_problem,
    "plan-problem-answered": _plan_problem_answered,
    "shares": _shares,
}


def _where(settings: Settings, path: str, command: str) -> str:
    if settings.base_url:
        return say(settings.lang, "tiding.where", at=f"{settings.base_url.rstrip('/')}{path}")
    return say(settings.lang, "tiding.where", at=command)
