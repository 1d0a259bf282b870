"""`/metrics`: figures for the operators' own watch (Prometheus), told only to who has the token."""

from __future__ import annotations

import datetime as dt
import hmac
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.exceptions import HTTPException

from desk.visit import Anyone
from ledger import history, overview
from tasks import today

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from desk.visit import Visit

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
def metrics(visit: Anyone) -> Response:
    """Tell how the ledger stands; 404 where no token is set, or another is shown."""
    wanted = visit.desk.settings.metrics_token
    shown = visit.request.headers.get("authorization", "").removeprefix("Bearer ")
    if not wanted or not hmac.compare_digest(shown.encode(), wanted.encode()):
        raise HTTPException(404)
    with visit.read() as conn:
        registry = _counted(conn, visit)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _counted(conn: Connection, visit: Visit) -> CollectorRegistry:
    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"duban_{name}", text, labels, registry=registry)

    gauge("entries", "Entries of the history").set(history.head(conn).entries)
    duties = gauge("duties", "Duties of a plan, by what became of them", "plan", "what")
    held = gauge("messages", "Messages of a plan's outbox, by state", "plan", "state")
    unswept = gauge("unswept", "1 when no sweep of the plan has finished for 26 hours", "plan")
    swept = gauge("swept_timestamp_seconds", "When the plan was due to be swept last", "plan")
    for edition in visit.plans:
        counts = overview.counts(conn, edition.plan, visit.on)
        for what in ("duties", "opened", "closed", "late"):
            duties.labels(edition.plan, what).set(getattr(counts, what))
        for state, count in counts.messages.items():
            held.labels(edition.plan, state).set(count)
        late = today.is_unswept(edition, visit.zone, visit.desk.clock())
        unswept.labels(edition.plan).set(late)
        if edition.swept_through is not None:
            at = dt.datetime.combine(edition.swept_through, today.SWEEP_AT, visit.zone)
            swept.labels(edition.plan).set(at.timestamp())
    return registry
