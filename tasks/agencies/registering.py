"""Registration of agencies: their ids, names and aliases."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from catalog.clean import one_line, typed
from catalog.errors import ConflictError, InvalidError, NotFoundError
from catalog.plans.contents import Agency, AgencyKind
from catalog.reading.grammar.folding import fold
from ledger.post import contacts
from ledger.store.changes import Change
from tasks.agencies.names import names, owners

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Container, Iterable, Mapping, Sequence

    from ledger.session import Ledger

KINDS: tuple[AgencyKind, ...] = get_args(AgencyKind)
LONGEST_NAME = 100  # characters
LONGEST_ID = 60
LONGEST_STEM = 50  # of an id made here; a number may follow
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BETWEEN = re.compile(r"[、,，;；\n]+")
_LATIN = re.compile(r"[a-z0-9]+")


class Newcomer(NamedTuple):
    """An agency to register; without an `id` it gets one made from its name."""

    name: str
    id: str = ""
    kind: AgencyKind = "department"
    aliases: tuple[str, ...] = ()
    host: str | None = None


def register(
    ledger: Ledger, newcomers: Sequence[Newcomer], *, at: dt.datetime, actor: str
) -> list[str]:
    """Register the newcomers, all or none; return their ids in order.

    InvalidError for an id or name that cannot be one, NotFoundError for an unknown host,
    ConflictError for an id in use, or a name or alias that another agency has in either script.
    """
    ids: list[str] = []
    with ledger.transaction(alone=True) as tx:
        known, taken = owners(names(tx.conn)), set(contacts.agencies(tx.conn))
        for each in newcomers:
            agency = checked(each, known, taken)
            row = Change("agencies", agency.id, agency_values(agency), "insert")
            tx.record("registered", agency.id, changes=[row], at=at, actor=actor)
            known |= {fold(name): [agency.id] for name in (agency.name, *agency.aliases)}
            taken.add(agency.id)
            ids.append(agency.id)
    return ids


def add_aliases(
    ledger: Ledger, agency: str, aliases: Iterable[str], *, at: dt.datetime, actor: str
) -> int:
    """Record further names of an agency; return how many are new.

    Raises NotFoundError for an unregistered agency, ConflictError for a name that another has.
    """
    with ledger.transaction(alone=True) as tx:
        registered = contacts.agencies(tx.conn)
        if agency not in registered:
            raise NotFoundError("agency-unknown", agency=agency)
        known = owners(names(tx.conn))
        cleaned = dict.fromkeys(map(cleaned_name, aliases))
        new = [name for name in cleaned if agency not in known.get(fold(name), ())]
        _refuse_taken(new, known)
        if new:
            row = Change("agencies", agency, {"aliases": (*registered[agency].aliases, *new)})
            tx.record("also-called", agency, changes=[row], at=at, actor=actor)
    return len(new)


def checked(newcomer: Newcomer, known: Mapping[str, list[str]], ids: Container[str]) -> Agency:
    """Return the agency as it is registered, its names cleaned; refuse one that cannot be."""
    name = cleaned_name(newcomer.name)
    aliases = tuple(dict.fromkeys(a for n in newcomer.aliases if (a := cleaned_name(n)) != name))
    if newcomer.kind not in KINDS:
        raise InvalidError("agency-kind", place=name, kind=newcomer.kind, known=", ".join(KINDS))
    host = newcomer.host or None
    if host and host not in ids:
        raise NotFoundError("agency-unknown", agency=host)
    _refuse_taken((name, *aliases), known)
    agency = newcomer.id.strip() or id_of(name, ids)
    if not _ID.fullmatch(agency) or len(agency) > LONGEST_ID:
        raise InvalidError("agency-id", place=name, id=one_line(agency))
    if agency in ids:
        raise ConflictError("agency-id-taken", id=agency)
    return Agency(id=agency, name=name, aliases=aliases, kind=newcomer.kind, host=host)


def id_of(name: str, ids: Container[str]) -> str:
    """Return an id for an agency of that name: its Latin words, or the next of `a-1`, `a-2`."""
    folded = unicodedata.normalize("NFKC", name).lower()
    is_latin = all(c.isascii() for c in folded if c.isalpha())
    words = "-".join(_LATIN.findall(folded))[:LONGEST_STEM].strip("-") if is_latin else ""
    if words and words not in ids:
        return words
    numbers = itertools.count(2 if words else 1)
    return next(agency for n in numbers if (agency := f"{words or 'a'}-{n}") not in ids)


def agency_values(agency: Agency) -> dict[str, Any]:
    """Return the row of the register for an agency."""
    values = {"name": agency.name, "kind": agency.kind, "host": agency.host}
    return values | ({"aliases": agency.aliases} if agency.aliases else {})


def cleaned_name(text: str) -> str:
    """Return a name or an alias as it is recorded; InvalidError for one without a letter."""
    name = one_line(typed(text, "name", LONGEST_NAME))
    if not any(c.isalnum() for c in name):
        raise InvalidError("agency-name", place=name or "-")
    return name


def several_names(text: str) -> tuple[str, ...]:
    """Return the names that are written in one field: 教育局、市教委."""
    return tuple(name for each in _BETWEEN.split(text) if (name := each.strip()))


def _refuse_taken(new: Iterable[str], known: Mapping[str, list[str]]) -> None:
    for name in new:
        for other in known.get(fold(name), ()):
            raise ConflictError("agency-name-taken", name=name, agency=other)
