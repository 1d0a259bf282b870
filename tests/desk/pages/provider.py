"""A real provider of OpenID Connect on loopback that misbehaves on request."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Form, Header
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

CLIENT, SECRET = "duban", "a secret between the two"
BASIC = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
KEY = RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class Provider:
    """A provider where `user` is signed in already; `spoil` changes what its tokens claim."""

    clock: Callable[[], dt.datetime]
    user: str = "chen"
    key: Any = field(default_factory=lambda: KEY)
    alg: str = "RS256"
    spoil: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    host: str = "127.0.0.1"
    hang: float = 0
    echoes: bool = False
    trouble: int = 0

    def __enter__(self) -> Self:
        config = uvicorn.Config(self._app(), host="127.0.0.1", port=0, log_level="error")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()

    @property
    def issuer(self) -> str:
        return f"http://{self.host}:{self.port}/realm"

    def _app(self) -> FastAPI:
        app = FastAPI()
        app.get("/realm/.well-known/openid-configuration")(self.describe)
        app.get("/realm/authorize")(self.authorize)
        app.post("/realm/token")(self.token)
        app.get("/realm/keys")(lambda: self.keys or {"keys": [KEY.as_dict(private=False)]})
        return app

    def describe(self) -> JSONResponse:
        time.sleep(self.hang)
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
            | self.document,
            self.trouble or 200,
        )

    def authorize(  # noqa: PLR0917  the fields of the form
        self,
        client_id: str,
        redirect_uri: str,
        response_type: str,
        scope: str,
        state: str,
        nonce: str,
        code_challenge: str,
        code_challenge_method: str,
    ) -> RedirectResponse:
        assert (client_id, response_type, code_challenge_method) == (CLIENT, "code", "S256")
        assert "openid" in scope.split()
        self.asked.append({"uri": redirect_uri, "nonce": nonce, "challenge": code_challenge})
        back = urlencode({"state": state, "code": len(self.asked) - 1})
        return RedirectResponse(f"{redirect_uri}?{back}")

    def token(  # noqa: PLR0917  the fields of the form
        self,
        code: str = Form(),
        code_verifier: str = Form(),
        redirect_uri: str = Form(),
        authorization: str = Header(""),
        client_id: str = Form(""),
        client_secret: str = Form(""),
    ) -> JSONResponse:
        if self.echoes:
            told = f"you sent {client_id}:{client_secret} {authorization} {code_verifier}"
            return JSONResponse({"error": "invalid_request", "error_description": told}, 400)
        asked = self.asked[int(code)]
        challenge = hashlib.sha256(code_verifier.encode()).digest()
        shown = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        posted = "token_endpoint_auth_methods_supported" in self.document
        known = (client_id, client_secret) == (CLIENT, SECRET) if posted else authorization == BASIC
        if not known or (shown, redirect_uri) != (asked["challenge"], asked["uri"]):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "x", "id_token": self.id_token(asked["nonce"])})

    def id_token(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "4711",
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "preferred_username": self.user,
        } | self.spoil
        given = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": self.alg, "kid": "one"}, given, self.key, [self.alg])
