"""Exchange of bundles between the offices of one installation."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import DubanError
from ledger.offices import bundles, keys
from ledger.offices.jurisdictions import listed, settings_of
from ledger.session import UNREADABLE, Ledger
from tasks.offices.receiving import Receipt, receive_in
from tasks.offices.reporting_up import has_news, sign_report
from tasks.time_limit import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ledger.offices.bundles import Peer
    from ledger.settings import Settings
    from tasks.act import Act

EXCHANGE = 240.0  # seconds


class Transfer(NamedTuple):
    """A bundle passed between two jurisdictions, with its receipt or its refusal."""

    sender: str
    receiver: str
    receipt: Receipt | None
    refusal: DubanError | None = None


class Side(NamedTuple):
    """One of two offices: its jurisdiction, its ledger, and the other office as its peer."""

    id: str
    ledger: Ledger
    peer: Peer


def exchange(ledgers: Mapping[str, Ledger], act: Callable[[Ledger], Act]) -> Iterator[Transfer]:
    """Pass on the new bundles between every two of `ledgers` whose offices trust each other.

    First the duties handed down, then the report on them, if it has news or none was made today.
    `act` returns who acts, on which day, in a ledger. Bundles are signed, checked and recorded as
    files are. A refusal stops nothing else; a bundle passed on twice is received once; a report
    that got lost is made again the next day. After EXCHANGE seconds the rest is left to the next
    exchange.
    """
    end, transfers = Deadline(EXCHANGE), _transfers(ledgers, act)
    while not end.is_over and (transfer := next(transfers, None)):
        yield transfer


def _transfers(ledgers: Mapping[str, Ledger], act: Callable[[Ledger], Act]) -> Iterator[Transfer]:
    identities = dict(_identities(ledgers))
    names = {own: name for name, (own, _) in identities.items()}
    for a, (own, trusted) in identities.items():
        for key, peer in trusted.items():
            b = names.get(key)
            if b is not None and own in identities[b][1]:
                above, below = Side(a, ledgers[a], peer), Side(b, ledgers[b], identities[b][1][own])
                yield from _duties(above, below, act)
                yield from _report(below, above, act)


@contextmanager
def offices(
    settings: Settings, *, failed: Callable[[str, Exception], None]
) -> Iterator[dict[str, Ledger]]:
    """Yield the open ledger of every jurisdiction of the installation, by its id.

    A ledger that cannot be opened is left out after a call of `failed(id, error)`.
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


def _identities(
    ledgers: Mapping[str, Ledger],
) -> Iterator[tuple[str, tuple[str | None, dict[str, Peer]]]]:
    """Yield the identity of each ledger that can be read; a damaged one stops no other."""
    for name, ledger in ledgers.items():
        with suppress(*UNREADABLE):
            yield name, _identity(ledger)


def _identity(ledger: Ledger) -> tuple[str | None, dict[str, Peer]]:
    """Return the public key of a ledger's office, and its trusted peers by public key."""
    with ledger.read() as conn:
        trusted = {peer.key: peer for peer in bundles.trusted(conn)}
    return keys.existing(ledger.settings.home), trusted


def _duties(sender: Side, receiver: Side, act: Callable[[Ledger], Act]) -> Iterator[Transfer]:
    with sender.ledger.read() as conn:
        sent_bundles = bundles.listed(conn, "out", peer=sender.peer.id)
    with receiver.ledger.read() as conn:
        there = {bundle.id for bundle in bundles.listed(conn, "in", peer=receiver.peer.id)}
    last = {duty.key: bundle.id for bundle in sent_bundles for duty in bundle.content.duties}
    for bundle in sent_bundles:
        if bundle.id in last.values() and bundle.id not in there:
            yield _transfer(sender, receiver, bundle.document.encode(), act)


def _report(sender: Side, receiver: Side, act: Callable[[Ledger], Act]) -> Iterator[Transfer]:
    who = act(sender.ledger)
    with sender.ledger.read() as conn:
        if not has_news(conn, sender.peer, who.on):
            return
    try:
        with sender.ledger.transaction(alone=True) as tx:
            content = sign_report(sender.ledger, tx, bundles.peer(tx.conn, sender.peer.id), who)
    except DubanError as error:
        yield Transfer(sender.id, receiver.id, None, error)
        return
    yield _transfer(sender, receiver, content, act)


def _transfer(
    sender: Side, receiver: Side, content: bytes, act: Callable[[Ledger], Act]
) -> Transfer:
    try:
        with receiver.ledger.transaction(alone=True) as tx:
            name = sender.id or "main"
            here = act(receiver.ledger)
            receipt = receive_in(receiver.ledger, tx, content, here, name=name)
    except DubanError as error:
        return Transfer(sender.id, receiver.id, None, error)
    return Transfer(sender.id, receiver.id, receipt)
