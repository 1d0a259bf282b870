"""`/audit`: whether the history is whole, the whole record, and samples with their findings."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Annotated, Any, get_args

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response, StreamingResponse
from starlette.exceptions import HTTPException

from desk.menu import Entry
from desk.record import tell
from desk.speech import texts
from desk.visit import Visit, entering
from ledger import anchors, contacts, duties, history, life, people
from tasks import sampling

router = APIRouter()
MENU = Entry("/audit", "audit.menu", "see-audit", 80)

Reader = Annotated[Visit, Depends(entering("see-audit"))]
Auditor = Annotated[Visit, Depends(entering("audit"))]
Typed = Annotated[str, Form()]
Asked = Annotated[str, Query(max_length=200)]
ENTRIES = history.ENTRIES
ROWS = 50  # entries a page
FINDINGS = get_args(sampling.Finding)


@router.get("/audit")
def audit(
    visit: Reader,
    deed: Asked = "",
    actor: Asked = "",
    subject: Asked = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """Show the head of the history and its entries, chosen by the filters."""
    return _page(visit, deed=deed, actor=actor, subject=subject, page=page)


@router.post("/audit/verify")
def verify(visit: Reader) -> Response:
    """Verify the chain, the anchors, the tables and the evidence now, and say what was found."""
    ledger = visit.ledger
    with ledger.read() as conn:
        known = anchors.anchors(ledger.settings.home)
        verdict = history.verify(conn, known, also=ledger.evidence.faults(conn))
    return _page(visit, verdict=verdict)


@router.get("/audit/history.json")
def export(visit: Reader) -> Response:
    """Give out every entry as it is kept, for whoever verifies it elsewhere."""
    name = {"Content-Disposition": 'attachment; filename="history.json"'}
    return StreamingResponse(_lines(visit), media_type="application/json", headers=name)


@router.get("/audit/samples")
def samples(visit: Reader) -> Response:
    """Show every draw, the last first, and the evidence of the last one with its findings."""
    with visit.read() as conn:
        draws = _entries(conn, ENTRIES.c.deed == "sampled")
        last = draws[0].payload["drawn"] if draws else []
        found: dict[str, dict[str, Any]] = {}
        for entry in _entries(conn, ENTRIES.c.deed == "found")[::-1]:
            found[entry.payload["evidence"]] = entry.payload
        drawn = duties.of(conn, last)
        rows = [(drawn[key], life.evidence(conn, key)) for key in last if key in drawn]
    return visit.page("samples", draws=draws, rows=rows, found=found, findings=FINDINGS)


@router.post("/audit/samples")
def sample(visit: Auditor, size: Typed = "", seed: Typed = "") -> Response:
    """Draw closed duties; without a seed one is drawn too, and recorded with them."""
    number = int(size) if size.isdecimal() and len(size) <= 3 else 0  # noqa: PLR2004
    if not number or len(seed) > 64:  # noqa: PLR2004
        raise HTTPException(422)
    drawn = seed.strip() or secrets.token_hex(8)
    sampling.sample(visit.ledger, visit.plan, visit.act, size=number, seed=drawn)
    return visit.go("/audit/samples", said="audit.said.sampled")


@router.post("/audit/findings")
def find(visit: Auditor, evidence: Typed = "", finding: Typed = "", text: Typed = "") -> Response:
    """Record whether one file of evidence is true, doubtful or false."""
    known = next((each for each in FINDINGS if each == finding), None)
    if known is None:
        raise HTTPException(422)
    sampling.find(visit.ledger, evidence, visit.act, finding=known, text=text)
    return visit.go("/audit/samples", said="audit.said.found")


def _page(visit: Visit, verdict: history.Verdict | None = None, **asked: Any) -> Response:
    page = asked.pop("page", 1)
    chosen = {name: value.strip() for name, value in asked.items() if value.strip()}
    where = [ENTRIES.c[name] == value for name, value in chosen.items()]
    with visit.read() as conn:
        wanted = sa.select(sa.func.count()).select_from(ENTRIES).where(*where)
        count = conn.scalar(wanted) or 0
        found = _entries(conn, *where, limit=ROWS, offset=(page - 1) * ROWS)
        named = {a.id: a.name for a in contacts.agencies(conn).values()}
        told = tell(found[::-1], people.listed(conn), named)
        deeds = conn.scalars(sa.select(ENTRIES.c.deed).distinct().order_by(ENTRIES.c.deed)).all()
        head, known = history.head(conn), anchors.anchors(visit.ledger.settings.home)
    pages = max(-(-count // ROWS), 1)
    words = texts(visit.lang)
    named_here = {deed: words.get(f"audit.told.{deed}", deed) for deed in deeds}
    worded = {deed: words.get(f"duty.deed.{deed}", named_here[deed]) for deed in deeds}
    return visit.page(
        "audit",
        verdict=verdict, told=told, count=count, deeds=deeds, head=head,
        anchor=known[-1] if known else None, asked=chosen, number=page, pages=pages, worded=worded,
    )  # fmt: skip


def _entries(
    conn: sa.Connection, *where: sa.ColumnElement[bool], limit: int | None = None, offset: int = 0
) -> list[history.Entry]:
    """Return the entries for which all of `where` holds, the last first."""
    wanted = sa.select(ENTRIES).where(*where).order_by(ENTRIES.c.seq.desc())
    rows = conn.execute(wanted.limit(limit).offset(offset or None))
    return [history.Entry._make((*row[:5], json.loads(row.payload), *row[6:])) for row in rows]


def _lines(visit: Visit) -> Iterator[str]:
    """Yield the contract's list of entries, one a line."""
    lead = "[\n"
    with visit.ledger.read() as conn:
        for entry in history.entries(conn):
            yield lead + history.canonical(entry._asdict())
            lead = ",\n"
    yield "[]\n" if lead == "[\n" else "\n]\n"
