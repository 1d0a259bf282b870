"""Whose bundles are believed: an office is trusted by its public key, until it is no longer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from catalog.errors import ConflictError, InvalidError
from ledger.offices import bundles, keys
from ledger.store.changes import Change

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act

NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


def trust(ledger: Ledger, name: str, key: str, act: Act) -> bundles.Peer:
    """Believe from now on what the holder of the public `key` signs, under `name`; return it.

    InvalidError for a name that is none, ConflictError for a name or a key that is in use, and
    for our own key. A name whose trust has ended may be given again, also to another key.
    """
    if not NAME.fullmatch(name):
        raise InvalidError("peer-name", place=name)
    if key == keys.known(ledger.settings.home):
        raise ConflictError("peer-self", peer=name)
    with ledger.transaction(alone=True) as tx:
        held = {peer.id: peer for peer in bundles.peers(tx.conn)}
        for peer in bundles.trusted(tx.conn):
            if peer.id == name or peer.key == key:
                raise ConflictError("peer-there", peer=peer.id, fingerprint=peer.fingerprint)
        values = {"trusted_on": act.on, "trusted_by": act.user, "ended_on": None}
        if name not in held or held[name].key != key:  # nothing was told or heard under this key
            values |= {"key": key, "fingerprint": keys.fingerprint(key)}
            values |= {"told": 0, "digest": None, "heard": 0, "heard_on": None}
        row = Change("peers", name, values, "update" if name in held else "insert")
        note = {"on": act.on, "fingerprint": keys.fingerprint(key)}
        tx.record("trusted", subject(name), changes=[row], note=note, at=act.at, actor=act.user)
        return bundles.peer(tx.conn, name)


def distrust(ledger: Ledger, name: str, act: Act) -> None:
    """Believe nothing more that the office signs; what was taken over from it stays.

    NotFoundError for an office nobody trusted, ConflictError where that has ended already.
    """
    with ledger.transaction(alone=True) as tx:
        peer = bundles.peer(tx.conn, name)
        row = Change("peers", name, {"ended_on": act.on}, given={"ended_on": None})
        note = {"on": act.on, "fingerprint": peer.fingerprint}
        tx.record("distrusted", subject(name), changes=[row], note=note, at=act.at, actor=act.user)


def subject(name: str) -> str:
    """Return under which subject the history tells what is between us and an office."""
    return f"peer/{name}"
