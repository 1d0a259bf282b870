"""`/language`: the language a person chooses, kept in a cookie of their browser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from catalog.wording import languages
from desk.web.addresses import inside, redirect
from desk.web.cookies import SessionCookie
from desk.web.words import LANGUAGE

YEAR = 365 * 24 * 3600  # seconds

router = APIRouter()


@router.post("/language")
def choose(
    request: Request, to: Annotated[str, Form()] = "", then: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Keep the choice and go back to the page it came from."""
    if to not in languages():
        raise HTTPException(422)
    answer = redirect(inside(then))
    answer.set_cookie(LANGUAGE, to, max_age=YEAR, **SessionCookie(request).options)
    return answer
