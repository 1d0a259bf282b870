"""Bring a list back that was filled in: what it changes, row by row, and then all or nothing."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Literal, NamedTuple, cast, get_args

from catalog.errors import ConflictError, DubanError, InvalidError, NotFoundError
from catalog.reports.list_columns import ASKED, fitted, is_cut, mark
from ledger.duties import duties, life
from ledger.people import users as people
from ledger.post import contacts
from tasks.deeds import answering, raising
from tasks.deeds.frame import roles
from tasks.documents.sheets import rows
from tasks.post.contacts import Contact, Position, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from ledger.duties.life import Latest
    from ledger.session import Connection, Ledger
    from tasks.act import Act
    from tasks.documents.sheets import Row

Column = Literal["progress", "problem", "next_step", "address"]
SAID: tuple[Column, ...] = ("progress", "problem", "next_step")
MOST = 2000  # changes at once: each is a deed, and nobody else writes while they are done
DEEDS: Mapping[str, Callable[..., object]] = {
    "progress": answering.progress,
    "problem": raising.raise_problem,
    "next_step": answering.next_step,
}


class Change(NamedTuple):
    """One cell that says something new, and what the ledger says now.

    `subject` is the key of a duty, or `agency/position/channel`; `place` is where the person
    finds the cell.
    """

    place: str
    column: Column
    subject: str
    before: str
    after: str


class Refused(NamedTuple):
    """Why what stands at `place` cannot be taken."""

    place: str
    error: DubanError


class Found(NamedTuple):
    """What a workbook asks for; `same` counts the rows that ask for nothing."""

    changes: list[Change]
    refused: list[Refused]
    same: int


def read(ledger: Ledger, content: IO[bytes], act: Act, *, name: str) -> Found:
    """Compare the workbook `content` with the ledger, and try out what it would change.

    A row that nobody touched since its export asks for nothing, whatever has happened since.
    Raises InvalidError for a file that is refused whole, NotFoundError for a user unknown.
    """
    asked = rows(content, name=name)
    touched = [row for row in asked if not _is_untouched(row)]
    with ledger.read() as conn:
        found = _compared(conn, touched, act)
    if len(found.changes) > MOST:
        raise InvalidError("import-too-many", place=name, most=MOST)
    refused = [*found.refused, *rehearse(ledger, found.changes, act)]
    return Found(found.changes, refused, found.same + len(asked) - len(touched))


def rehearse(ledger: Ledger, changes: Sequence[Change], act: Act) -> list[Refused]:
    """Return which of `changes` the rules refuse as things stand; nothing is kept."""
    with ledger.rehearsal() as tried:
        return list(_done(tried, changes, act))


def carry_out(ledger: Ledger, changes: Sequence[Change], act: Act) -> list[Refused]:
    """Make `changes` in one transaction, each by its own deed; return what refused them all."""
    refused: list[Refused] = []
    try:
        with ledger.together() as whole:
            refused += _done(whole, changes, act)
            if refused:
                raise _NothingKeptError  # noqa: TRY301
    except _NothingKeptError:
        pass
    return refused


class _NothingKeptError(Exception):
    """Ends the transaction of an import of which something was refused."""


def _done(ledger: Ledger, changes: Sequence[Change], act: Act) -> Iterator[Refused]:
    """Do the deed of each change whose cell is still as it was, and yield what is refused."""
    with ledger.read() as conn:
        said = _said(conn, {c.subject for c in changes if c.column != "address"}, act)
    for change in changes:
        try:
            _check(change, said)
            _do(ledger, change, act)
        except DubanError as error:
            yield Refused(change.place, error)


def _check(change: Change, said: Mapping[str, Latest]) -> None:
    if change.column == "address":
        return
    if change.subject not in said:
        raise NotFoundError("duty-unknown", key=change.subject)
    if fitted(getattr(said[change.subject], change.column)) != change.before:
        raise ConflictError("import-stale", place=change.place)


def _do(ledger: Ledger, change: Change, act: Act) -> None:
    if change.column != "address":
        DEEDS[change.column](ledger, change.subject, act, text=change.after)
        return
    with ledger.read() as conn:
        if not _administers(conn, act):
            raise ConflictError("import-not-yours", place=change.place)
    agency, position, channel = change.subject.split("/", 2)
    found = Contact(agency, cast("Position", position), channel, change.after)
    reach(ledger, [found], at=act.at, actor=act.user)


def _compared(conn: Connection, touched: Sequence[Row], act: Act) -> Found:
    """Return what the rows would change, and of each that cannot be read why not."""
    said = _said(conn, {row.texts["key"] for row in touched if row.kind == "duties"}, act)
    reached = contacts.contacts(conn) if _administers(conn, act) else None
    changes: list[Change] = []
    refused: dict[str, DubanError] = {}  # a sheet that is not the actor's is told once
    seen: set[str] = set()
    same = 0
    for row in touched:
        subject, place = row.subject, row.place("key" if row.kind == "duties" else "agency")
        try:
            if subject in seen:
                raise ConflictError("import-twice", place=place)
            asked = _asked(row, said) if row.kind == "duties" else _address(row, reached)
        except DubanError as error:
            refused.setdefault(str(error.values.get("place", place)), error)
            continue
        seen.add(subject)
        same += not asked
        changes += asked
    return Found(changes, [Refused(*each) for each in refused.items()], same)


def _is_untouched(row: Row) -> bool:
    """Tell whether a row is as it was exported; the ledger need not be asked for that."""
    cells = [row.texts[name] for name in ("key", *ASKED) if name in row.texts]
    return row.kind == "duties" and not row.reckoned and row.texts["mark"] == mark(cells)


def _asked(row: Row, said: Mapping[str, Latest]) -> list[Change]:
    key = row.texts["key"]
    if not key:
        raise InvalidError("import-key", place=row.place("key"))
    if key not in said:
        raise NotFoundError("duty-unknown", key=key)
    now = {name: fitted(text) for name, text in said[key]._asdict().items()}
    new = [n for n in SAID if row.texts[n] != now[n] or n in row.reckoned]
    if new and row.texts["mark"] != mark([key, *(now[name] for name in ASKED)]):
        raise ConflictError("import-stale", place=row.place("key"))
    return [_change(row, name, before=now[name]) for name in new]


def _address(row: Row, reached: Mapping[tuple[str, str], Mapping[str, str]] | None) -> list[Change]:
    if reached is None:
        raise ConflictError("import-not-yours", place=row.sheet)
    agency, position, channel = row.subject.split("/", 2)
    if position not in get_args(Position):
        known = ", ".join(get_args(Position))
        raise InvalidError("import-position", place=row.place("position"), known=known)
    before = reached.get((agency, position), {}).get(channel, "")
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


def _said(conn: Connection, keys: Collection[str], act: Act) -> dict[str, Latest]:
    """Return what was said last of those of `keys` that `act.user` may see."""
    users = people.acting_for(conn, act.user, act.on)
    office = next((a.id for a in contacts.agencies(conn).values() if a.kind == "office"), "")
    sees_all = any(user.role in {"reviewer", "administrator"} for user in users)
    held = duties.of(conn, keys).values()
    seen = [duty.key for duty in held if sees_all or roles(users, duty, office)]
    return life.latest(conn, seen)


def _administers(conn: Connection, act: Act) -> bool:
    users = people.acting_for(conn, act.user, act.on)
    return any(user.role == "administrator" for user in users)
