"""`/duty/…/prepared/…`: the papers prepared for a duty, for those who answer for it."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from desk.access import visibility
from desk.papers.preparation import paper_file
from desk.web.addresses import DUTY, DutyKey
from desk.web.visit import SignedIn
from ledger.duties import preparations

router = APIRouter()


@router.get(DUTY + "/prepared/{name}")
def prepared(visit: SignedIn, key: DutyKey, name: str) -> Response:
    """Return one of the papers in the reader's language; 404 where there is none."""
    with visit.read() as conn:
        duty = visibility.duty_of(conn, visit.actor, key)
        material = preparations.of(conn, key)
    if material is None or not visibility.answers_for(visit.actor, duty):
        raise HTTPException(404)
    try:
        paper = paper_file(material, name, visit.lang)
    except KeyError:
        raise HTTPException(404) from None
    attachment = f"attachment; filename*=UTF-8''{quote(paper.name, safe='')}"
    headers = {"Content-Disposition": attachment}
    return Response(paper.content, media_type=paper.media_type, headers=headers)
