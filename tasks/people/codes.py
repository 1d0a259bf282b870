"""One-time codes of people: asked for at every sign-in from now on, or no longer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from catalog.errors import ConflictError
from ledger.people import signin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.session import Ledger

A_SECOND = dt.timedelta(seconds=1)
NONE = {"totp": None, "totp_step": None, "recovery": ()}


def enrol(
    ledger: Ledger,
    user: str,
    secret: str,
    *,
    step: int,
    recovery: Sequence[str] = (),
    at: dt.datetime,
    actor: str,
) -> None:
    """Ask `user` for codes of this secret, later ones than `step`, and end what had none.

    `recovery` are the hashes of codes that are each good once without the authenticator.
    """
    values = {"totp": secret, "totp_step": step, "recovery": tuple(recovery), "changed_at": at}
    with ledger.transaction() as tx:
        signin.put_credential(tx, user, values)
        signin.end_proofs(tx, user, at)
        tx.record("codes-enrolled", user, at=at, actor=actor)


def replace_recovery(
    ledger: Ledger, user: str, recovery: Sequence[str], *, at: dt.datetime, actor: str
) -> None:
    """Put other recovery codes in place of those before; ConflictError without an authenticator."""
    with ledger.transaction() as tx:
        row = signin.credential(tx.conn, user)
        if row is None or row.totp is None:
            raise ConflictError("codes-off")
        signin.put_credential(tx, user, {"recovery": tuple(recovery)})
        tx.record("recovery-replaced", user, at=at, actor=actor)


def end(ledger: Ledger, user: str, *, at: dt.datetime, actor: str) -> None:
    """Ask `user` for no codes, and end what was made with them."""
    with ledger.transaction() as tx:
        row = signin.credential(tx.conn, user)
        if row is not None and row.totp is not None:
            later = max(at, row.changed_at + A_SECOND)  # known browsers are known by this instant
            signin.put_credential(tx, user, NONE | {"changed_at": later})
            signin.end_proofs(tx, user, at)
            tx.record("codes-ended", user, at=at, actor=actor)
