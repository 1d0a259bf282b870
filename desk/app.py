"""The web application: every page of `desk/pages/`, behind one guard."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, FastAPI
from starlette.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from desk import pages
from desk.base_path import BasePath
from desk.handbook import book
from desk.web import refusals
from desk.web.cookies import own_form
from desk.web.desk import Desk
from desk.web.guard import Guard
from desk.web.rendering import STATIC
from ledger.session import Ledger

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from types import ModuleType

    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from desk.web.desk import Neighbours
    from desk.web.menu import Entry
    from ledger.settings import Settings


class Files(StaticFiles):
    """Static files; their addresses change with them, so browsers keep them for a year."""

    def file_response(self, *args: object, **kwargs: object) -> Response:  # noqa: D102  Starlette describes it
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def create_app(
    settings: Settings, *, clock: Callable[[], dt.datetime], hosts: Neighbours | None = None
) -> FastAPI:
    """Return the application of one jurisdiction; `clock` gives the real instant, in UTC.

    `hosts` knows the others of the installation, where there may be others.

    The ledger is opened once and shared; each page opens its own connection to it.
    """
    app = FastAPI(title="duban", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = Desk(Ledger.open(settings), clock, hosts)
    app.state.menu = _menu()
    app.router.routes.extend(_routes())
    app.mount("/static", Files(directory=str(STATIC)))
    app.mount(book.ADDRESS, Files(directory=str(book.PICTURES), check_dir=False))
    refusals.answer(app)
    app.add_middleware(Guard, settings=settings)
    if settings.base_path:
        app.add_middleware(BasePath, path=settings.base_path)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.proxies))
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Return the routes of every page, shared by all applications: preparing them takes 0.2 s."""
    router = APIRouter()
    for module in _modules():
        router.include_router(module.router, dependencies=[Depends(own_form)])
    return tuple(router.routes)


@cache
def _modules() -> tuple[ModuleType, ...]:
    """Return every page of the folder and its rooms."""
    names = pkgutil.walk_packages(pages.__path__, f"{pages.__name__}.")
    return tuple(import_module(page.name) for page in names if not page.ispkg)


def _menu() -> tuple[Entry, ...]:
    entries = (getattr(module, "MENU", None) for module in _modules())
    return tuple(sorted(filter(None, entries), key=lambda entry: entry.order))
