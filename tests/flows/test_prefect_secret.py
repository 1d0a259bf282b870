"""Nothing of Prefect starts with a secret that protects nothing, or beside an open server."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_URL,
    PREFECT_SERVER_API_AUTH_STRING,
    temporary_settings,
)
from pydantic import SecretStr

from catalog.errors import ConflictError, UsageRefusedError
from flows.stack import schedules, server, worker
from flows.stack.secret import require, require_locked

LONG = "duban:" + "x" * 32


@pytest.mark.parametrize("secret", [None, "", " " * 40, "short", "x" * 31])
def test_a_secret_that_is_missing_or_short_is_refused(secret):
    with pytest.raises(UsageRefusedError, match="PREFECT_API_AUTH_STRING"):
        require(None if secret is None else SecretStr(secret), "PREFECT_API_AUTH_STRING")


def test_a_long_secret_is_taken():
    require(SecretStr(LONG), "PREFECT_API_AUTH_STRING")


@pytest.mark.parametrize("main", [server.main, schedules.main, worker.main])
def test_neither_server_nor_schedules_nor_worker_start_with_an_empty_one(main):
    empty = {PREFECT_API_AUTH_STRING: "", PREFECT_SERVER_API_AUTH_STRING: ""}
    with temporary_settings(empty), pytest.raises(SystemExit, match="fewer than 32 characters"):
        main()


@contextmanager
def answering(status):
    """Yield the address of an API that answers every request with `status`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.handle_request)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/api"
        thread.join()


def test_a_server_that_answers_without_a_secret_is_refused():
    with answering(200) as api, pytest.raises(ConflictError, match="answers without a secret"):
        require_locked(api)


def test_no_worker_starts_beside_an_open_server():
    with answering(200) as api:
        settings = {PREFECT_API_AUTH_STRING: LONG, PREFECT_API_URL: api}
        refused = pytest.raises(SystemExit, match="answers without a secret")
        with temporary_settings(settings), refused:
            worker.main()


def test_a_locked_server_and_one_that_is_not_there_yet_are_left_to_prefect():
    with answering(401) as api:
        require_locked(api)
    require_locked(api)
