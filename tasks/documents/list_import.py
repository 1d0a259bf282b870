"""Import of a filled-in list of duties: compared row by row, then applied all or nothing."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Literal, NamedTuple, cast, get_args

from catalog.errors import ConflictError, DubanError, InvalidError, NotFoundError
from catalog.reports.export_columns import ASKED, edited, fitted, is_cut, mark, of_row
from ledger.duties import duties, life
from ledger.people import users
from ledger.post import contacts
from tasks.act import Relay
from tasks.all_or_nothing import Refusal, all_or_nothing
from tasks.deeds import answering, raising
from tasks.deeds.frame import roles
from tasks.documents.sheets import rows
from tasks.post.contacts import Contact, Position, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from ledger.duties.duties import Duty
    from ledger.duties.life import Latest
    from ledger.session import Connection, Ledger
    from tasks.act import Act
    from tasks.documents.sheets import Row

Column = Literal["progress", "problem", "next_step", "address"]
REMARKS: tuple[Column, ...] = ("progress", "problem", "next_step")
MOST = 2000  # changes at once: each is a deed, and nobody else can write meanwhile
DEEDS: Mapping[str, Callable[..., object]] = {
    "progress": answering.progress,
    "problem": raising.raise_problem,
    "next_step": answering.next_step,
}


class Change(NamedTuple):
    """One cell with a new value, beside the value in the ledger.

    `subject` is the key of a duty, or `agency/position/channel`; `place` locates the cell for
    the person. Where the office brings it in, `agency` is whose word it is.
    """

    place: str
    column: Column
    subject: str
    before: str
    after: str
    agency: str = ""


class Edit(NamedTuple):
    """A cell that is not taken: its place and text, and the text of a date before.

    `column` is the name of a column of the export, or the heading of another.
    """

    place: str
    column: str
    subject: str
    before: str
    after: str


class Comparison(NamedTuple):
    """The changes of a workbook, and edits of columns that are not taken.

    `same` counts the rows without a change.
    """

    changes: list[Change]
    refused: list[Refusal]
    same: int
    edits: Sequence[Edit] = ()


def read(ledger: Ledger, content: IO[bytes], act: Act, *, name: str, of: str = "") -> Comparison:
    """Compare the workbook `content` with the ledger and rehearse its changes.

    Where the office brings it in, it is the word of the agency `of`, by default of the performer
    of each duty. Raises InvalidError for an unusable file, NotFoundError for an unknown user.
    """
    return compare(ledger, rows(content, name=name), act, name=name, of=of)


def compare(
    ledger: Ledger, sheet_rows: Sequence[Row], act: Act, *, name: str, of: str = ""
) -> Comparison:
    """Compare the rows of the workbook `name` with the ledger and rehearse their changes.

    A row untouched since its export changes nothing, whatever has happened in the ledger since.
    """
    touched = [row for row in sheet_rows if not _is_untouched(row)]
    with ledger.read() as conn:
        comparison = _compare(conn, touched, act, of)
        edits = list(_edits(conn, sheet_rows, act))
    if len(comparison.changes) > MOST:
        raise InvalidError("import-too-many", place=name, most=MOST)
    refused = [*comparison.refused, *rehearse(ledger, comparison.changes, act, name=name)]
    same = comparison.same + len(sheet_rows) - len(touched)
    return Comparison(comparison.changes, refused, same, edits)


def rehearse(
    ledger: Ledger, changes: Sequence[Change], act: Act, *, name: str = ""
) -> list[Refusal]:
    """Return the changes that the rules refuse now; nothing is recorded."""
    with ledger.rehearsal() as rehearsal:
        return list(_apply(rehearsal, changes, act, name))


def carry_out(
    ledger: Ledger, changes: Sequence[Change], act: Act, *, name: str = ""
) -> list[Refusal]:
    """Apply `changes` in one transaction, each by its own deed; a refusal undoes all of them.

    `name` is the file they came in.
    """
    return all_or_nothing(ledger, lambda whole: _apply(whole, changes, act, name))


def _apply(ledger: Ledger, changes: Sequence[Change], act: Act, name: str) -> Iterator[Refusal]:
    """Do the deed of each change whose cell is unchanged in the ledger; yield the refusals."""
    with ledger.read() as conn:
        visible = _visible(conn, {c.subject for c in changes if c.column != "address"}, act)
        latest = life.latest(conn, list(visible))
        others = _of_others(conn, visible, act)
    for change in changes:
        try:
            _check(change, latest)
            of = (change.agency or others[change.subject]) if change.subject in others else ""
            _do(ledger, change, act._replace(relay=Relay(of, name)) if of else act)
        except DubanError as error:
            yield Refusal(change.place, error)


def _check(change: Change, latest: Mapping[str, Latest]) -> None:
    if change.column == "address":
        return
    if change.subject not in latest:
        raise NotFoundError("duty-unknown", key=change.subject)
    if fitted(getattr(latest[change.subject], change.column)) != change.before:
        raise ConflictError("import-stale", place=change.place)


def _do(ledger: Ledger, change: Change, act: Act) -> None:
    if change.column != "address":
        DEEDS[change.column](ledger, change.subject, act, text=change.after)
        return
    with ledger.read() as conn:
        if not _administers(conn, act):
            raise ConflictError("import-not-yours", place=change.place)
    agency, position, channel = change.subject.split("/", 2)
    contact = Contact(agency, cast("Position", position), channel, change.after)
    reach(ledger, [contact], at=act.at, actor=act.user)


def _compare(conn: Connection, touched: Sequence[Row], act: Act, of: str) -> Comparison:
    """Return the changes of the rows, and a refusal for each unreadable one."""
    visible = _visible(conn, {row.texts["key"] for row in touched if row.kind == "duties"}, act)
    latest = life.latest(conn, list(visible))
    others = _of_others(conn, visible, act)
    addresses = contacts.contacts(conn) if _administers(conn, act) else None
    changes: list[Change] = []
    refused: dict[str, DubanError] = {}  # a sheet that is not the actor's is reported once
    subjects: set[str] = set()
    same = 0
    for row in touched:
        subject, place = row.subject, row.place("key" if row.kind == "duties" else "agency")
        try:
            if subject in subjects:
                raise ConflictError("import-twice", place=place)
            row_changes = (
                _duty_changes(row, latest)
                if row.kind == "duties"
                else _address_changes(row, addresses)
            )
        except DubanError as error:
            refused.setdefault(str(error.values.get("place", place)), error)
            continue
        subjects.add(subject)
        same += not row_changes
        own = (of or others[subject]) if subject in others else ""
        changes += [change._replace(agency=own) for change in row_changes]
    return Comparison(changes, [Refusal(*each) for each in refused.items()], same)


def _is_untouched(row: Row) -> bool:
    """Tell whether a row is as it was exported, without reading the ledger."""
    cells = [row.texts[name] for name in ("key", *ASKED) if name in row.texts]
    is_asked = not row.reckoned.isdisjoint(ASKED)
    return row.kind == "duties" and not is_asked and of_row(row.texts["mark"]) == mark(cells)


def _duty_changes(row: Row, latest: Mapping[str, Latest]) -> list[Change]:
    key = row.texts["key"]
    if not key:
        raise InvalidError("import-key", place=row.place("key"))
    if key not in latest:
        raise NotFoundError("duty-unknown", key=key)
    now = {name: fitted(text) for name, text in latest[key]._asdict().items()}
    new = [n for n in REMARKS if row.texts[n] != now[n] or n in row.reckoned]
    if new and of_row(row.texts["mark"]) != mark([key, *(now[name] for name in ASKED)]):
        raise ConflictError("import-stale", place=row.place("key"))
    return [_change(row, name, before=now[name]) for name in new]


def _address_changes(
    row: Row, addresses: Mapping[tuple[str, str], Mapping[str, str]] | None
) -> list[Change]:
    if addresses is None:
        raise ConflictError("import-not-yours", place=row.sheet)
    agency, position, channel = row.subject.split("/", 2)
    if position not in get_args(Position):
        positions = ", ".join(get_args(Position))
        raise InvalidError("import-position", place=row.place("position"), known=positions)
    before = addresses.get((agency, position), {}).get(channel, "")
    if row.texts["address"] == before:
        return []
    return [_change(row, "address", before=before)]


def _change(row: Row, column: Column, *, before: str) -> Change:
    after, place = row.texts[column], row.place(column)
    if column in row.reckoned:
        raise InvalidError("import-formula", place=place)
    if not after:
        raise InvalidError("import-emptied", place=place)
    if is_cut(after):
        raise InvalidError("import-cut", place=place)
    return Change(place, column, row.subject, before, after)


def _edits(conn: Connection, rows_: Sequence[Row], act: Act) -> Iterator[Edit]:
    """Yield the edits of columns that show the ledger, and what stands in columns of others."""
    own = [(row, edited(row.texts["mark"], row.texts)) for row in rows_ if row.kind == "duties"]
    visible = _visible(conn, {row.texts["key"] for row, names in own if names != ()}, act)
    for row, columns in own:
        duty = visible.get(row.texts["key"])
        days = _days(duty) if duty else {}
        # An export of another version: the dates are compared with those of now.
        other = (n for n, day in days.items() if n in row.texts and row.texts[n] != day)
        for name in other if columns is None else columns:
            yield Edit(row.place(name), name, row.subject, days.get(name, ""), row.texts[name])
        for heading, text in row.others.items():
            yield Edit(row.place(heading), heading, row.subject, "", text)


def _days(duty: Duty) -> dict[str, str]:
    """Return the days of a duty that a list shows, by column."""
    days = {"due_on": duty.due_on, "ended_on": duty.closed_on or duty.accepted_on}
    return {name: day.isoformat() if day else "" for name, day in days.items()}


def _visible(conn: Connection, keys: Collection[str], act: Act) -> dict[str, Duty]:
    """Return those duties of `keys` that `act.user` may see."""
    actors = users.acting_for(conn, act.user, act.on)
    office = _office(conn)
    sees_all = any(user.role in {"reviewer", "administrator"} for user in actors)
    rows = duties.of(conn, keys).values()
    return {duty.key: duty for duty in rows if sees_all or roles(actors, duty, office)}


def _of_others(conn: Connection, visible: Mapping[str, Duty], act: Act) -> dict[str, str]:
    """Return the performers of the duties whose remarks the office brings in, by key."""
    actors, office = users.acting_for(conn, act.user, act.on), _office(conn)
    own = {key: roles(actors, duty, office) for key, duty in visible.items()}
    return {key: visible[key].performer for key, parts in own.items() if parts == {"office"}}


def _office(conn: Connection) -> str:
    return next((a.id for a in contacts.agencies(conn).values() if a.kind == "office"), "")


def _administers(conn: Connection, act: Act) -> bool:
    actors = users.acting_for(conn, act.user, act.on)
    return any(user.role == "administrator" for user in actors)
