"""Audit samples: drawn reproducibly, and their findings recorded."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from catalog.clean import LONGEST_LINE, typed
from catalog.errors import ConflictError, NotFoundError, UsageRefusedError
from ledger.proof import chain, samples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.proof.samples import Noun, Verdict
    from ledger.session import Ledger
    from tasks.act import Act

MOST = 200  # items a sample


def draw(ids: Iterable[str], *, seed: str, size: int) -> list[str]:
    """Return the `size` ids with the smallest SHA-256 of `SEED/ID`.

    Anybody with the list and the seed draws the same sample, with any tool.
    """
    return sorted(ids, key=lambda each: sha256(f"{seed}/{each}".encode()).hexdigest())[:size]


def sample(
    ledger: Ledger, plan: str, act: Act, *, of: Noun, size: int, seed: str = ""
) -> samples.Sample:
    """Draw and record `size` files of evidence or finished duties of `plan`.

    The seed is random unless given. The entry names the seed, the population with its digest, and
    the items drawn. UsageRefusedError for a size outside 1 to MOST, ConflictError for an empty
    population.
    """
    if not 1 <= size <= MOST:
        raise UsageRefusedError("sample-size", size=size, most=MOST)
    seed = typed(seed, "seed", LONGEST_LINE) or secrets.token_hex(8)
    with ledger.transaction() as tx:
        there = dict(samples.population(tx.conn, plan, of))
        if not there:
            raise ConflictError("sample-of-nothing", plan=plan)
        picked = [(item, there[item]) for item in draw(there, seed=seed, size=size)]
        note = {
            "on": act.on,
            "of": of,
            "seed": seed,
            "population": len(there),
            "digest": sha256("\n".join(there).encode()).hexdigest(),
            "picked": picked,
        }
        tx.record("sampled", plan, note=note, at=act.at, actor=act.user)
    with ledger.read() as conn:
        return next(each for each in samples.samples(conn, plan) if each.actor == act.user)


def find(
    ledger: Ledger,
    drawing: samples.Sample,
    item: str,
    act: Act,
    *,
    finding: Verdict,
    text: str = "",
) -> None:
    """Record the finding about one drawn item under its duty; a later finding replaces it.

    NotFoundError for an item that was not drawn, ConflictError for doubt without an explanation.
    """
    duty = dict(drawing.picked).get(item)
    if duty is None:
        raise NotFoundError("sample-item", item=item, seq=drawing.seq)
    explanation = typed(text, "text")
    if finding != "true" and not explanation:
        raise ConflictError("rule-needs-text", deed="found", key=duty)
    note = {
        "on": act.on,
        "sample": drawing.seq,
        "item": item,
        "finding": finding,
        "text": explanation,
    }
    with ledger.transaction() as tx:
        tx.record("found", duty, note=note, at=act.at, actor=act.user)


def record_verification(ledger: Ledger, plan: str, act: Act, verdict: chain.Verdict) -> None:
    """Record a verification of the history: its last entry and the number of faults."""
    point = {"on": act.on, "entries": verdict.entries, "head": verdict.head}
    with ledger.transaction() as tx:
        note = {**point, "anchors": verdict.anchors, "faults": len(verdict.faults)}
        tx.record("verified", plan, note=note, at=act.at, actor=act.user)
