"""Addresses of pages: the page of a duty, and redirects to pages of ours."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends, Path, Query
from fastapi.responses import RedirectResponse

from tasks.clock import YEARS

Page = Annotated[int, Query(ge=1, le=100_000)]
Seq = Annotated[int, Path(ge=0, lt=2**31)]
Year = Annotated[int, Path(ge=YEARS[0], le=YEARS[-1])]
OfYear = Annotated[int | None, Query(ge=YEARS[0], le=YEARS[-1])]
DUTY = "/duty/{plan}/{obligation}/{party}/{period}"


def duty_path(key: str) -> str:
    """Return the path of the page of duty `key`."""
    return f"/duty/{quote(key)}"


def duty_key(plan: str, obligation: str, party: str, period: str) -> str:
    """Return the key of the duty in a path of DUTY."""
    return f"{plan}/{obligation}/{party}/{period}"


DutyKey = Annotated[str, Depends(duty_key)]


def inside(path: str) -> str:
    """Return `path` if it is one of ours, else the first page: nobody is sent elsewhere."""
    plain = path.startswith("/") and path.isprintable() and "\\" not in path
    return path if plain and not path.startswith("//") else "/"


def redirect(path: str, /, message: str | None = None, **query: str) -> RedirectResponse:
    """Send the browser on to `path`, where the text of the key `message` is shown once."""
    fields = {**query, **({"said": message} if message else {})}
    return RedirectResponse(f"{path}?{urlencode(fields)}" if fields else path, 303)
