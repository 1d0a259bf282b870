"""`/clock`: the day of a demonstration; every day it passes is really swept."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from catalog.dates.days import A_DAY
from desk.web.addresses import inside, redirect
from desk.web.visit import Visit, entering
from tasks.demo import play

router = APIRouter()


@router.post("/clock")
def move(
    visit: Annotated[Visit, Depends(entering("move-clock"))],
    to: Annotated[str, Form()] = "",
    then: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Live the next day, or every day to the end of the month; 404 in real use."""
    if not visit.is_demo:
        raise HTTPException(404)
    until = _until(visit.on, to)
    for edition in visit.plans:
        play.play(visit.ledger, edition.plan, until=until, progress=lambda _: None)
    return redirect(inside(then), message="clock.said.moved")


def _until(day: dt.date, to: str) -> dt.date:
    """Return the day to live to; on the last day of a month the end is that of the next."""
    following = day + A_DAY
    if to == "day":
        return following
    if to == "month":
        return following.replace(day=calendar.monthrange(following.year, following.month)[1])
    raise HTTPException(422)
