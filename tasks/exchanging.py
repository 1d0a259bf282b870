"""Let the offices of one installation hand each other their bundles, as files would travel."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import DubanError
from ledger import bundles, keys
from tasks.bringing import Brought, taken_in
from tasks.rolling_up import news

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ledger.bundles import Peer
    from ledger.session import Ledger
    from tasks.deed import Act


class Passed(NamedTuple):
    """What went from one jurisdiction to another: what it brought, or why it was refused."""

    sender: str
    receiver: str
    brought: Brought | None
    refused: DubanError | None = None


class Side(NamedTuple):
    """One of two offices: the id of its jurisdiction, its ledger, and what the other is to it."""

    id: str
    ledger: Ledger
    peer: Peer


def exchange(ledgers: Mapping[str, Ledger], act: Callable[[Ledger], Act]) -> Iterator[Passed]:
    """Pass on what is new between every two of `ledgers` whose offices trust each other.

    First what the one handed down to the other, then the other's report on it, where that says
    something new or was not made today; `act` tells who acts on which day in a ledger. Signed,
    checked and recorded as files are. What is refused stops nothing else. Passed on twice, it
    comes once; a report that was made and got lost is made again the next day.
    """
    for (a, above), (b, below) in permutations(ledgers.items(), 2):
        there, back = _knows(above, below), _knows(below, above)
        if there and back:
            one, other = Side(a, above, there), Side(b, below, back)
            yield from _duties(one, other, act)
            yield from _report(other, one, act)


def _knows(ledger: Ledger, other: Ledger) -> Peer | None:
    key = keys.public(other.settings.home)
    with ledger.read() as conn:
        return next((peer for peer in bundles.trusted(conn) if peer.key == key), None)


def _duties(sender: Side, receiver: Side, act: Callable[[Ledger], Act]) -> Iterator[Passed]:
    with sender.ledger.read() as conn:
        sent = bundles.listed(conn, "out", peer=sender.peer.id)
    with receiver.ledger.read() as conn:
        there = {kept.id for kept in bundles.listed(conn, "in", peer=receiver.peer.id)}
    for kept in sent:
        if kept.id not in there:
            yield _passed(sender, receiver, kept.document.encode(), act)


def _report(sender: Side, receiver: Side, act: Callable[[Ledger], Act]) -> Iterator[Passed]:
    with sender.ledger.transaction(alone=True) as tx:
        content = news(sender.ledger, tx, sender.peer, act(sender.ledger))
    if content is not None:
        yield _passed(sender, receiver, content, act)


def _passed(sender: Side, receiver: Side, content: bytes, act: Callable[[Ledger], Act]) -> Passed:
    try:
        with receiver.ledger.transaction(alone=True) as tx:
            name = sender.id or "main"
            here = act(receiver.ledger)
            brought = taken_in(receiver.ledger, tx, content, here, name=name)
    except DubanError as error:
        return Passed(sender.id, receiver.id, None, error)
    return Passed(sender.id, receiver.id, brought)
