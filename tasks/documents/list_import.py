"""Import of a filled-in list of duties: compared row by row, then applied all or nothing."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Literal, NamedTuple, cast, get_args

from catalog.errors import ConflictError, DubanError, InvalidError, NotFoundError
from catalog.reports.export_columns import ASKED, fitted, is_cut, mark
from ledger.duties import duties, life
from ledger.people import users
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
    the person.
    """

    place: str
    column: Column
    subject: str
    before: str
    after: str


class Refusal(NamedTuple):
    """A row or cell at `place` that is refused, with the reason."""

    place: str
    error: DubanError


class Comparison(NamedTuple):
    """The changes of a workbook; `same` counts the rows without a change."""

    changes: list[Change]
    refused: list[Refusal]
    same: int


def read(ledger: Ledger, content: IO[bytes], act: Act, *, name: str) -> Comparison:
    """Compare the workbook `content` with the ledger and rehearse its changes.

    Raises InvalidError for an unusable file, NotFoundError for an unknown user.
    """
    return compare(ledger, rows(content, name=name), act, name=name)


def compare(ledger: Ledger, sheet_rows: Sequence[Row], act: Act, *, name: str) -> Comparison:
    """Compare the rows of the workbook `name` with the ledger and rehearse their changes.

    A row untouched since its export changes nothing, whatever has happened in the ledger since.
    """
    touched = [row for row in sheet_rows if not _is_untouched(row)]
    with ledger.read() as conn:
        comparison = _compare(conn, touched, act)
    if len(comparison.changes) > MOST:
        raise InvalidError("import-too-many", place=name, most=MOST)
    refused = [*comparison.refused, *rehearse(ledger, comparison.changes, act)]
    return Comparison(comparison.changes, refused, comparison.same + len(sheet_rows) - len(touched))


def rehearse(ledger: Ledger, changes: Sequence[Change], act: Act) -> list[Refusal]:
    """Return the changes that the rules refuse now; nothing is recorded."""
    with ledger.rehearsal() as rehearsal:
        return list(_apply(rehearsal, changes, act))


def carry_out(ledger: Ledger, changes: Sequence[Change], act: Act) -> list[Refusal]:
    """Apply `changes` in one transaction, each by its own deed; a refusal undoes all of them."""
    refused: list[Refusal] = []
    try:
        with ledger.together() as whole:
            refused += _apply(whole, changes, act)
            if refused:
                raise _NothingKeptError  # noqa: TRY301  ends the transaction of `with`
    except _NothingKeptError:
        pass
    return refused


class _NothingKeptError(Exception):
    """Ends the transaction of an import with a refusal."""


def _apply(ledger: Ledger, changes: Sequence[Change], act: Act) -> Iterator[Refusal]:
    """Do the deed of each change whose cell is unchanged in the ledger; yield the refusals."""
    with ledger.read() as conn:
        latest = _latest(conn, {c.subject for c in changes if c.column != "address"}, act)
    for change in changes:
        try:
            _check(change, latest)
            _do(ledger, change, act)
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


def _compare(conn: Connection, touched: Sequence[Row], act: Act) -> Comparison:
    """Return the changes of the rows, and a refusal for each unreadable one."""
    latest = _latest(conn, {row.texts["key"] for row in touched if row.kind == "duties"}, act)
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
        changes += row_changes
    return Comparison(changes, [Refusal(*each) for each in refused.items()], same)


def _is_untouched(row: Row) -> bool:
    """Tell whether a row is as it was exported, without reading the ledger."""
    cells = [row.texts[name] for name in ("key", *ASKED) if name in row.texts]
    return row.kind == "duties" and not row.reckoned and row.texts["mark"] == mark(cells)


def _duty_changes(row: Row, latest: Mapping[str, Latest]) -> list[Change]:
    key = row.texts["key"]
    if not key:
        raise InvalidError("import-key", place=row.place("key"))
    if key not in latest:
        raise NotFoundError("duty-unknown", key=key)
    now = {name: fitted(text) for name, text in latest[key]._asdict().items()}
    new = [n for n in REMARKS if row.texts[n] != now[n] or n in row.reckoned]
    if new and row.texts["mark"] != mark([key, *(now[name] for name in ASKED)]):
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


def _latest(conn: Connection, keys: Collection[str], act: Act) -> dict[str, Latest]:
    """Return the latest remarks of those duties of `keys` that `act.user` may see."""
    actors = users.acting_for(conn, act.user, act.on)
    office = next((a.id for a in contacts.agencies(conn).values() if a.kind == "office"), "")
    sees_all = any(user.role in {"reviewer", "administrator"} for user in actors)
    rows = duties.of(conn, keys).values()
    visible = [duty.key for duty in rows if sees_all or roles(actors, duty, office)]
    return life.latest(conn, visible)


def _administers(conn: Connection, act: Act) -> bool:
    actors = users.acting_for(conn, act.user, act.on)
    return any(user.role == "administrator" for user in actors)
