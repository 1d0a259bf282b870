"""`/api/…`: the whole history, its verification, and the samples of auditors."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, Field

from desk.api import duty_shapes
from desk.api.by_token import entering
from desk.api.idempotent import REFUSALS, Key, Limit, Offset, once
from desk.pages.proof.audit import verified
from desk.web.visit import Visit
from ledger.proof import journal, samples
from ledger.proof.samples import Noun, Sample, Verdict
from tasks.proof import sampling

SAMPLES = "/samples"

router = APIRouter(prefix="/api", responses=REFUSALS, tags=["audit"])
Seeing = Annotated[Visit, Depends(entering("see-audit"))]
Auditing = Annotated[Visit, Depends(entering("audit"))]


class Draw(BaseModel):
    """What to draw; without a seed one is taken by chance."""

    of: Noun = "evidence"
    size: int = Field(default=20, ge=1, le=sampling.MOST)
    seed: str = ""


class Found(BaseModel):
    """What was found of one thing drawn; doubt is explained."""

    item: str
    finding: Verdict
    text: str = ""


@router.get("/history", response_model=duty_shapes.History)
def history(
    visit: Seeing, *, actor: str = "", deed: str = "", about: str = "", limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    """List the entries of the history, the last first; `about` stands in their subject."""
    where = journal.where(actor=actor, deed=deed, about=about)
    with visit.read() as conn:
        found = journal.chosen(conn, *where, limit=limit, offset=offset)
        count = journal.count(conn, *where)
    return {"count": count, "entries": [entry._asdict() for entry in found]}


@router.post("/verify", response_model=duty_shapes.Verification)
def verify(visit: Seeing, same: Key = None) -> Response:
    """Walk the whole history now, and record that it was done."""
    return once(
        visit,
        same,
        [],
        lambda: verified(visit),
        lambda verdict: verdict._asdict() | {"faults": [f._asdict() for f in verdict.faults]},
    )


@router.get(SAMPLES, response_model=list[duty_shapes.Sample])
def listed(visit: Seeing) -> list[dict[str, Any]]:
    """List the drawings from the plan, the last first."""
    with visit.read() as conn:
        found = samples.samples(conn, visit.plan)
    return [_document(visit, each) for each in found]


@router.post(SAMPLES, response_model=duty_shapes.Sample)
def draw(visit: Auditing, said: Draw, same: Key = None) -> Response:
    """Draw a sample, and record its seed and what was drawn."""
    return once(
        visit,
        same,
        said.model_dump(),
        lambda: sampling.sample(visit.ledger, visit.plan, visit.act, **said.model_dump()),
        lambda drawn: _document(visit, drawn),
    )


@router.get(SAMPLES + "/{seq}", response_model=duty_shapes.Sample)
def one(visit: Seeing, seq: int) -> dict[str, Any]:
    """Return one drawing with what was found."""
    return _document(visit, _drawn(visit, seq))


@router.post(SAMPLES + "/{seq}/findings", response_model=duty_shapes.Sample)
def find(visit: Auditing, seq: int, said: Found, same: Key = None) -> Response:
    """Record what was found of one thing drawn; a later finding corrects it."""
    drawn, found = _drawn(visit, seq), said.model_dump()
    return once(
        visit,
        same,
        said.model_dump(),
        lambda: sampling.find(visit.ledger, drawn, found.pop("item"), visit.act, **found),
        lambda _: _document(visit, drawn),
    )


def _drawn(visit: Visit, seq: int) -> Sample:
    with visit.read() as conn:
        return samples.sample(conn, visit.plan, seq)


def _document(visit: Visit, drawn: Sample) -> dict[str, Any]:
    with visit.read() as conn:
        found = samples.findings(conn, drawn)
    told = {name: value for name, value in drawn._asdict().items() if name != "picked"}
    picked = [
        {"item": item, "duty": duty, "finding": found[item]._asdict() if item in found else None}
        for item, duty in drawn.picked
    ]
    return {**told, "drawn": picked}
