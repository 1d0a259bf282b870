"""`/api/…`: the whole history, its verification, and the samples of auditors."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import Field

from desk.api import duty_shapes
from desk.api.by_token import entering
from desk.api.idempotent import REFUSALS, Key, Limit, Offset, once
from desk.api.strict import Body, StrictRoute
from desk.pages.proof.audit import verify_history
from desk.web.addresses import Seq
from desk.web.visit import Visit
from ledger.proof import journal, samples
from ledger.proof.samples import Noun, Sample, Verdict
from tasks.proof import sampling

SAMPLES = "/samples"

router = APIRouter(prefix="/api", route_class=StrictRoute, responses=REFUSALS, tags=["audit"])
Seeing = Annotated[Visit, Depends(entering("see-audit"))]
Auditing = Annotated[Visit, Depends(entering("audit"))]


def of_plan(plan: str = "") -> None:
    """Name the plan, by default the first in force; `Visit.plan` reads it."""
    del plan


OF_PLAN = [Depends(of_plan)]


class Draw(Body):
    """The sample to draw; without a seed, a random one is used."""

    of: Noun = "evidence"
    size: int = Field(default=20, ge=1, le=sampling.MOST)
    seed: str = ""


class Found(Body):
    """The finding on one item of a sample; `text` explains a doubt."""

    item: str
    finding: Verdict
    text: str = ""


@router.get("/history", response_model=duty_shapes.History)
def history(
    visit: Seeing, *, actor: str = "", deed: str = "", about: str = "", limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:  # fmt: skip
    """List the entries of the history, the last first; `about` is part of their subject."""
    where = journal.where(actor=actor, deed=deed, about=about)
    with visit.read() as conn:
        entries = journal.chosen(conn, *where, limit=limit, offset=offset)
        count = journal.count(conn, *where)
    return {"count": count, "entries": [entry._asdict() for entry in entries]}


@router.post("/verify", response_model=duty_shapes.Verification)
def verify(visit: Seeing, same: Key = None) -> Response:
    """Verify the whole history now, and record that it was verified."""
    return once(
        visit,
        same,
        [],
        lambda: verify_history(visit),
        lambda verdict: verdict._asdict() | {"faults": [f._asdict() for f in verdict.faults]},
    )


@router.get(SAMPLES, response_model=list[duty_shapes.Sample], dependencies=OF_PLAN)
def listed(visit: Seeing, limit: Limit = 20, offset: Offset = 0) -> list[dict[str, Any]]:
    """List the samples of the plan, the last first."""
    with visit.read() as conn:
        rows = samples.samples(conn, visit.plan)[offset : offset + limit]
    return [_document(visit, each) for each in rows]


@router.post(SAMPLES, response_model=duty_shapes.Sample, dependencies=OF_PLAN)
def draw(visit: Auditing, body: Draw, same: Key = None) -> Response:
    """Draw a sample, and record its seed and its items."""
    return once(
        visit,
        same,
        body.model_dump(),
        lambda: sampling.sample(visit.ledger, visit.plan, visit.act, **body.model_dump()),
        lambda sample: _document(visit, sample),
    )


@router.get(SAMPLES + "/{seq}", response_model=duty_shapes.Sample, dependencies=OF_PLAN)
def one(visit: Seeing, seq: Seq) -> dict[str, Any]:
    """Return one sample with its findings."""
    return _document(visit, _sample(visit, seq))


@router.post(SAMPLES + "/{seq}/findings", response_model=duty_shapes.Sample, dependencies=OF_PLAN)
def find(visit: Auditing, seq: Seq, body: Found, same: Key = None) -> Response:
    """Record the finding on one item of a sample; a later finding corrects it."""
    sample, finding = _sample(visit, seq), body.model_dump()
    return once(
        visit,
        same,
        body.model_dump(),
        lambda: sampling.find(visit.ledger, sample, finding.pop("item"), visit.act, **finding),
        lambda _: _document(visit, sample),
    )


def _sample(visit: Visit, seq: int) -> Sample:
    with visit.read() as conn:
        return samples.sample(conn, visit.plan, seq)


def _document(visit: Visit, sample: Sample) -> dict[str, Any]:
    with visit.read() as conn:
        findings = samples.findings(conn, sample)
    values = {name: value for name, value in sample._asdict().items() if name != "picked"}
    picked = [
        {
            "item": item,
            "duty": duty,
            "finding": findings[item]._asdict() if item in findings else None,
        }
        for item, duty in sample.picked
    ]
    return {**values, "drawn": picked}
