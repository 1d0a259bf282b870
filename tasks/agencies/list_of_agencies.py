"""A list of agencies with their contacts: read, compared with the register, and taken."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from typing import IO, TYPE_CHECKING, Literal, NamedTuple, TypedDict

from catalog.errors import ConflictError, DubanError, InvalidError
from catalog.reading.grammar.folding import fold
from ledger.people import agencies
from ledger.post import contacts
from ledger.post.contacts import MAIL
from tasks.agencies.columns import columns_of, kind_by_name, kind_of, position_of
from tasks.agencies.names import names, owners, registered
from tasks.agencies.registering import (
    KINDS,
    Newcomer,
    add_aliases,
    cleaned_name,
    register,
    several_names,
)
from tasks.post.contacts import POSITIONS, Contact, name_persons, reach
from tasks.spreadsheets.grids import grids

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from catalog.plans.contents import AgencyKind
    from catalog.reading.who.register import Register
    from catalog.trackers.grid import Grid
    from ledger.session import Ledger
    from tasks.agencies.columns import Column, Field
    from tasks.post.contacts import Position

ADDRESS_ERRORS = ("address-full-width", "address-invalid", "address-not-ascii", "address-with-name")
Effect = Literal["new", "changed", "same", "refused"]
FIELD_OF: dict[str, Field] = {
    "agency-kind": "kind",
    "agency-kind-other": "kind",
    "agency-id": "id",
    "agency-id-other": "id",
    "agency-id-taken": "id",
    "position-unknown": "position",
    "contact-twice": "person",
    **dict.fromkeys(ADDRESS_ERRORS, "mail"),
}
OF_A_PERSON: tuple[Field, ...] = ("person", "mail", "telephone")
MOST = 2000  # lines of one list
_GAPS = re.compile(r"\t|\s{2,}|[,，;；]")  # between the cells of a typed line


class Line(NamedTuple):
    """A person of one position of an agency, as a row of the list has them; "" where it is silent.

    `row` is its number in the list, `cells` names the cell of each field: `D3`.
    """

    row: int
    name: str
    id: str = ""
    aliases: str = ""
    kind: str = ""
    position: str = ""
    person: str = ""
    mail: str = ""
    telephone: str = ""
    cells: Mapping[Field, str] = {}

    def place(self, field: Field) -> str:
        """Return the cell of a field as a spreadsheet names it, or the row."""
        return self.cells.get(field, f"{self.row}")


class Row(NamedTuple):
    """What a line would do: with an agency's id and what is wrong in it.

    `similar` are the registered agencies whose names resemble that of a new one.
    """

    line: Line
    agency: str
    effect: Effect
    error: DubanError | None = None
    similar: tuple[str, ...] = ()


def read(text: str) -> list[Line]:
    """Return the lines of a list that was typed or pasted from a spreadsheet.

    Cells are apart by tabs, or where there is none by commas or wide gaps.
    """
    if "\t" in text:
        return lines_of(list(csv.reader(io.StringIO(text), delimiter="\t")))
    return lines_of([_GAPS.split(line.strip()) for line in text.splitlines()])


def table_of(content: IO[bytes], *, name: str) -> str:
    """Return the list in a spreadsheet's file, as text pasted from it.

    It is the first sheet shown whose columns have heads, so that a cover before it is no list;
    without heads the first one shown. Raises InvalidError for a file that is no spreadsheet or has
    only empty sheets.
    """
    sheets = [grid for grid in grids(content, name=name) if not grid.is_hidden]
    if not sheets:
        raise InvalidError("agencies-no-names", place=name)
    tables = [_cells(grid) for grid in sheets]
    table = next((each for each in tables if columns_of(each)[1]), tables[0])
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(table)
    return text.getvalue()


def _cells(grid: Grid) -> list[list[str]]:
    columns = range(max(2, grid.width))
    return [[grid.shown(row, at).text for at in columns] for row in range(len(grid.rows))]


def lines_of(table: Sequence[Sequence[str]]) -> list[Line]:
    """Return the lines of a table; InvalidError for one without a column of names.

    A row without a name goes on with the agency of the row above it.
    """
    grid = [[cell.strip() for cell in row] for row in table]
    columns, above = columns_of(grid)
    if not any(column.field == "name" for column in columns):
        raise InvalidError("agencies-no-names", place="1")
    lines = list(_lines(grid, columns, above))
    if len(lines) > MOST:
        raise InvalidError("agencies-too-many", place=f"{MOST}", most=MOST)
    return lines


def _lines(grid: Sequence[Sequence[str]], columns: Sequence[Column], above: int) -> Iterator[Line]:
    groups = _groups(columns)
    before = ""
    for number, row in enumerate(grid[above:], above + 1):
        for nth, (position, group) in enumerate(groups):
            values: dict[Field, list[str]] = defaultdict(list)
            cells: dict[Field, str] = {}
            for column in group:
                if column.at < len(row) and row[column.at]:
                    values[column.field].append(row[column.at])
                    cells.setdefault(column.field, f"{column.letter}{number}")
            texts = {field: ", ".join(dict.fromkeys(each)) for field, each in values.items()}
            own = {*OF_A_PERSON, "position"} & texts.keys()
            if not texts or (position and nth and not own):
                continue
            before = texts["name"] = texts.get("name") or before
            if position and own and "position" not in texts:
                texts["position"] = position
            yield Line(number, cells=cells, **texts)


def _groups(columns: Sequence[Column]) -> list[tuple[Position | None, list[Column]]]:
    """Return the columns of each position that has some of its own, with those of the agency.

    A mail address or telephone before all of them belongs to the first.
    """
    agency = [c for c in columns if c.position is None and c.field not in OF_A_PERSON]
    first = [c for c in columns if c.position is None and c.field in OF_A_PERSON]
    positions = list(dict.fromkeys(c.position for c in columns if c.position))
    if not positions:
        return [(None, [*agency, *first])]
    own = {p: [c for c in columns if c.position == p] for p in positions}
    own[positions[0]] += first
    return [(position, [*agency, *each]) for position, each in own.items()]


def compare(ledger: Ledger, lines: Sequence[Line], *, at: dt.datetime, actor: str) -> list[Row]:
    """Return what each line would do, and what is wrong with it; nothing is recorded."""
    with ledger.rehearsal() as rehearsal:
        return list(_apply(rehearsal, lines, at=at, actor=actor))


def take(ledger: Ledger, lines: Sequence[Line], *, at: dt.datetime, actor: str) -> list[Row]:
    """Record the list, all of it or nothing; return its rows."""
    rows: list[Row] = []
    try:
        with ledger.together() as whole:
            rows += _apply(whole, lines, at=at, actor=actor)
            if any(row.error for row in rows):
                raise _NothingTakenError  # noqa: TRY301  ends the transaction of `with`
    except _NothingTakenError:
        pass
    return rows


class _NothingTakenError(Exception):
    """Ends the transaction of a list with a refused row."""


def _apply(ledger: Ledger, lines: Sequence[Line], *, at: dt.datetime, actor: str) -> Iterator[Row]:
    with ledger.read() as conn:
        before, known = registered(conn), owners(names(conn))
    taking = _Taking(ledger, before, known, at, actor)
    yield from map(taking.row, lines)


class _By(TypedDict):
    at: dt.datetime
    actor: str


class _Taking:
    """The lines of a list, taken one after the other, each whole or not at all."""

    def __init__(
        self,
        ledger: Ledger,
        before: Register,
        known: dict[str, list[str]],
        at: dt.datetime,
        actor: str,
    ) -> None:
        self._ledger, self._before, self._known = ledger, before, known
        self._by: _By = {"at": at, "actor": actor}
        self._seen: dict[tuple[str, str, str], str] = {}

    def row(self, line: Line) -> Row:
        """Record one line; return what it did, or why it was refused."""
        having, before = self._known.get(fold(line.name), []), dict(self._seen)
        similar = () if having else self._similar(line.name)
        try:
            with self._ledger.together() as part:
                agency, effect = self._taken(part, line, having)
        except DubanError as error:
            self._seen = before
            return Row(line, "".join(having[:1]), "refused", _at(error, line), similar)
        self._known.setdefault(fold(line.name), [agency])
        return Row(line, agency, effect, similar=similar)

    def _similar(self, name: str) -> tuple[str, ...]:
        of = {agency.id: agency.name for agency in self._before.agencies}
        return tuple(of[agency] for agency in self._before.similar(name))

    def _taken(self, part: Ledger, line: Line, having: Sequence[str]) -> tuple[str, Effect]:
        """Record the agency of a line, its further names, and its contact."""
        cleaned_name(line.name)
        if len(having) > 1:
            several = ", ".join(having)
            raise ConflictError("agency-ambiguous", place="", name=line.name, agencies=several)
        aliases = several_names(line.aliases)
        if having:
            self._check_known(part, line, having[0])
            changed = add_aliases(part, having[0], aliases, **self._by)
            changed += self._contact(part, line, having[0])
            return having[0], "changed" if changed else "same"
        kind = _kind(line) or kind_by_name(line.name)
        newcomer = Newcomer(line.name, line.id, kind, aliases)
        (agency,) = register(part, [newcomer], **self._by)
        self._contact(part, line, agency)
        return agency, "new"

    def _check_known(self, part: Ledger, line: Line, agency: str) -> None:
        """Refuse a line about an agency that has ended, or is registered otherwise."""
        with part.read() as conn:
            row, ended = contacts.agencies(conn)[agency], agencies.ended_on(conn, agency)
        if ended:
            raise ConflictError("agency-ended", agency=row.name, on=ended)
        if line.id and line.id != agency:
            raise ConflictError(
                "agency-id-other", place="", id=line.id, agency=row.name, own=agency
            )
        if (kind := _kind(line)) and kind != row.kind:
            raise ConflictError("agency-kind-other", place="", agency=row.name, kind=row.kind)

    def _contact(self, part: Ledger, line: Line, agency: str) -> int:
        """Record how the position of a line is reached, and by whom; return how much is new."""
        words = {"name": line.person, "telephone": line.telephone}
        words = {name: text for name, text in words.items() if text}
        position = position_of(line.position) if line.position else "officer"
        if position is None:
            known = ", ".join(POSITIONS)
            raise InvalidError("position-unknown", place="", position=line.position, known=known)
        changed = 0
        if line.mail:
            self._once(line, agency, position, "mail")
            changed += reach(part, [Contact(agency, position, MAIL, line.mail)], **self._by)
        if words:
            self._once(line, agency, position, "person")
            changed += name_persons(part, {(agency, position): words}, **self._by)
        return changed

    def _once(self, line: Line, agency: str, position: Position, field: Field) -> None:
        """Refuse two different lines about one position: the second would replace the first."""
        value: str = getattr(line, field)
        if self._seen.setdefault((agency, position, field), value) != value:
            raise ConflictError("contact-twice", place="", agency=line.name, position=position)


def _kind(line: Line) -> AgencyKind | None:
    kind = kind_of(line.kind) if line.kind else None
    if line.kind and kind is None:
        raise InvalidError("agency-kind", place="", kind=line.kind, known=", ".join(KINDS))
    return kind


def _at(error: DubanError, line: Line) -> DubanError:
    """Return the error with the cell of the list in the place of what it names."""
    place = line.place(FIELD_OF.get(error.key, "name"))
    return type(error)(error.key, **{**error.values, "place": place})
