"""`/metrics`: figures for the operators' monitoring (Prometheus), for those with the token."""

from __future__ import annotations

import datetime as dt
import hmac
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.exceptions import HTTPException

from desk.web.visit import Anyone
from ledger.plans import editions
from ledger.proof import chain
from ledger.reports import overview
from ledger.session import UNREADABLE
from tasks import today
from tasks.sweep_time import SWEEP_AT, is_unswept

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.web.desk import Desk

router = APIRouter()

GAUGES: Mapping[str, tuple[str, ...]] = {
    "readable": ("1 when the ledger of the jurisdiction can be read",),
    "entries": ("Entries of the history",),
    "duties": ("Duties of a plan, by what became of them", "plan", "what"),
    "messages": ("Letters of a plan's outbox, by state", "plan", "state"),
    "unswept": ("1 when no sweep of the plan has finished for 26 hours", "plan"),
    "swept_timestamp_seconds": ("When the plan was due to be swept last", "plan"),
}


@router.get("/metrics", include_in_schema=False)
def metrics(visit: Anyone) -> Response:
    """Answer with the figures of the ledger, and at the main desk with those of every other.

    The label `jurisdiction` is empty for the main one, which to Prometheus is no label. 404 where
    no token is set, or another one is sent.
    """
    secret = visit.desk.settings.metrics_token
    token = visit.request.headers.get("authorization", "").removeprefix("Bearer ")
    if not secret or not hmac.compare_digest(token.encode(), secret.encode()):
        raise HTTPException(404)
    registry = CollectorRegistry()
    gauges = _gauges(registry)
    _set(gauges, visit.desk)
    for jurisdiction, desk in visit.desk.others.items():
        _set_if_readable(gauges, jurisdiction, desk)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _gauges(registry: CollectorRegistry) -> dict[str, Gauge]:
    return {
        name: Gauge(f"duban_{name}", text, ("jurisdiction", *labels), registry=registry)
        for name, (text, *labels) in GAUGES.items()
    }


def _set_if_readable(gauges: dict[str, Gauge], jurisdiction: str, desk: Desk | None) -> None:
    """Set the figures of another jurisdiction; an unreadable ledger is a figure, not a failure."""
    gauges["readable"].labels(jurisdiction).set(0)
    if desk is None:
        return
    try:
        _set(gauges, desk)
    except UNREADABLE:
        return


def _set(gauges: dict[str, Gauge], desk: Desk) -> None:
    ledger, here = desk.ledger, desk.settings.jurisdiction
    with ledger.read() as conn:
        gauges["entries"].labels(here).set(chain.head(conn).entries)
        zone = today.zone(conn)
        for edition in editions.all_in_force(conn):
            plan, on = edition.plan, today.now(ledger, edition.plan, desk.clock).on
            counts = overview.counts(conn, plan, on)
            for what in ("duties", "opened", "closed", "late"):
                gauges["duties"].labels(here, plan, what).set(getattr(counts, what))
            for state, count in counts.messages.items():
                gauges["messages"].labels(here, plan, state).set(count)
            late = is_unswept(edition, zone, desk.clock())
            gauges["unswept"].labels(here, plan).set(late)
            if edition.swept_through is not None:
                at = dt.datetime.combine(edition.swept_through, SWEEP_AT, zone)
                gauges["swept_timestamp_seconds"].labels(here, plan).set(at.timestamp())
    gauges["readable"].labels(here).set(1)
