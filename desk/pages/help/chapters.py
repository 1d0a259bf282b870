"""`/help`: the handbook, its search and its chapters, also before signing in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from desk.handbook.book import book
from desk.handbook.search import LONGEST, search
from desk.web import rendering
from desk.web.visit import Anyone

router = APIRouter()
Words = Annotated[str, Query(max_length=LONGEST)]


@router.get("/help")
def contents(visit: Anyone, q: Words = "") -> Response:
    """Show the table of contents, or what a search finds."""
    chapters, hits = book(visit.lang), search(visit.lang, q)
    return rendering.page(visit, "help/contents", chapters=chapters, query=q.strip(), hits=hits)


@router.get("/help/whole")
def whole(visit: Anyone) -> Response:
    """Show all chapters on one page, to print them."""
    return rendering.page(visit, "help/whole", chapters=book(visit.lang))


@router.get("/help/{name}")
def chapter(visit: Anyone, name: str) -> Response:
    """Show a chapter, with the one before and the one after it."""
    chapters = book(visit.lang)
    place = next((n for n, each in enumerate(chapters) if each.name == name), None)
    if place is None:
        raise HTTPException(404)
    before, after = chapters[:place][-1:], chapters[place + 1 :][:1]
    return rendering.page(
        visit,
        "help/chapter",
        chapter=chapters[place],
        before=before[0] if before else None,
        after=after[0] if after else None,
    )
