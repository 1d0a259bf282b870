"""`/duty/…/agenda` and `/duty/…/prepared/…`: papers of a duty, for those who answer for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.reports.preparation import Agenda
from desk.access import visibility
from desk.papers.agenda import AgendaPaper
from desk.papers.preparation import MATERIAL, paper_file
from desk.web import rendering
from desk.web.addresses import DUTY, DutyKey
from desk.web.visit import SignedIn, Visit
from ledger.duties import preparations

if TYPE_CHECKING:
    from ledger.duties.duties import Duty

router = APIRouter()


@router.get(DUTY + "/agenda")
def agenda(visit: SignedIn, key: DutyKey) -> Response:
    """Show the agenda of a meeting, to read and to print; 404 where there is none."""
    duty, preparation = _prepared(visit, key)
    material = MATERIAL.validate_json(preparation.data)
    if not isinstance(material, Agenda):
        raise HTTPException(404)
    paper = AgendaPaper(material, visit.lang)
    return rendering.page(visit, "duties/agenda", duty=duty, material=material, paper=paper)


@router.get(DUTY + "/prepared/{name}")
def prepared(visit: SignedIn, key: DutyKey, name: str) -> Response:
    """Return one of the papers in the reader's language; 404 where there is none."""
    _, preparation = _prepared(visit, key)
    try:
        paper = paper_file(preparation, name, visit.lang)
    except KeyError:
        raise HTTPException(404) from None
    attachment = f"attachment; filename*=UTF-8''{quote(paper.name, safe='')}"
    headers = {"Content-Disposition": attachment}
    return Response(paper.content, media_type=paper.media_type, headers=headers)


def _prepared(visit: Visit, key: str) -> tuple[Duty, preparations.Preparation]:
    """Return the duty and its material, for whoever answers for it; 404 for anybody else."""
    with visit.read() as conn:
        duty = visibility.duty_of(conn, visit.actor, key)
        material = preparations.of(conn, key)
    if material is None or not visibility.answers_for(visit.actor, duty):
        raise HTTPException(404)
    return duty, material
