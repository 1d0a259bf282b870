"""Answers to requests that fail: in words, without detail, and never as a success."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from catalog.errors import ConflictError, DubanError, InvalidError, NotFoundError, UsageRefusedError
from desk.web import rendering
from desk.web.fields import LONGEST_NAME
from desk.web.forms import DOWN, HALTED, say_refusal
from desk.web.guard import API
from desk.web.visit import SetupFirstError, SignInNeededError, Visit, visit
from ledger.session import UNSTORABLE, UNUSABLE
from tasks.setup.stage import is_empty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request

log = logging.getLogger(__name__)

RETRY_AFTER = {"Retry-After": "10"}  # seconds
STATUS: Mapping[type[DubanError], int] = {
    NotFoundError: 404,
    ConflictError: 409,
    InvalidError: 422,
    UsageRefusedError: 422,
}
UNREADABLE = 400  # the parser of forms answers this to what it cannot read: to us that is 422
WITH_TEXT = frozenset({401, 403, 404, 405, 409, 413, 421, 422, 503})  # the rest reads as 500


def answer(app: FastAPI) -> None:
    """Have `app` answer every failure by this module."""
    app.add_exception_handler(SignInNeededError, _sign_in)
    app.add_exception_handler(SetupFirstError, _set_up)
    app.add_exception_handler(DubanError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(UNSTORABLE, _unreadable)
    app.add_exception_handler(ClientDisconnect, _disconnected)
    app.add_exception_handler(UNUSABLE, _ledger_down)
    app.add_exception_handler(Exception, _defect)


def problem(request: Request, status: int, detail: str = "", **headers: str) -> Response:
    """Answer with a page, or for a system with application/problem+json (RFC 9457)."""
    visit = _visit(request, status)
    code = status if status in WITH_TEXT else 500
    title = visit.say(f"refused.{code}.title")
    if request.url.path.startswith(API):
        document = {
            "type": "about:blank", "status": status, "title": title, "detail": detail or title
        }  # fmt: skip
        return JSONResponse(document, status, headers, media_type="application/problem+json")
    page = rendering.page(visit, "refused", status, code=str(code), detail=detail)
    page.headers.update(headers)
    return page


def _visit(request: Request, status: int) -> Visit:
    """Return the visit, to show the menu; of nobody where the ledger may not answer."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        nobody = Visit(request)
        nobody.plans = []
        return nobody
    before: Visit | None = getattr(request.state, "visit", None)
    return before or visit(request)


def _sign_in(request: Request, _: Exception) -> Response:
    if request.method != "GET" or request.url.path.startswith(API):
        return problem(request, 401)
    with Visit(request).read() as conn:
        if is_empty(conn):
            return RedirectResponse("/setup", 303)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/sign-in?then={quote(request.url.path + query, safe='')}", 303)


def _set_up(request: Request, error: Exception) -> Response:
    """Lead the administrator to the steps; tell the office that they are not done."""
    assert isinstance(error, SetupFirstError)
    visit = _visit(request, 409)
    if visit.actor.is_founding:
        query = f"?{request.url.query}" if request.method == "GET" and request.url.query else ""
        return RedirectResponse(f"/setup/plan{query}", 303)
    return problem(request, 409, error.in_language(visit.lang))


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DubanError)
    if error.key in HALTED:
        log.error("the ledger cannot be used: %s", error)
        return problem(request, 503, say_refusal(error, Visit(request).lang), **RETRY_AFTER)
    if error.key in DOWN:
        return problem(request, 503, **RETRY_AFTER)
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    # Whether a duty is not there or is another's, the page says the same.
    detail = say_refusal(error, Visit(request).lang) if status not in {404, 500} else ""
    return problem(request, status, detail)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, DubanError):  # raised while the body was read
        return _refused(request, error.__cause__)
    status = 422 if error.status_code == UNREADABLE else error.status_code
    return problem(request, status, **dict(error.headers or {}))


def _unreadable(request: Request, _: Exception) -> Response:
    return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY)


def _unfit(request: Request, error: Exception) -> Response:
    """Name the first parameter or field that is wrong, without its value."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name = str(first["loc"][-1])[:LONGEST_NAME]
    key = "field-not-here" if first["type"] == "extra_forbidden" else "field-unfit"
    return _refused(request, UsageRefusedError(key, name=name))


def _disconnected(_: Request, __: Exception) -> Response:
    """Answer nobody: the connection broke before the request was complete."""
    return Response(status_code=UNREADABLE)


def _ledger_down(request: Request, error: Exception) -> Response:
    log.error("the ledger cannot be used: %s", error)
    return problem(request, 503, **RETRY_AFTER)


def _defect(request: Request, _: Exception) -> Response:
    return problem(request, 500)
