"""Trust in other offices, by their public keys."""

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
    """Trust the holder of the public `key` from now on, under `name`; return the peer.

    InvalidError for an unusable name, ConflictError for a name or key in use and for this
    office's own key. A name whose trust has ended may be used again, also for another key.
    """
    if not NAME.fullmatch(name):
        raise InvalidError("peer-name", place=name)
    if key == keys.existing(ledger.settings.home):
        raise ConflictError("peer-self", peer=name)
    with ledger.transaction(alone=True) as tx:
        peers = {peer.id: peer for peer in bundles.peers(tx.conn)}
        for peer in bundles.trusted(tx.conn):
            if peer.id == name or peer.key == key:
                raise ConflictError("peer-there", peer=peer.id, fingerprint=peer.fingerprint)
        values = {"trusted_on": act.on, "trusted_by": act.user, "ended_on": None}
        if (
            name not in peers or peers[name].key != key
        ):  # no bundle was sent or received under this key
            values |= {"key": key, "fingerprint": keys.fingerprint(key)}
            values |= {"told": 0, "digest": None, "heard": 0, "heard_on": None}
        row = Change("peers", name, values, "update" if name in peers else "insert")
        note = {"on": act.on, "fingerprint": keys.fingerprint(key)}
        tx.record("trusted", subject(name), changes=[row], note=note, at=act.at, actor=act.user)
        return bundles.peer(tx.conn, name)


def distrust(ledger: Ledger, name: str, act: Act) -> None:
    """End the trust in an office; duties taken over from it stay.

    NotFoundError for an office never trusted, ConflictError if the trust has ended already.
    """
    with ledger.transaction(alone=True) as tx:
        peer = bundles.peer(tx.conn, name)
        row = Change("peers", name, {"ended_on": act.on}, expected={"ended_on": None})
        note = {"on": act.on, "fingerprint": peer.fingerprint}
        tx.record("distrusted", subject(name), changes=[row], note=note, at=act.at, actor=act.user)


def subject(name: str) -> str:
    """Return the history subject for entries about a peer."""
    return f"peer/{name}"
