"""Sheets for Prefect's pages: an obligation with its duties, and the days ahead of a plan."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from prefect.artifacts import acreate_markdown_artifact, create_markdown_artifact

from catalog.duties.standing import standing
from catalog.ladder.rung_words import event_words
from catalog.wording import say
from flows.run import runs
from ledger.duties import conditions, duties
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


async def show_obligation(ledger: Ledger, tick: Tick) -> None:
    """Store the sheet of the obligation of `tick`: the plan's words, the bodies, its duties."""
    with ledger.read() as conn:
        settings = ledger.settings
        text = obligation_sheet(conn, tick, language=settings.lang, url=settings.base_url or "")
    name = f"{tick.plan}-{tick.obligation}"
    await acreate_markdown_artifact(
        text, key=runs.artifact_key(ledger.settings.jurisdiction, name), description=name
    )


def show_ahead(ledger: Ledger, tick: Tick) -> None:
    """Store the sheet of what the next DAYS bring to the plan of `tick`."""
    with ledger.read() as conn:
        text = ahead_sheet(conn, tick, language=ledger.settings.lang)
    name = f"ahead-{tick.plan}"
    create_markdown_artifact(
        text,
        key=runs.artifact_key(ledger.settings.jurisdiction, name),
        description=f"{name}, {tick.on}",
    )


def obligation_sheet(conn: Connection, tick: Tick, *, language: str, url: str) -> str:
    """Return the obligation of `tick` in Markdown: each duty with its standing and next day."""
    edition, names = in_force(conn, tick.plan), _names(conn)
    obligation = str(tick.obligation)
    where = conditions.of(plan=tick.plan, obligation=obligation)
    rows = duties.chosen(conn, where, order=("due_on",))

    def cells(duty: Duty) -> tuple[str, ...]:
        coming = of_duty(edition, duty, on=tick.on, until=tick.on + YEAR)
        return (
            f"[{duty.period}]({url}/duty/{duty.key})" if url else duty.period,
            names[duty.performer],
            duty.due_on.isoformat(),
            say(language, f"status.{standing(duties.facts(duty), tick.on).status}"),
            f"{coming[0].day} {_words(edition, language, coming[0])}" if coming else "–",
        )

    head = words(conn, tick.plan, obligation, language)
    return f"{head}\n\n{_table(language, COLUMNS, list(map(cells, rows)))}"


def words(conn: Connection, plan: str, full_id: str, language: str) -> str:
    """Return an obligation in Markdown: its title, the plan's words, its lead and participants."""
    edition, names = in_force(conn, plan), _names(conn)
    measure, obligation = edition.obligation(full_id)
    lead = say(language, "course.lead", agency=names[measure.lead])
    participants = ", ".join(names[agency] for agency in measure.participants)
    lines = [f"# {measure.number} {obligation.title}", f"> {obligation.says}", lead]
    if participants:
        lines.append(say(language, "course.participants", agencies=participants))
    return "\n\n".join(lines)


def ahead_sheet(conn: Connection, tick: Tick, *, language: str) -> str:
    """Return the next DAYS of the plan of `tick` in Markdown; duties alike share a line."""
    edition, names = in_force(conn, tick.plan), _names(conn)
    events = ahead(conn, tick.plan, on=tick.on, until=tick.on + DAYS)
    alike = Counter(
        (e.day, _words(edition, language, e), e.duty.measure, e.duty.title, e.duty.lead)
        for e in events
    )
    rows = [
        (str(day), event, f"{measure} {title}", names[lead], str(many))
        for (day, event, measure, title, lead), many in alike.items()
    ]
    columns = ("course.day", "course.event", "column.title", "column.lead", "course.duties")
    title = say(language, "course.ahead", plan=edition.plan.title, days=DAYS.days)
    return f"# {title}\n\n{_table(language, columns, rows)}"


def _words(edition: InForce, language: str, coming: Ahead) -> str:
    return event_words(language, edition.ladders[coming.duty.ladder], coming.event)


def _table(language: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [[say(language, column) for column in columns], ["---"] * len(columns), *rows[:MOST]]
    table = "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)
    if len(rows) <= MOST:
        return table
    return f"{table}\n\n{say(language, 'course.more', n=len(rows) - MOST)}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _names(conn: Connection) -> Mapping[str, str]:
    return {agency.id: agency.name for agency in contacts.agencies(conn).values()}
