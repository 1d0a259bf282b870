"""Preview of a tracker in its use, row by row; nothing is stored."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from catalog.duties import adhoc
from catalog.duties.standing import LIVE, standing
from catalog.trackers.lines import read
from ledger.duties import conditions, duties, life
from ledger.people import agencies, users
from ledger.post import contacts
from tasks.agencies.names import registered
from tasks.past.listing import past
from tasks.trackers.uses import duty_rows, past_rows, progress_rows
from tasks.trackers.uses.case import Case
from tasks.trackers.uses.matching import Matcher
from tasks.trackers.uses.row import Said, own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from catalog.trackers.line import Line
    from catalog.trackers.lines import Skipped
    from ledger.duties.duties import Duty
    from ledger.session import Connection
    from tasks.act import Act
    from tasks.trackers.uses.row import Ask, Row
    from tasks.trackers.uses.uploads import Tracker

    ReadRow = Callable[[Line, Line, Case], Row]

ROWS: Mapping[str, ReadRow] = {
    "past": past_rows.past_row,
    "duties": duty_rows.duty_row,
    "progress": progress_rows.progress_row,
}
OF_FILE: Mapping[str, Callable[[Case], Iterable[Ask]]] = {
    "duties": duty_rows.of_file,
    "progress": progress_rows.of_file,
}


class Preview(NamedTuple):
    """The rows of a tracker in its use, and the rows of the sheet that are no task.

    `asks` are about the whole file; `year` is that of days without one.
    """

    rows: tuple[Row, ...]
    skipped: Sequence[Skipped]
    asks: tuple[Ask, ...]
    year: int | None

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows are asked, left and ready."""
        return Counter(row.state for row in self.rows)


def preview(conn: Connection, of: Tracker, act: Act) -> Preview:
    """Return the rows of a tracker for `act.user`, whose word the words are outside the office."""
    register = registered(conn)
    reading = read(of.grid, of.mapping, register, year=of.year, answers=of.answers)
    first = read(of.grid, of.mapping, register, year=of.year)
    case = _case(conn, of, act)._replace(year=reading.year)
    as_read = {line.row: line for line in first.lines}
    row = ROWS[of.upload.use]
    rows = [row(line, as_read.get(line.row, line), case) for line in reading.lines]
    of_file = OF_FILE.get(of.upload.use)
    asks = tuple(of_file(case)) if of_file else ()
    return Preview(tuple(_once(rows, case)), reading.skipped, asks, reading.year)


def _case(conn: Connection, of: Tracker, act: Act) -> Case:
    use, plan = of.upload.use, of.upload.plan
    names = {a.id: a.name for a in agencies.agencies_on(conn, act.on).values()}
    office = next((a.id for a in contacts.agencies(conn).values() if a.kind == "office"), "")
    actors = users.acting_for(conn, act.user, act.on)
    is_office = any(actor.agency == office and actor.role == "officer" for actor in actors)
    rows = _duties(conn, use, plan, None if is_office else [actor.agency for actor in actors])
    live = [d.key for d in rows if standing(duties.facts(d), act.on).status in LIVE]
    return Case(
        plan=plan,
        on=act.on,
        file=of.upload.name,
        year=of.year,
        names=names,
        answers=of.answers,
        duties=Matcher(rows),
        past={duty.key for duty in past(conn, plan)} if use == "past" else (),
        live=frozenset(live),
        latest=life.latest(conn, live) if use == "progress" else {},
        relays=is_office,
    )


def _duties(conn: Connection, use: str, plan: str, own_agencies: list[str] | None) -> list[Duty]:
    """Return the duties that the lines are matched with: all of the plan, or one's own."""
    where = [conditions.of(plan=plan)]
    if use == "duties":
        where = [conditions.of(plan=plan, measure=adhoc.MEASURE)]
    if own_agencies is not None:
        where.append(conditions.concerning(own_agencies))
    return duties.chosen(conn, *where)


def _once(rows: Iterable[Row], case: Case) -> Iterable[Row]:
    """Yield the rows; a second one about the same duty is asked which it is about."""
    rows_of: dict[str, str] = {}
    for row in rows:
        key = row.duty.key if row.duty and not row.omission else ""
        if key and key in rows_of:
            note = Said("tracker-note.twice", {"place": rows_of[key]})
            ask = case.ask(row.line, "duty", "duty")._replace(value="")
            fields = tuple(f for f in row.fields if f.id != own(row.line, "duty"))
            yield row._replace(
                asks=(ask, *row.asks), fields=fields, notes=(note, *row.notes), deed=None
            )
            continue
        if key:
            rows_of[key] = row.line.place
        yield row
