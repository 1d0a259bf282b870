"""Prefect's server: its environment, its command and its health check.

`python -m flows.stack.server [OPTIONS of prefect server start]` starts it, never without a secret.
"""

from __future__ import annotations

import http.client
import os
import runpy
import secrets
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from catalog.errors import DubanError
from flows.stack.secret import require
from tasks.time_limit import within

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"
TIME_OUT = 2.0  # seconds


def secret_file(home: Path) -> Path:
    """Return the file with the secret that Prefect's API asks for, private to its owner."""
    return home / "prefect" / "secret"


def new_secret(home: Path) -> str:
    """Write a new secret for the next start, and return it."""
    file, secret = secret_file(home), f"duban:{secrets.token_urlsafe(32)}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)  # one that others may read would stay so
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(secret)
    return secret


def environment(home: Path, port: int, secret: str) -> dict[str, str]:
    """Return the environment of the child processes, without the caller's own Prefect settings.

    The API stays on loopback, answers only its own pages, and only who knows `secret`, because
    every user of the machine reaches loopback; nothing is reported to anyone;
    leases survive a restart; old runs are deleted (the lasting history is in the ledger); a dead
    run is noticed by its missing heartbeat.
    """
    api = f"http://{HOST}:{port}"
    others = ("PREFECT_", "DUBAN_JURISDICTION")  # the stack is of every jurisdiction
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(others)}
    return inherited | {
        "DUBAN_HOME": str(home),
        "DO_NOT_TRACK": "1",
        "NO_PROXY": f"{HOST},localhost",
        "no_proxy": f"{HOST},localhost",
        "PREFECT_API_AUTH_STRING": secret,
        "PREFECT_API_URL": f"{api}/api",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_RUNNER_POLL_FREQUENCY": "5",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_API_AUTH_STRING": secret,
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
            "prefect.server.concurrency.lease_storage.filesystem"
        ),
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": api,
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_UI_STATIC_DIRECTORY": str(home / "prefect" / "ui"),
    }


def command(port: int) -> list[str]:
    """Return the command of a Prefect server on loopback."""
    return [sys.executable, "-m", "flows.stack.server", "--host", HOST, "--port", str(port)]


def is_healthy(port: int, path: str = "/api/health") -> bool:
    """Tell whether a server answers at `path` on this port in good time; no proxy is used.

    Prefect's `/api/health` needs no secret, so that probes need none.
    """
    try:
        return within(TIME_OUT, partial(_status, port, path)) == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=TIME_OUT)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def main() -> None:
    """Start Prefect's server in this process, unless its secret protects nothing."""
    from prefect.settings import get_current_settings  # noqa: PLC0415  the parent is without it

    try:
        require(get_current_settings().server.api.auth_string, "PREFECT_SERVER_API_AUTH_STRING")
    except DubanError as error:
        sys.exit(f"duban: {error}")
    _begin_as_writer()
    sys.argv[1:1] = ["server", "start"]
    runpy.run_module("prefect", run_name="__main__")


def _begin_as_writer() -> None:
    """Have Prefect begin its transactions on SQLite with the lock of a writer.

    One that begins without it, reads and then writes fails at once ("database is locked") where
    another has written in between, whatever its patience. Prefect itself does so in places.
    """
    from prefect.server.database.configurations import (  # noqa: PLC0415  as above
        AioSqliteConfiguration as Sqlite,
    )

    begin = Sqlite.begin_transaction

    def begin_as_writer(sqlite: Sqlite, session: Any, **_: Any) -> Any:
        return begin(sqlite, session, with_for_update=True)

    setattr(Sqlite, begin.__name__, begin_as_writer)  # Prefect has no setting for it


if __name__ == "__main__":
    main()
