"""OpenID Connect: the provider signs a person in and vouches for their login.

The authorization code flow with PKCE: RFC 6749, RFC 7636, OpenID Connect Core 1.0 and Discovery.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import logging
import ssl
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from catalog.errors import DubanError
from desk.access.slowdown import RefusedError
from ledger.settings import is_private
from tasks.time_limit import OutOfTimeError, within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.settings import Oidc

T = TypeVar("T")

TIME_OUT = 5.0  # seconds, for each step of a conversation with the provider
LONGEST_TALK = 10.0  # seconds, for a whole conversation
LARGEST = 256 * 1024  # bytes of one answer
LONGEST_TRIP = dt.timedelta(minutes=10)  # to the provider and back
LEEWAY = 30  # seconds its clock may differ from ours
SCOPE = "openid profile"
# Signed with a key only the provider has: never `none`, never our own secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
CLIENT_ERRORS = range(400, 500)
CODES = frozenset(
    (
        *("invalid_request", "invalid_client", "invalid_grant", "invalid_scope"),
        *("unauthorized_client", "unsupported_grant_type"),
    )
)

log = logging.getLogger(__name__)


class ProviderDownError(DubanError):
    """The provider does not answer, or not as one; nothing is wrong with the person."""


class Trip(NamedTuple):
    """One trip to the provider and back, identified by a secret that only the browser keeps.

    State, nonce and verifier are derived from it, so they belong together and to this browser.
    """

    secret: str

    @property
    def state(self) -> str:
        """The value the browser must bring back."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """The value the token must repeat."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """The value that only the one who began the trip can send with the code."""
        return self._derived("verifier")

    def is_state(self, state: str) -> bool:
        """Tell whether `state` is the state of this trip."""
        same = hmac.compare_digest(self.state.encode(), state.encode())
        return bool(self.secret) and same

    def _derived(self, purpose: str) -> str:
        return hmac.new(self.secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def way_out(oidc: Oidc, trip: Trip, back: str) -> str:
    """Return the provider's address to send a browser to; the browser returns to `back`.

    Raises ProviderDownError.
    """
    document = _talk(lambda client: _metadata(client, oidc))
    address: str = prepare_grant_uri(
        document["authorization_endpoint"],
        oidc.client,
        "code",
        redirect_uri=back,
        scope=SCOPE,
        state=trip.state,
        nonce=trip.nonce,
        code_challenge=create_s256_code_challenge(trip.verifier),
        code_challenge_method="S256",
    )
    return address


def login(oidc: Oidc, trip: Trip, code: str, *, back: str, at: dt.datetime) -> str:
    """Return the login the provider vouches for, having checked its token at the instant `at`.

    Raises RefusedError for a code or a token that does not hold, ProviderDownError.
    """

    def conversation(client: httpx.Client) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        document = _metadata(client, oidc)
        tokens = _tokens(client, oidc, document, _grant(trip, code, back))
        return tokens, _json(_ask(client, "GET", document["jwks_uri"]))

    tokens, keys = _talk(conversation)
    try:
        return _login(tokens, keys, oidc, trip.nonce, at)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        log.warning("the provider's token is refused: %s", error)
        raise RefusedError("oidc-refused") from None


def _grant(trip: Trip, code: str, back: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": trip.verifier,
    }


def _talk(conversation: Callable[[httpx.Client], T]) -> T:
    """Return what a conversation with the provider brings, within its limit; ProviderDownError.

    The client follows no redirect and reads no environment.
    """

    def talk() -> T:
        trust = ssl.create_default_context()
        with httpx.Client(
            timeout=TIME_OUT, verify=trust, trust_env=False, headers={"Accept-Encoding": "identity"}
        ) as client:
            return conversation(client)

    try:
        return within(LONGEST_TALK, talk)
    except (
        OutOfTimeError, httpx.HTTPError, httpx.InvalidURL, KeyError, TypeError, ValueError
    ) as error:  # fmt: skip
        log.warning("the provider cannot be used: %s: %s", type(error).__name__, error)
        raise ProviderDownError("oidc-down") from None


def _ask(client: httpx.Client, method: str, address: str, **fields: Any) -> httpx.Response:
    """Return the whole answer to a request; ValueError for one that is too large or packed."""
    body = bytearray()
    with client.stream(method, address, **fields) as answer:
        if "Content-Encoding" in answer.headers:
            raise ValueError("its answer is packed")
        for piece in answer.iter_raw():
            body += piece
            if len(body) > LARGEST:
                raise ValueError("its answer is too large")
    return httpx.Response(answer.status_code, content=bytes(body), request=answer.request)


def _metadata(client: httpx.Client, oidc: Oidc) -> Mapping[str, Any]:
    """Return the provider's metadata; ValueError if it is another's or an address is not https."""
    address = f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
    document = _json(_ask(client, "GET", address))
    if document["issuer"] != oidc.issuer:
        raise ValueError(f"it calls itself {document['issuer']}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_private(str(document[name])):
            raise ValueError(f"its {name} is no address of https")
    return document


def _tokens(
    client: httpx.Client, oidc: Oidc, document: Mapping[str, Any], grant: dict[str, str]
) -> Mapping[str, Any]:
    """Return the tokens for a code; RefusedError when the provider refuses them."""
    ways = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    basic = "client_secret_basic" in ways
    fields = {} if basic else {"client_id": oidc.client, "client_secret": oidc.secret}
    answer = _ask(
        client,
        "POST",
        document["token_endpoint"],
        data=grant | fields,
        auth=(oidc.client, oidc.secret) if basic else httpx.USE_CLIENT_DEFAULT,
    )
    if answer.status_code in CLIENT_ERRORS:
        log.warning("the provider gives no token: %s %s", answer.status_code, _error(answer))
        raise RefusedError("oidc-refused")
    return _json(answer)


def _error(answer: httpx.Response) -> str:
    """Return the code of a refusal (RFC 6749, 5.2); its other words may repeat what we sent."""
    try:
        code = str(answer.json()["error"])
    except (KeyError, TypeError, ValueError):
        return ""
    return code if code in CODES else ""


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    """Return the object of an answer; HTTPError or ValueError when it is none."""
    answer.raise_for_status()
    document = answer.json()
    if not isinstance(document, dict):
        raise TypeError("its answer is no object")
    return document


def _login(tokens: Mapping[str, Any], keys: Any, oidc: Oidc, nonce: str, at: dt.datetime) -> str:
    """Return the login of an id_token; signature, issuer, audience, nonce and times must hold."""
    token = jwt.decode(str(tokens["id_token"]), KeySet.import_key_set(keys), algorithms=ALGORITHMS)
    claims = CodeIDToken(
        token.claims,
        token.header,
        {
            "iss": {"essential": True, "value": oidc.issuer},
            "aud": {"essential": True, "value": oidc.client},
        },
        {"nonce": nonce, "client_id": oidc.client, "access_token": tokens.get("access_token")},
    )
    claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
    name = claims[oidc.claim]
    if not isinstance(name, str):
        raise TypeError(f"{oidc.claim} is no text")
    return name
