"""Seals: digests in the history that bind passwords and tokens to the entries that made them.

The rows themselves stay out of the history. A digest tells nothing of them, because each row holds
a random salt, or is the hash of a random token.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.proof.chain import Draft, Fault, append, canonical
from ledger.store.bulk_rows import default_of
from ledger.tables import TABLES, instant_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ledger.store.changes import Change

    Place = tuple[str, Any]  # a table and a key in it
    Seals = dict[Place, str]  # the last digest of each row

# The sealed tables, each with the columns that change without an entry.
FLEETING: dict[str, frozenset[str]] = {
    "credentials": frozenset({"totp_step"}),
    "tokens": frozenset(),
}
ADOPTING = "ledger"  # the subject of the entry that seals what was made before
FIELD = "sealed"  # of a payload: [table, key, digest] of each row


def sealed(changes: Iterable[Change]) -> Iterator[Place]:
    """Yield the rows among `changes` that need a new seal."""
    for table, key, values, *_ in changes:
        if table in FLEETING and not FLEETING[table].issuperset(values):
            yield table, key


def seal(conn: sa.Connection, drafts: list[Draft], places: Collection[Place]) -> list[Draft]:
    """Return `drafts` with the digests of these rows as they are now.

    A row's digest goes into the last entry about its user, else into the last entry.
    """
    last = {draft.subject: number for number, draft in enumerate(drafts)}
    sealed_in: dict[int, list[list[str]]] = {}
    for name, key in sorted(places):
        row = conn.execute(_raw(name).where(_key(name) == key)).one()
        number = last.get(row.user, len(drafts) - 1)
        sealed_in.setdefault(number, []).append([name, key, _digest(name, row)])
    return [
        _with(draft, sealed_in[number]) if number in sealed_in else draft
        for number, draft in enumerate(drafts)
    ]


def take(seals: Seals, payload: Any) -> None:
    """Note the seals of an entry."""
    for table, key, digest in payload.get(FIELD, ()):
        seals[table, key] = digest


def faults(
    conn: sa.Connection, seals: Seals, users: Collection[str] | None = None
) -> Iterator[Fault]:
    """Yield where the sealed tables differ from the last seal of each row: of all, or of `users`.

    The seals are then those of the entries about these users.
    """
    rest = dict(seals)
    may_lack = {"credentials"} if _is_demonstration(conn) else set()
    for name in FLEETING:
        for row in conn.execute(_raw(name)):
            if users is not None and row.user not in users:
                rest.pop((name, row[0]), None)
                continue
            key = row[0]
            expected = rest.pop((name, key), None)
            if expected is None and name in may_lack:
                continue
            if expected is None:
                yield Fault(None, f"unrecorded: {name} {key}, which no entry made; {_mend(name)}")
            elif expected != _digest(name, row):
                yield Fault(
                    None, f"differs: {name} {key} from what its entry sealed; {_mend(name)}"
                )
    for name, key in rest:
        yield Fault(None, f"lost: {name} {key}, which an entry made; {_mend(name)}")


def every(conn: sa.Connection) -> list[Place]:
    """Return the place of every sealed row."""
    return [(name, row[0]) for name in FLEETING for row in conn.execute(_raw(name))]


def _is_demonstration(conn: sa.Connection) -> bool:
    """Tell whether all plans are demonstrations, whose one password leaves no entry."""
    editions = TABLES["editions"].c
    kinds = conn.scalars(sa.select(editions.is_demo).where(editions.in_force).distinct())
    return list(kinds) == [True]


def _mend(name: str) -> str:
    if name == "credentials":
        return "`duban user password` sets a new one"
    return "end the tokens of its user, and make new ones"


def _with(draft: Draft, rows: list[list[str]]) -> Draft:
    return draft._replace(payload=canonical(json.loads(draft.payload) | {FIELD: rows}))


def _key(name: str) -> sa.Column[Any]:
    (column,) = TABLES[name].primary_key
    return column


def _digest(name: str, row: sa.Row[Any]) -> str:
    """Return the digest of a row, the same on every database.

    A column at its default does not count, so that one can be added to the table.
    """
    table = TABLES[name]
    values = {
        column: str(int(value) if isinstance(value, bool) else value)
        for column, value in row._asdict().items()
        if value is not None and value != default_of(table.c[column])
    }
    return hashlib.sha256(canonical([name, values]).encode()).hexdigest()


def _raw(name: str) -> sa.Select[Any]:
    """Return the query of the bound columns as they are stored, the key first."""
    table = TABLES[name]
    key = _key(name).name
    names = [key, *(c.name for c in table.columns if c.name not in {key, *FLEETING[name]})]
    return sa.select(*(sa.type_coerce(table.c[n], sa.types.NullType()).label(n) for n in names))


def adopt(conn: sa.Connection) -> None:
    """Seal the rows made before there were seals, in an entry of their own."""
    if not (places := every(conn)):
        return
    payload = canonical({"changes": []})
    draft = Draft(instant_text(now(conn)), "duban", "proofs-adopted", ADOPTING, payload)
    append(conn, seal(conn, [draft], places))


def now(conn: sa.Connection) -> dt.datetime:
    """Return the present instant as the database has it; a migration is given none."""
    now = conn.scalar(sa.select(sa.cast(sa.func.current_timestamp(), sa.String)))
    at = dt.datetime.fromisoformat(str(now))
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
