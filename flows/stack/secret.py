"""Prefect's secret at the start of each process: refused where it protects nothing."""

from __future__ import annotations

import http.client
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from catalog.errors import ConflictError, UsageRefusedError
from tasks.time_limit import within

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from pydantic import SecretStr

SHORTEST = 32  # characters, as of every secret of duban
PATIENCE = 10  # seconds for the server's answer
OPEN_TO_ALL = "/admin/version"  # asked without the secret


def require(secret: SecretStr | None, name: str) -> None:
    """Refuse a missing or short secret of the setting `name`.

    Prefect takes an empty one as set, and then leaves its websockets open.
    """
    if secret is None or len(secret.get_secret_value().strip()) < SHORTEST:
        raise UsageRefusedError("prefect-secret", name=name, least=SHORTEST)


def require_locked(api: str | None) -> None:
    """Refuse a Prefect server that answers requests without a secret.

    One that does not answer at all is left to Prefect's own tries.
    """
    try:
        status = within(PATIENCE, partial(_status, urlsplit(api or "")))
    except (OSError, http.client.HTTPException):
        return
    if status == http.HTTPStatus.OK:
        raise ConflictError("prefect-open", api=api)


def _status(api: SplitResult) -> int:
    kind = http.client.HTTPSConnection if api.scheme == "https" else http.client.HTTPConnection
    connection = kind(api.hostname or "", api.port, timeout=PATIENCE)
    try:
        connection.request("GET", api.path.rstrip("/") + OPEN_TO_ALL)
        return connection.getresponse().status
    finally:
        connection.close()


def require_client() -> None:
    """Refuse to work with Prefect without its secret, or with a server that asks for none."""
    from prefect.settings import get_current_settings  # noqa: PLC0415  of processes that have it

    api = get_current_settings().api
    require(api.auth_string, "PREFECT_API_AUTH_STRING")
    require_locked(api.url)
