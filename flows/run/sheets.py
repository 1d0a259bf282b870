"""Sheets for Prefect's pages: an obligation with its duties, and the days ahead of a plan."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from prefect.artifacts import acreate_markdown_artifact, create_markdown_artifact

from catalog.duties.standing import standing, stopped
from catalog.ladder.rung_words import event_words
from catalog.wording import say
from flows.run import runs
from ledger.duties import conditions, duties
from ledger.people import agencies
from ledger.post import contacts
from tasks.in_force import in_force
from tasks.reports.ahead import ahead, of_duty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.duties.duties import Duty
    from ledger.session import Connection, Ledger
    from tasks.in_force import InForce
    from tasks.reports.ahead import Ahead
    from tasks.tick import Tick

DAYS = dt.timedelta(days=60)  # ahead of a plan
YEAR = dt.timedelta(days=366)  # in which the next rung of a duty is looked for
MOST = 1_000  # rows of one sheet
COLUMNS = ("course.period", "column.performer", "column.due_on", "course.standing", "course.next")
OF_AN_EVENT = ("column.title", "column.lead", "course.duties")


async def show_obligation(ledger: Ledger, tick: Tick) -> None:
    """Store the sheet of the obligation of `tick`: the plan's words, the bodies, its duties."""
    settings = ledger.settings
    with ledger.read() as conn:
        text = obligation_sheet(conn, tick, language=settings.lang, url=settings.base_url or "")
        name = name_of(conn, tick.plan, str(tick.obligation))
    key = runs.artifact_key(settings.jurisdiction, f"{tick.plan}-{tick.obligation}")
    await acreate_markdown_artifact(text, key=key, description=f"{name} {tick.on}")


def show_ahead(ledger: Ledger, tick: Tick) -> None:
    """Store the sheet of what the next DAYS bring to the plan of `tick`."""
    settings = ledger.settings
    with ledger.read() as conn:
        text = ahead_sheet(conn, tick, language=settings.lang)
        title = in_force(conn, tick.plan).plan.title
    key = runs.artifact_key(settings.jurisdiction, f"ahead-{tick.plan}")
    create_markdown_artifact(text, key=key, description=f"{title} {tick.on}")


def obligation_sheet(conn: Connection, tick: Tick, *, language: str, url: str) -> str:
    """Return the obligation of `tick` in Markdown: each duty with its standing and next day."""
    edition, names = in_force(conn, tick.plan), _names(conn)
    obligation = str(tick.obligation)
    where = conditions.of(plan=tick.plan, obligation=obligation)
    rows = duties.chosen(conn, where, order=("due_on",))
    if len(rows) > MOST:  # those under way first
        rows.sort(key=lambda duty: stopped(duties.facts(duty), tick.on))

    def cells(duty: Duty) -> tuple[str, ...]:
        coming = of_duty(edition, duty, on=tick.on, until=tick.on + YEAR)
        period = duty.period if duty.period != "once" else say(language, "duty.once")
        return (
            f"[{period}]({url}/duty/{duty.key})" if url else period,
            names[duty.performer],
            duty.due_on.isoformat(),
            say(language, f"status.{standing(duties.facts(duty), tick.on).status}"),
            f"{coming[0].day} {_words(edition, language, coming[0])}" if coming else "–",
        )

    head = words(conn, tick.plan, obligation, language)
    table = _table(language, COLUMNS, list(map(cells, rows[:MOST])))
    return "\n\n".join([head, table, *_more(language, len(rows))])


def name_of(conn: Connection, plan: str, full_id: str) -> str:
    """Return the name of an obligation as people say it: its measure's number and its title."""
    measure, obligation = in_force(conn, plan).obligation(full_id)
    return f"{measure.number} {obligation.title}"


def words(conn: Connection, plan: str, full_id: str, language: str) -> str:
    """Return an obligation in Markdown: its name, the plan's words, its lead and participants."""
    edition, names = in_force(conn, plan), _names(conn)
    measure, obligation = edition.obligation(full_id)
    measure = agencies.measure_today(conn, plan, measure)
    lead = say(language, "course.lead", agency=names[measure.lead])
    participants = say(language, "notice.comma").join(names[a] for a in measure.participants)
    lines = [f"## {name_of(conn, plan, full_id)}", f"> {obligation.says}", lead]
    if participants:
        lines.append(say(language, "course.participants", agencies=participants))
    return "\n\n".join(lines)


def ahead_sheet(conn: Connection, tick: Tick, *, language: str) -> str:
    """Return the next DAYS of the plan of `tick` in Markdown."""
    edition = in_force(conn, tick.plan)
    events = ahead(conn, tick.plan, on=tick.on, until=tick.on + DAYS)
    title = say(language, "course.ahead", plan=edition.plan.title, days=DAYS.days)
    return f"## {title}\n\n{days(conn, tick.plan, events, language)}"


def days(conn: Connection, plan: str, events: Sequence[Ahead], language: str) -> str:
    """Return `events` of a plan in Markdown: a table for each day and event.

    The day is no column, as Prefect's pages break it wherever a title is long. Duties alike share
    a line.
    """
    edition, names = in_force(conn, plan), _names(conn)
    alike = Counter(
        (e.day, _words(edition, language, e), f"{e.duty.measure} {e.duty.title}", e.duty.lead)
        for e in events
    )
    by_event = sorted(alike.items(), key=lambda line: line[0][:2])
    sheet = []
    for (day, event), lines in groupby(by_event[:MOST], key=lambda line: line[0][:2]):
        rows = [(title, names[lead], str(many)) for (*_, title, lead), many in lines]
        sheet += [f"### {day} {event}", _table(language, OF_AN_EVENT, rows)]
    return "\n\n".join([*sheet, *_more(language, len(alike))])


def schedule(conn: Connection, plan: str, events: Sequence[Ahead], language: str) -> str:
    """Return `events` of one obligation in Markdown: a line for each day and event."""
    edition = in_force(conn, plan)
    alike = Counter((str(e.day), _words(edition, language, e)) for e in events)
    rows = [(*line, str(many)) for line, many in alike.items()]
    return _table(language, ("course.day", "course.event", "course.duties"), rows)


def _words(edition: InForce, language: str, coming: Ahead) -> str:
    return event_words(language, edition.ladders[coming.duty.ladder], coming.event)


def _table(language: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [[say(language, column) for column in columns], ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _more(language: str, lines: int) -> list[str]:
    return [say(language, "course.more", n=lines - MOST)] if lines > MOST else []


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _names(conn: Connection) -> Mapping[str, str]:
    return {agency.id: agency.name for agency in contacts.agencies(conn).values()}
