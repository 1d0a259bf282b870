"""The offices this one trusts, the bundles sent and received, and what was handed down."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from catalog.errors import ConflictError, NotFoundError
from catalog.offices.bundle import Answer, HandDown, unseal
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.bundles import BundleBase, HandedDutyBase, Peer

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["Peer"]

PEERS, BUNDLES, HANDED = TABLES["peers"], TABLES["bundles"], TABLES["handed"]

Way = Literal["in", "out"]


class Bundle(BundleBase):
    """A bundle of duties handed down, sent or received; the columns of `bundles`."""

    @property
    def told(self) -> HandDown:
        """What it says; its signature was looked at when it came."""
        return _told(self.document)


class HandedDuty(HandedDutyBase):
    """A duty handed down to an office; the columns of `handed`."""

    @property
    def told(self) -> Answer | None:
        """What the office last reported of it, None before its first report."""
        return Answer.model_validate_json(self.answer) if self.answer else None


def peers(conn: sa.Connection) -> list[Peer]:
    """Return every office that was ever trusted, by name."""
    wanted = sa.select(PEERS).order_by(PEERS.c.id)
    return rows(conn, wanted, Peer)


def trusted(conn: sa.Connection) -> list[Peer]:
    """Return the offices trusted now, by name."""
    return [peer for peer in peers(conn) if peer.ended_on is None]


def peer(conn: sa.Connection, name: str) -> Peer:
    """Return the office trusted under `name`.

    NotFoundError for none, ConflictError where the trust has ended.
    """
    found = next((each for each in peers(conn) if each.id == name), None)
    if found is None:
        raise NotFoundError("peer-unknown", peer=name)
    if found.ended_on is not None:
        raise ConflictError("peer-ended", peer=name, on=found.ended_on)
    return found


def signer(conn: sa.Connection, fingerprint: str) -> Peer | None:
    """Return the office trusted now whose key has that fingerprint."""
    return next((each for each in trusted(conn) if each.fingerprint == fingerprint), None)


def received(conn: sa.Connection, name: str) -> Bundle:
    """Return the bundle of that id that was received; NotFoundError for none."""
    found = _kept(conn, BUNDLES.c.id == name, BUNDLES.c.way == "in")
    if not found:
        raise NotFoundError("bundle-unknown", bundle=name)
    return found[0]


def sent(conn: sa.Connection, name: str) -> Bundle:
    """Return the bundle of that id that was sent; NotFoundError for none."""
    found = _kept(conn, BUNDLES.c.id == name, BUNDLES.c.way == "out")
    if not found:
        raise NotFoundError("bundle-unknown", bundle=name)
    return found[0]


def listed(conn: sa.Connection, way: Way, *, peer: str | None = None) -> list[Bundle]:
    """Return the bundles that were sent or received, all or to and from one office, oldest first.

    Which of two for one duty counts, their `at` says: the order they are in.
    """
    where = [BUNDLES.c.way == way]
    if peer is not None:
        where.append(BUNDLES.c.peer == peer)
    return _kept(conn, *where)


def waiting(conn: sa.Connection) -> list[Bundle]:
    """Return the received bundles that wait for a decision, with a duty no newer one has."""
    came = listed(conn, "in")
    last = {(kept.peer, duty.key): kept.id for kept in came for duty in kept.told.duties}
    return [
        kept
        for kept in came
        if kept.state == "waiting"
        and any(last[kept.peer, duty.key] == kept.id for duty in kept.told.duties)
    ]


def newest(conn: sa.Connection, peer: str, *, state: str | None = None) -> dict[str, Bundle]:
    """Return, by the duty of office `peer`, the last bundle it handed that down in.

    With `state` only bundles that stand so count.
    """
    found = [k for k in listed(conn, "in", peer=peer) if state in (None, k.state)]
    return {duty.key: kept for kept in found for duty in kept.told.duties}


def handed(conn: sa.Connection, *, duties: Collection[str] | None = None) -> list[HandedDuty]:
    """Return what was handed down, of all duties or of these, by duty and office."""
    wanted = sa.select(HANDED)
    if duties is not None:
        wanted = wanted.where(HANDED.c.duty.in_(duties))
    return rows(conn, wanted.order_by(HANDED.c.duty, HANDED.c.peer), HandedDuty)


def handed_to(conn: sa.Connection, peer: str) -> dict[str, HandedDuty]:
    """Return what was handed down to the office `peer`, by duty."""
    wanted = sa.select(HANDED).where(HANDED.c.peer == peer)
    return {each.duty: each for each in rows(conn, wanted, HandedDuty)}


def _kept(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Bundle]:
    wanted = sa.select(BUNDLES).where(*where)
    return rows(conn, wanted.order_by(BUNDLES.c.at, BUNDLES.c.id), Bundle)


@lru_cache(maxsize=256)
def _told(document: str) -> HandDown:
    sealed = unseal(document.encode(), name="-")
    return HandDown.model_validate_json(sealed.payload)
