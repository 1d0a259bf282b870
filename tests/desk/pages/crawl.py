"""Every route of the desk as the application tells it, and a walk over all that links lead to."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urldefrag

from fastapi.routing import iter_route_contexts

from ledger.post import notices

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2
    from fastapi import FastAPI

    from ledger.session import Ledger
    from tests.desk.visitors import Browser

LINK = re.compile(r'(?:href|src)="(/(?!help/pictures/)[^"]*)"')  # a picture leads nowhere
MOST = 4  # pages of one route and one set of question names; more would show nothing new


class Route(NamedTuple):
    """A method and a path; `is_of_a_duty` when the path names one."""

    method: str
    path: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_of_a_duty(self) -> bool:
        return "{plan}/{obligation}/{party}/{period}" in self.path

    def matches(self, path: str) -> bool:
        parts = re.split(r"\{\w+\}", self.path)
        return re.fullmatch("[^/]+".join(map(re.escape, parts)), path) is not None


class Case(NamedTuple):
    """A duty the routes are asked about, and what their paths need besides."""

    key: str
    sha256: str = "0" * 64
    seq: int = 1


def routes(app: FastAPI) -> list[Route]:
    """Return every route but the folder of our own files, those of included routers too."""
    found = iter_route_contexts(app.routes)
    made = {Route(m, c.path) for c in found if c.methods for m in c.methods if m != "HEAD"}
    return sorted(made)


def walk(
    browser: Browser, app: FastAPI, *starts: str, most: int = MOST
) -> Iterator[tuple[str, httpx2.Response]]:
    """Yield every page reached by links from `starts`: `most` of one route and set of questions."""
    known = [route for route in routes(app) if route.method == "GET"]
    waiting, seen, counted = [*starts], set(starts), Counter[str]()
    while waiting:
        path = waiting.pop(0)
        answer = browser.get(path)
        yield path, answer
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for link in LINK.findall(answer.text):
            to = urldefrag(link.replace("&amp;", "&")).url
            shape = _shape(known, to)
            if to not in seen and counted[shape] < most:
                seen.add(to)
                counted[shape] += 1
                waiting.append(to)


def _shape(known: list[Route], link: str) -> str:
    path, _, query = link.partition("?")
    name = next((route.name for route in known if route.matches(path)), path)
    return f"{name}?{sorted(re.findall(r'([a-z]+)=[^&]', query))}"


def filled(ledger: Ledger, route: Route, case: Case, **more: str) -> str:
    """Return the path of a route about one case; a deed is always asked for without its words."""
    with ledger.read() as conn:
        draft = min(notices.listed(conn, form="slip"), key=lambda n: n.state != "draft").id
    names = dict(zip(("plan", "obligation", "party", "period"), case.key.split("/"), strict=True))
    names |= {"sha256": case.sha256, "seq": str(case.seq)}
    names |= {"deed": "progress", "name": "pace", "year": "2099"}
    return route.path.format_map(_Names(names | more, notice=draft))


class _Names(dict[str, str]):
    """The names of a path; what is not known names nothing that is there."""

    def __missing__(self, _: str) -> str:
        return "9" * 12
