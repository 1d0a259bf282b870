"""`/language`: the language a person chose, kept in a cookie of its browser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from catalog.wording import languages
from desk.web.visit import LANGUAGE, YEAR, Anyone, inside

router = APIRouter()


@router.post("/language")
def choose(
    visit: Anyone, to: Annotated[str, Form()] = "", then: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Keep the choice and go back to the page it was made on."""
    if to not in languages():
        raise HTTPException(422)
    answer = visit.go(inside(then))
    answer.set_cookie(LANGUAGE, to, max_age=YEAR, httponly=True, samesite="lax")
    return answer
