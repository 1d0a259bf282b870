"""What an auditor does: draw a sample that anybody can draw again, and say what it found."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from catalog.clean import clean
from catalog.errors import ConflictError, NotFoundError, UsageRefusedError
from ledger.proof import chain, samples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.proof.samples import Noun, Verdict
    from ledger.session import Ledger
    from tasks.act import Act

MOST = 200  # things drawn at once


def drawn(ids: Iterable[str], *, seed: str, size: int) -> list[str]:
    """Return `size` of the ids: those for which the SHA-256 of `SEED/ID` is the smallest.

    Whoever has the list and the seed draws the same, with any tool.
    """
    return sorted(ids, key=lambda each: sha256(f"{seed}/{each}".encode()).hexdigest())[:size]


def sample(
    ledger: Ledger, plan: str, act: Act, *, of: Noun, size: int, seed: str = ""
) -> samples.Sample:
    """Draw and record `size` files of evidence or finished duties of `plan`.

    Without a seed one is taken by chance. The entry names seed, population and its digest, and
    what was drawn. UsageRefusedError for a size out of 1 to MOST, ConflictError where there is
    nothing to draw from.
    """
    if not 1 <= size <= MOST:
        raise UsageRefusedError("sample-size", size=size, most=MOST)
    seed = clean(seed) or secrets.token_hex(8)
    with ledger.transaction() as tx:
        there = dict(samples.population(tx.conn, plan, of))
        if not there:
            raise ConflictError("sample-of-nothing", plan=plan)
        picked = [(item, there[item]) for item in drawn(there, seed=seed, size=size)]
        told = {
            "on": act.on,
            "of": of,
            "seed": seed,
            "population": len(there),
            "digest": sha256("\n".join(there).encode()).hexdigest(),
            "picked": picked,
        }
        tx.record("sampled", plan, note=told, at=act.at, actor=act.user)
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
    """Record under its duty what is found of one thing drawn; a later finding corrects it.

    NotFoundError for a thing that was not drawn, ConflictError where doubt is not explained.
    """
    duty = dict(drawing.picked).get(item)
    if duty is None:
        raise NotFoundError("sample-item", item=item, seq=drawing.seq)
    said = clean(text)
    if finding != "true" and not said:
        raise ConflictError("rule-needs-text", deed="found", key=duty)
    told = {"on": act.on, "sample": drawing.seq, "item": item, "finding": finding, "text": said}
    with ledger.transaction() as tx:
        tx.record("found", duty, note=told, at=act.at, actor=act.user)


def verified(ledger: Ledger, plan: str, act: Act, verdict: chain.Verdict) -> None:
    """Record that the history was verified, up to which entry, and with how many faults."""
    told = {"on": act.on, "entries": verdict.entries, "head": verdict.head}
    with ledger.transaction() as tx:
        note = {**told, "anchors": verdict.anchors, "faults": len(verdict.faults)}
        tx.record("verified", plan, note=note, at=act.at, actor=act.user)
