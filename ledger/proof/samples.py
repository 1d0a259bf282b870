"""Audit samples: drawings of evidence or duties and the auditors' findings, from the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.duties.duties import DUTIES
from ledger.proof import chain
from ledger.tables import TABLES

if TYPE_CHECKING:
    from ledger.proof.chain import Entry

EVIDENCE = TABLES["evidence"]

Noun = Literal["evidence", "closed"]
Verdict = Literal["true", "doubtful", "false"]


class Sample(NamedTuple):
    """One drawing: `picked` are the items out of `population`, each an id and its duty.

    `seq` is the number of its entry in the history.
    """

    seq: int
    at: str
    actor: str
    of: Noun
    seed: str
    population: int
    digest: str
    picked: tuple[tuple[str, str], ...]


class Finding(NamedTuple):
    """An auditor's finding on one item; of several the last one counts."""

    seq: int
    at: str
    actor: str
    item: str
    finding: Verdict
    text: str


class Proof(NamedTuple):
    """A file of evidence in a sample."""

    id: str
    duty: str
    kind: str
    name: str
    sha256: str


def population(conn: sa.Connection, plan: str, of: Noun) -> list[tuple[str, str]]:
    """Return the items to draw from, by id, each with its duty: evidence files or closed duties."""
    closed = sa.select(DUTIES.c.key, DUTIES.c.key.label("duty")).where(DUTIES.c.closed_as == "done")
    files = sa.select(EVIDENCE.c.id, EVIDENCE.c.duty).join(DUTIES, DUTIES.c.key == EVIDENCE.c.duty)
    query = {"closed": closed, "evidence": files}[of].where(DUTIES.c.plan == plan)
    return sorted((row[0], row[1]) for row in conn.execute(query))


def samples(conn: sa.Connection, plan: str) -> list[Sample]:
    """Return the drawings from `plan`, the last first."""
    return [_sample(entry) for entry in chain.about(conn, [plan], deed="sampled")][::-1]


def sample(conn: sa.Connection, plan: str, seq: int) -> Sample:
    """Return the drawing of entry `seq`; raises NotFoundError."""
    drawing = next((each for each in samples(conn, plan) if each.seq == seq), None)
    if drawing is None:
        raise NotFoundError("sample-unknown", seq=seq)
    return drawing


def findings(conn: sa.Connection, sample: Sample) -> dict[str, Finding]:
    """Return the last finding on each item of the sample that has one, by the item's id."""
    entries = chain.about(conn, sorted({duty for _, duty in sample.picked}), deed="found")
    return {
        entry.payload["item"]: _finding(entry)
        for entry in entries
        if entry.payload.get("sample") == sample.seq
    }


def proofs(conn: sa.Connection, sample: Sample) -> dict[str, Proof]:
    """Return the files of the sample, by id; none for a sample of duties."""
    query = sa.select(*(EVIDENCE.c[name] for name in Proof._fields))
    ids = [item for item, _ in sample.picked]
    return {row.id: Proof._make(row) for row in conn.execute(query.where(EVIDENCE.c.id.in_(ids)))}


def _sample(entry: Entry) -> Sample:
    note: dict[str, Any] = entry.payload
    picked = tuple((item, duty) for item, duty in note["picked"])
    values = (note["of"], note["seed"], note["population"], note["digest"])
    return Sample(entry.seq, entry.at, entry.actor, *values, picked)


def _finding(entry: Entry) -> Finding:
    note = entry.payload
    values = (note["item"], note["finding"], note.get("text", ""))
    return Finding(entry.seq, entry.at, entry.actor, *values)
