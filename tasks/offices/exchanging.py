"""Let the offices of one installation hand each other their bundles, as files would travel."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import DubanError
from ledger.offices import bundles, keys
from ledger.offices.jurisdictions import listed, settings_of
from ledger.session import UNREADABLE, Ledger
from tasks.offices.receiving import Brought, taken_in
from tasks.offices.reporting_up import has_news, reported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ledger.offices.bundles import Peer
    from ledger.settings import Settings
    from tasks.act import Act


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
    known = {name: _known(ledger) for name, ledger in ledgers.items()}
    named = {own: name for name, (own, _) in known.items()}
    for a, (own, trusted) in known.items():
        for key, peer in trusted.items():
            b = named.get(key)
            if b is not None and own in known[b][1]:
                above, below = Side(a, ledgers[a], peer), Side(b, ledgers[b], known[b][1][own])
                yield from _duties(above, below, act)
                yield from _report(below, above, act)


@contextmanager
def offices(
    settings: Settings, *, failed: Callable[[str, Exception], None]
) -> Iterator[dict[str, Ledger]]:
    """Give the open ledger of every jurisdiction of the installation, by its id.

    One that cannot be opened is left out, and `failed` is told which and why.
    """
    with ExitStack() as stack:
        opened = {}
        for one in listed(settings):
            try:
                ledger = Ledger.open(settings_of(settings, one.id))
            except UNREADABLE as error:
                failed(one.id, error)
            else:
                opened[one.id] = stack.enter_context(ledger)
        yield opened


def _known(ledger: Ledger) -> tuple[str | None, dict[str, Peer]]:
    """Return the public key of a ledger's office, and the offices it trusts by theirs."""
    with ledger.read() as conn:
        trusted = {peer.key: peer for peer in bundles.trusted(conn)}
    return keys.known(ledger.settings.home), trusted


def _duties(sender: Side, receiver: Side, act: Callable[[Ledger], Act]) -> Iterator[Passed]:
    with sender.ledger.read() as conn:
        sent = bundles.listed(conn, "out", peer=sender.peer.id)
    with receiver.ledger.read() as conn:
        there = {kept.id for kept in bundles.listed(conn, "in", peer=receiver.peer.id)}
    last = {duty.key: kept.id for kept in sent for duty in kept.told.duties}
    for kept in sent:
        if kept.id in last.values() and kept.id not in there:
            yield _passed(sender, receiver, kept.document.encode(), act)


def _report(sender: Side, receiver: Side, act: Callable[[Ledger], Act]) -> Iterator[Passed]:
    who = act(sender.ledger)
    with sender.ledger.read() as conn:
        if not has_news(conn, sender.peer, who.on):
            return
    try:
        with sender.ledger.transaction(alone=True) as tx:
            content = reported(sender.ledger, tx, bundles.peer(tx.conn, sender.peer.id), who)
    except DubanError as error:
        yield Passed(sender.id, receiver.id, None, error)
        return
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
