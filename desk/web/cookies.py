"""The cookie of a session, and the token that every form of the session carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import Request  # noqa: TC002  FastAPI reads it at run time
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from catalog.duties.evidence_rules import safe_name
from catalog.errors import UsageRefusedError
from desk.access import known_browser, signin
from desk.web.fields import reads_whole_form, refuse_unknown
from desk.web.guard import LOOPBACK, SAFE, host_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi.dependencies.models import Dependant
    from starlette.datastructures import FormData
    from starlette.responses import Response

    from desk.access.signin import SignIn
    from desk.web.desk import Desk

KNOWN = "-known"  # the suffix of the cookie of a known browser


class SessionCookie:
    """The session's cookie of one request; `suffix` names a cookie that goes with it."""

    def __init__(self, request: Request) -> None:
        desk: Desk = request.app.state.desk
        host = host_of(request.headers.get("host", ""))
        base_url = desk.settings.base_url or ""
        self._cookies = request.cookies
        self._has_path = bool(desk.settings.base_path)
        # Not for https only over loopback, nor where https is not used.
        self._is_secure = host not in LOOPBACK and base_url.startswith("https:")

    @property
    def name(self) -> str:
        """The name of the cookie; `__Host-` binds it to this host, at its root, and to https."""
        if not self._is_secure:
            return "duban"
        return "__Secure-duban" if self._has_path else "__Host-duban"

    def value(self, suffix: str = "") -> str:
        """Return what the browser sent, empty when there is no cookie."""
        return self._cookies.get(self.name + suffix, "")

    def give(
        self, answer: Response, value: str, suffix: str = "", *, lasts: int | None = None
    ) -> None:
        """Give the browser the cookie, for `lasts` seconds or until the browser ends."""
        answer.set_cookie(self.name + suffix, value, max_age=lasts, **self.options)

    def welcome(self, answer: Response, session: SignIn) -> None:
        """Give the browser the cookies of a sign-in."""
        self.give(answer, session.cookie)
        if session.known:
            self.give(answer, session.known, KNOWN, lasts=known_browser.LASTS)

    def remove(self, answer: Response, suffix: str = "") -> None:
        """Take the cookie away from the browser."""
        answer.delete_cookie(self.name + suffix, **self.options)

    @property
    def options(self) -> Mapping[str, Any]:
        """What every cookie of ours has."""
        return {"path": "/", "secure": self._is_secure, "httponly": True, "samesite": "lax"}


async def own_form(request: Request) -> None:
    """Refuse what a signed-in browser sends without the token of our forms, and what nobody reads.

    Raises UsageRefusedError for a field or file that the page does not read. A page that reads the
    whole form checks its fields itself, and a deed its files too.
    """
    if request.method in SAFE:
        return
    form = await request.form()
    cookie, token = SessionCookie(request).value(), form.get("token")
    if cookie and not signin.is_form_token(cookie, token if isinstance(token, str) else ""):
        raise HTTPException(403)
    route = request.scope["route"]
    if "{deed}" not in route.path:
        _refuse_unread(route.dependant, form)


def _refuse_unread(dependant: Dependant, form: FormData) -> None:
    known = [param.alias for param in dependant.body_params]
    for name, value in form.multi_items():
        if isinstance(value, UploadFile) and value.filename and name not in known:
            raise UsageRefusedError("deed-without-files", place=safe_name(value.filename))
    if not reads_whole_form(dependant):
        refuse_unknown(form, known)
