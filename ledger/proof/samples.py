"""What an auditor drew to look at, and what it found: told by the history alone."""

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
    """One drawing: `picked` are the ids and the duty of each, out of `population` of them.

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
    """What an auditor says of one thing drawn; of several the last one holds."""

    seq: int
    at: str
    actor: str
    item: str
    finding: Verdict
    text: str


class Proof(NamedTuple):
    """A file of evidence, as an auditor names it."""

    id: str
    duty: str
    kind: str
    name: str
    sha256: str


def population(conn: sa.Connection, plan: str, of: Noun) -> list[tuple[str, str]]:
    """Return what may be drawn, each with its duty, by id: files of evidence, or duties done."""
    done = sa.select(DUTIES.c.key, DUTIES.c.key.label("duty")).where(DUTIES.c.closed_as == "done")
    files = sa.select(EVIDENCE.c.id, EVIDENCE.c.duty).join(DUTIES, DUTIES.c.key == EVIDENCE.c.duty)
    query = {"closed": done, "evidence": files}[of].where(DUTIES.c.plan == plan)
    return sorted((row[0], row[1]) for row in conn.execute(query))


def samples(conn: sa.Connection, plan: str) -> list[Sample]:
    """Return the drawings from `plan`, the last first."""
    return [_sample(entry) for entry in chain.about(conn, [plan], deed="sampled")][::-1]


def sample(conn: sa.Connection, plan: str, seq: int) -> Sample:
    """Return the drawing whose entry has the number `seq`; NotFoundError."""
    found = next((each for each in samples(conn, plan) if each.seq == seq), None)
    if found is None:
        raise NotFoundError("sample-unknown", seq=seq)
    return found


def findings(conn: sa.Connection, drawn: Sample) -> dict[str, Finding]:
    """Return what holds of each thing drawn that was looked at, by its id."""
    told = chain.about(conn, sorted({duty for _, duty in drawn.picked}), deed="found")
    return {
        entry.payload["item"]: _finding(entry)
        for entry in told
        if entry.payload.get("sample") == drawn.seq
    }


def proofs(conn: sa.Connection, drawn: Sample) -> dict[str, Proof]:
    """Return the files drawn, by id; none where duties were drawn."""
    query = sa.select(*(EVIDENCE.c[name] for name in Proof._fields))
    ids = [item for item, _ in drawn.picked]
    return {row.id: Proof._make(row) for row in conn.execute(query.where(EVIDENCE.c.id.in_(ids)))}


def _sample(entry: Entry) -> Sample:
    said: dict[str, Any] = entry.payload
    picked = tuple((item, duty) for item, duty in said["picked"])
    numbers = (said["of"], said["seed"], said["population"], said["digest"])
    return Sample(entry.seq, entry.at, entry.actor, *numbers, picked)


def _finding(entry: Entry) -> Finding:
    said = entry.payload
    told = (said["item"], said["finding"], said.get("text", ""))
    return Finding(entry.seq, entry.at, entry.actor, *told)
