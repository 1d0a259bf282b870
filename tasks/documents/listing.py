"""Lines of an office's list of duties, read in short transactions."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ledger.duties import conditions, duties, life
from ledger.reports import granted_and_released
from tasks.in_force import in_force
from tasks.shares import share_among, shares

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.duties.duties import Duty
    from ledger.duties.life import Latest, RelayedWord
    from ledger.session import Ledger

CHUNK = 500  # duties a transaction, so that writers do not wait for a long list


class Line(NamedTuple):
    """One line of the list: the duty, its words in the plan, and the latest remarks.

    `undocumented` tells whether a due date of the plan's own was moved without a document, `share`
    is that of a party for the year of its reading. `relayed` are those of the remarks that the
    office recorded for an agency.
    """

    duty: Duty
    says: str
    latest: Latest
    undocumented: bool = False
    share: str = ""
    relayed: Sequence[RelayedWord] = ()


def lines(ledger: Ledger, keys: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of `keys` in their order, without duties removed meanwhile."""
    rest = iter(keys)
    while some := list(islice(rest, CHUNK)):
        with ledger.read() as conn:
            rows, latest = duties.of(conn, some), life.latest(conn, some)
            relayed = life.relayed(conn, some)
            moved = granted_and_released.undocumented(conn, conditions.of_keys(some))
            plans = {code: in_force(conn, code) for code in {d.plan for d in rows.values()}}
            parts = {code: shares(conn, edition.plan) for code, edition in plans.items()}
        present = (rows[key] for key in some if key in rows)
        for duty in present:
            edition = plans[duty.plan]
            share = share_among(edition.plan, duty, parts[duty.plan])
            words, is_moved = relayed.get(duty.key, ()), duty.key in moved
            yield Line(duty, edition.says(duty), latest[duty.key], is_moved, share, words)
