"""Bundles between offices: trusted peers, bundles sent and received, duties handed down."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from catalog.dates.days import A_DAY
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
    def content(self) -> HandDown:
        """Its content; the signature was verified on receipt."""
        return _content(self.document)


class HandedDuty(HandedDutyBase):
    """A duty handed down to an office; the columns of `handed`."""

    @property
    def last_answer(self) -> Answer | None:
        """The office's last report on it, None before the first."""
        return Answer.model_validate_json(self.answer) if self.answer else None


def peers(conn: sa.Connection) -> list[Peer]:
    """Return every office that was ever trusted, by name."""
    return rows(conn, sa.select(PEERS).order_by(PEERS.c.id), Peer)


def trusted(conn: sa.Connection) -> list[Peer]:
    """Return the offices trusted now, by name."""
    return [peer for peer in peers(conn) if peer.ended_on is None]


def peer(conn: sa.Connection, name: str) -> Peer:
    """Return the office trusted under `name`.

    Raises NotFoundError where there is none, ConflictError where the trust has ended.
    """
    office = next((each for each in peers(conn) if each.id == name), None)
    if office is None:
        raise NotFoundError("peer-unknown", peer=name)
    if office.ended_on is not None:
        raise ConflictError("peer-ended", peer=name, on=office.ended_on)
    return office


def signer(conn: sa.Connection, fingerprint: str) -> Peer | None:
    """Return the office trusted now whose key has this fingerprint."""
    return next((each for each in trusted(conn) if each.fingerprint == fingerprint), None)


def received(conn: sa.Connection, name: str) -> Bundle:
    """Return the received bundle with this id; raises NotFoundError."""
    return _one(conn, "in", name)


def sent(conn: sa.Connection, name: str) -> Bundle:
    """Return the sent bundle with this id; raises NotFoundError."""
    return _one(conn, "out", name)


def listed(conn: sa.Connection, way: Way, *, peer: str | None = None) -> list[Bundle]:
    """Return the bundles sent or received, oldest first: all, or those of one office.

    Of two bundles with one duty the later one counts.
    """
    where = [BUNDLES.c.way == way]
    if peer is not None:
        where.append(BUNDLES.c.peer == peer)
    return sorted(_bundles(conn, *where), key=dated)


def waiting(conn: sa.Connection) -> list[Bundle]:
    """Return the received bundles that wait for a decision and hold a duty no newer one has."""
    incoming = listed(conn, "in")
    last = {(b.peer, duty.key): b.id for b in incoming for duty in b.content.duties}
    return [
        bundle
        for bundle in incoming
        if bundle.state == "waiting"
        and any(last[bundle.peer, duty.key] == bundle.id for duty in bundle.content.duties)
    ]


def dated(bundle: Bundle) -> datetime:
    """Return the instant by which a bundle is newer than another.

    One that was dated after the day it came on counts as of that day: the clock of the office that
    signed it was wrong, and nothing later would count.
    """
    latest = datetime.combine(bundle.came_on, time.max, UTC) + A_DAY
    return min(bundle.at, latest) if bundle.way == "in" else bundle.at


def newest(conn: sa.Connection, peer: str, *, state: str | None = None) -> dict[str, Bundle]:
    """Return the last bundle in which office `peer` handed each duty down, by the duty's key.

    With `state` only bundles in that state count.
    """
    bundles = [b for b in listed(conn, "in", peer=peer) if state in (None, b.state)]
    return {duty.key: bundle for bundle in bundles for duty in bundle.content.duties}


def handed(conn: sa.Connection, *, duties: Collection[str] | None = None) -> list[HandedDuty]:
    """Return the duties handed down, all or these, by duty and office."""
    query = sa.select(HANDED)
    if duties is not None:
        query = query.where(HANDED.c.duty.in_(duties))
    return rows(conn, query.order_by(HANDED.c.duty, HANDED.c.peer), HandedDuty)


def handed_to(conn: sa.Connection, peer: str) -> dict[str, HandedDuty]:
    """Return the duties handed down to the office `peer`, by key."""
    query = sa.select(HANDED).where(HANDED.c.peer == peer)
    return {each.duty: each for each in rows(conn, query, HandedDuty)}


def _one(conn: sa.Connection, way: Way, name: str) -> Bundle:
    bundles = _bundles(conn, BUNDLES.c.id == name, BUNDLES.c.way == way)
    if not bundles:
        raise NotFoundError("bundle-unknown", bundle=name)
    return bundles[0]


def _bundles(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Bundle]:
    query = sa.select(BUNDLES).where(*where)
    return rows(conn, query.order_by(BUNDLES.c.at, BUNDLES.c.id), Bundle)


@lru_cache(maxsize=256)
def _content(document: str) -> HandDown:
    sealed = unseal(document.encode(), name="-")
    return HandDown.model_validate_json(sealed.payload)
