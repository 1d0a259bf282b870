"""One-time codes of users: asked for at every sign-in from now on, or no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.people import signin

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger


def enrol(
    ledger: Ledger, user: str, secret: str, *, step: int, at: dt.datetime, actor: str
) -> None:
    """Ask `user` for codes of this secret, later ones than `step`, and end what had none."""
    with ledger.transaction() as tx:
        signin.put_credential(tx, user, {"totp": secret, "totp_step": step, "changed_at": at})
        signin.end_proofs(tx, user, at)
        tx.record("codes-enrolled", user, at=at, actor=actor)


def end(ledger: Ledger, user: str, *, at: dt.datetime, actor: str) -> None:
    """Ask `user`, who has lost the authenticator, for no codes, and end what was made with them."""
    with ledger.transaction() as tx:
        row = signin.credential(tx.conn, user)
        if row is not None and row.totp is not None:
            signin.put_credential(tx, user, {"totp": None, "totp_step": None, "changed_at": at})
            signin.end_proofs(tx, user, at)
            tx.record("codes-ended", user, at=at, actor=actor)
