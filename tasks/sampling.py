"""How a reviewer looks at a part for the whole: a draw that can be repeated, and its findings."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from catalog.errors import NotFoundError
from catalog.kept import kept
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.session import Ledger
    from tasks.deed import Act

Finding = Literal["true", "doubtful", "false"]
EVIDENCE = TABLES["evidence"]


def draw(keys: Iterable[str], size: int, seed: str) -> list[str]:
    """Return `size` of `keys`, the same for the same keys and seed, wherever it is drawn."""
    known = sorted(keys)
    chosen = random.Random(seed).sample(known, min(size, len(known)))  # noqa: S311  repeatable
    return sorted(chosen)


def sample(ledger: Ledger, plan: str, act: Act, *, size: int, seed: str) -> list[str]:
    """Draw duties that have been closed and record the seed, out of how many, and which."""
    columns = TABLES["duties"].c
    with ledger.transaction() as tx:
        wanted = sa.select(columns.key).where(columns.plan == plan, columns.closed_on.is_not(None))
        keys = tx.conn.scalars(wanted).all()
        chosen = draw(keys, size, seed)
        note = {"on": act.on, "seed": seed, "of": len(keys), "drawn": chosen}
        tx.record("sampled", plan, note=note, at=act.at, actor=act.user)
    return chosen


def find(ledger: Ledger, evidence: str, act: Act, *, finding: Finding, text: str = "") -> None:
    """Record what a reviewer found of one file of evidence; NotFoundError for one there is not.

    A later finding stands beside the earlier one and counts.
    """
    with ledger.transaction() as tx:
        row = tx.conn.execute(sa.select(EVIDENCE).where(EVIDENCE.c.id == evidence)).first()
        if row is None:
            raise NotFoundError("evidence-lost", sha256=evidence)
        note = {"on": act.on, "evidence": evidence, "sha256": row.sha256, "finding": finding}
        said = {"text": kept(text)} if text else {}
        tx.record("found", row.duty, note={**note, **said}, at=act.at, actor=act.user)
