"""`/api/…`: what was told, and what waits for the office: notices, slips, requests, problems."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel

from catalog.errors import NotFoundError
from desk.access import policy
from desk.api import duty_shapes
from desk.api.by_token import ByToken, entering
from desk.api.documents import notice_document, slip_document
from desk.api.idempotent import REFUSALS, Key, Limit, Offset, once
from desk.web.visit import Visit
from ledger.duties import conditions, life
from ledger.post import contacts, notices, slips
from ledger.post.slips import Entered
from ledger.session import Connection
from tasks.deeds import slips as deeds

SLIP = "/slips/{notice}"

router = APIRouter(prefix="/api", responses=REFUSALS, tags=["told"])
Releasing = Annotated[Visit, Depends(entering("see-slips"))]


class Withdrawal(BaseModel):
    """Why a draft is withdrawn."""

    reason: str = ""


@router.get("/notices", response_model=duty_shapes.Notices)
def told(visit: ByToken, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    """List the notices about the duties the holder sees, by day; drafts are the office's own."""
    mine, drafts = policy.visible(visit.actor), policy.may(visit.actor, "see-slips")
    with visit.read() as conn:
        found = notices.about(conn, mine, drafts=drafts, limit=limit, offset=offset)
        named = contacts.agencies(conn)
        return {
            "count": notices.count_about(conn, mine, drafts=drafts),
            "notices": [notice_document(notice, named) for notice in found],
        }


@router.get("/slips", response_model=list[duty_shapes.Slip])
def listed(visit: ByToken) -> list[dict[str, Any]]:
    """List the slips about the duties the holder sees, by day; drafts are the office's own."""
    with visit.read() as conn:
        found = [each for each in slips.listed(conn) if _may_see(visit, each)]
        keys = sorted({each.notice.duty for each in found})
        mine = {d.key for d in policy.duties_of(conn, visit.actor, conditions.of_keys(keys))}
        named = contacts.agencies(conn)
        return [slip_document(each, named) for each in found if each.notice.duty in mine]


@router.get(SLIP, response_model=duty_shapes.SlipInWords)
def slip(visit: ByToken, notice: str) -> dict[str, Any]:
    """Return one slip in its words."""
    return _document(visit, notice)


@router.post(SLIP + "/release", response_model=duty_shapes.SlipInWords)
def release(visit: Releasing, notice: str, same: Key = None) -> Response:
    """Release a draft under the next number; the next delivery round sends it."""
    _known(visit, notice)
    return once(
        visit,
        same,
        [],
        lambda: deeds.release(visit.ledger, notice, visit.act),
        lambda _: _document(visit, notice),
    )


@router.post(SLIP + "/withdraw", response_model=duty_shapes.SlipInWords)
def withdraw(visit: Releasing, notice: str, said: Withdrawal, same: Key = None) -> Response:
    """Withdraw a draft, with the reason: it is not sent, and not drafted again."""
    _known(visit, notice)
    return once(
        visit,
        same,
        said.reason,
        lambda: deeds.withdraw(visit.ledger, notice, visit.act, reason=said.reason),
        lambda _: _document(visit, notice),
    )


@router.get("/extensions", response_model=list[life.Extension])
def extensions(visit: ByToken) -> list[life.Extension]:
    """List the requests for another date that wait, oldest first."""
    with visit.read() as conn:
        return life.undecided(conn, policy.visible(visit.actor))


@router.get("/problems", response_model=list[life.Problem])
def problems(visit: ByToken, *, unanswered: bool = False) -> list[life.Problem]:
    """List the problems brought to the office, oldest first; all, or the unanswered alone."""
    with visit.read() as conn:
        found = life.raised(conn, policy.visible(visit.actor))
    return [p for p in found if not (unanswered and p.answered_on)]


def _may_see(visit: Visit, entered: Entered) -> bool:
    return entered.slip is not None or policy.may(visit.actor, "see-slips")


def _known(visit: Visit, notice: str) -> Entered:
    """Return the slip of that notice; NotFoundError unless the holder may see it."""
    with visit.read() as conn:
        return _found(conn, visit, notice)


def _found(conn: Connection, visit: Visit, notice: str) -> Entered:
    found = [each for each in slips.named(conn, notice) if each.notice.id == notice]
    if not found or not _may_see(visit, found[0]):
        raise NotFoundError("slip-unknown", slip=notice)
    policy.duty_of(conn, visit.actor, found[0].notice.duty)
    return found[0]


def _document(visit: Visit, notice: str) -> dict[str, Any]:
    with visit.read() as conn:
        found = _found(conn, visit, notice)
        words = deeds.text(conn, found, visit.desk.settings, on=visit.on)
        told = {"subject": words.subject, "body": words.body}
        return slip_document(found, contacts.agencies(conn)) | told
