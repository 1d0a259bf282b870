"""What an office's list says of each duty: gathered in short readings, however long the list is."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ledger.duties import duties, life
from tasks.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.duties.duties import Held
    from ledger.duties.life import Latest
    from ledger.session import Ledger

CHUNK = 500  # duties read at once: nobody who writes waits for a list to end


class Line(NamedTuple):
    """One line of the list: the duty, the words of the plan it rests on, what was said last."""

    duty: Held
    says: str
    said: Latest


def lines(ledger: Ledger, keys: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of `keys` in their order; a duty gone meanwhile is left out."""
    rest = iter(keys)
    while some := list(islice(rest, CHUNK)):
        with ledger.read() as conn:
            held, said = duties.of(conn, some), life.latest(conn, some)
            plans = {code: in_force(conn, code) for code in {d.plan for d in held.values()}}
        found = (held[key] for key in some if key in held)
        yield from (Line(duty, plans[duty.plan].says(duty), said[duty.key]) for duty in found)
