"""`/api/…`: notices and slips, and the requests and problems that wait for the office."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.errors import NotFoundError
from desk.access import visibility
from desk.api import duty_shapes
from desk.api.by_token import ByToken, entering
from desk.api.documents import notice_document, slip_document
from desk.api.idempotent import MOST, REFUSALS, Key, Limit, Offset, once
from desk.api.strict import Body, StrictRoute
from desk.web.visit import Visit
from ledger.duties import conditions, life
from ledger.people import agencies as register
from ledger.post import notices, slips
from ledger.post.slips import SlipNotice
from ledger.session import Connection
from tasks.deeds import slips as slip_deeds

SLIP = "/slips/{notice}"

router = APIRouter(prefix="/api", route_class=StrictRoute, responses=REFUSALS, tags=["told"])
Releasing = Annotated[Visit, Depends(entering("see-slips"))]


class Withdrawal(Body):
    """The reason a draft is withdrawn."""

    reason: str = ""


@router.get("/notices", response_model=duty_shapes.Notices)
def told(visit: ByToken, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    """List the notices about the duties the holder sees, by day; drafts are the office's own."""
    visible, drafts = visibility.visible(visit.actor), visibility.may(visit.actor, "see-slips")
    with visit.read() as conn:
        rows = notices.about(conn, visible, drafts=drafts, limit=limit, offset=offset)
        agencies = register.agencies_on(conn, visit.on)
        return {
            "count": notices.count_about(conn, visible, drafts=drafts),
            "notices": [notice_document(notice, agencies) for notice in rows],
        }


@router.get("/slips", response_model=list[duty_shapes.Slip])
def listed(visit: ByToken, limit: Limit = MOST, offset: Offset = 0) -> list[dict[str, Any]]:
    """List the slips about the duties the holder sees, by day; drafts are the office's own."""
    with visit.read() as conn:
        visible = [each for each in slips.listed(conn) if _may_see(visit, each)]
        keys = sorted({each.notice.duty for each in visible})
        own = {d.key for d in visibility.duties_of(conn, visit.actor, conditions.of_keys(keys))}
        agencies = register.agencies_on(conn, visit.on)
        rows = [each for each in visible if each.notice.duty in own]
        return [slip_document(each, agencies) for each in rows[offset : offset + limit]]


@router.get(SLIP, response_model=duty_shapes.SlipInWords)
def slip(visit: ByToken, notice: str) -> dict[str, Any]:
    """Return one slip with its text."""
    return _document(visit, notice)


@router.post(SLIP + "/release", response_model=duty_shapes.SlipInWords)
def release(visit: Releasing, notice: str, same: Key = None) -> Response:
    """Release a draft under the next number; the next delivery round sends it."""
    _slip_of(visit, notice)
    return once(
        visit,
        same,
        [],
        lambda: slip_deeds.release(visit.ledger, notice, visit.act),
        lambda _: _document(visit, notice),
    )


@router.post(SLIP + "/withdraw", response_model=duty_shapes.SlipInWords)
def withdraw(visit: Releasing, notice: str, body: Withdrawal, same: Key = None) -> Response:
    """Withdraw a draft, with the reason: it is not sent, and not drafted again."""
    _slip_of(visit, notice)
    return once(
        visit,
        same,
        body.reason,
        lambda: slip_deeds.withdraw(visit.ledger, notice, visit.act, reason=body.reason),
        lambda _: _document(visit, notice),
    )


@router.get("/extensions", response_model=list[life.Extension])
def extensions(visit: ByToken, limit: Limit = MOST, offset: Offset = 0) -> list[life.Extension]:
    """List the undecided extension requests, oldest first."""
    with visit.read() as conn:
        return life.open_requests(conn, visibility.visible(visit.actor))[offset : offset + limit]


@router.get("/problems", response_model=list[life.Problem])
def problems(
    visit: ByToken, limit: Limit = MOST, offset: Offset = 0, *, unanswered: bool = False
) -> list[life.Problem]:
    """List the problems reported to the office, oldest first; all, or only the unanswered."""
    with visit.read() as conn:
        every = life.problems_of(conn, visibility.visible(visit.actor))
    rows = [p for p in every if not (unanswered and p.answered_on)]
    return rows[offset : offset + limit]


def _may_see(visit: Visit, row: SlipNotice) -> bool:
    return row.slip is not None or visibility.may(visit.actor, "see-slips")


def _slip_of(visit: Visit, notice: str) -> SlipNotice:
    """Return the slip of that notice; NotFoundError unless the holder may see it."""
    with visit.read() as conn:
        return _slip(conn, visit, notice)


def _slip(conn: Connection, visit: Visit, notice: str) -> SlipNotice:
    matches = [each for each in slips.matching(conn, notice) if each.notice.id == notice]
    if not matches or not _may_see(visit, matches[0]):
        raise NotFoundError("slip-unknown", slip=notice)
    visibility.duty_of(conn, visit.actor, matches[0].notice.duty)
    return matches[0]


def _document(visit: Visit, notice: str) -> dict[str, Any]:
    with visit.read() as conn:
        row = _slip(conn, visit, notice)
        words = slip_deeds.text(conn, row, visit.desk.settings, on=visit.on)
        text = {"subject": words.subject, "body": words.body}
        return slip_document(row, register.agencies_on(conn, visit.on)) | text
