"""Prefect answers only holders of its secret, and runs only the flows of this code."""

from __future__ import annotations

import asyncio
import http.client
import json
import multiprocessing
import os
import pwd
import re
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.faults.planted import leaking_commands, leaks
from tests.flows.foreign import Foreign
from tests.flows.running import PATIENCE, environ, eventually

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(2 * PATIENCE)]

OPEN = {("GET", "/api/health"), ("GET", "/api/ready")}  # probes: they tell nothing but "up"
METHODS = {"get", "post", "put", "patch", "delete"}
SOCKETS = (
    "events/in",
    "events/out",
    "logs/out",
    "task_runs/subscriptions/scheduled",
    "work_pools/duban/workers/connect",
)
DEPLOYMENT = "every-5-minutes"


@pytest.fixture(scope="module")
def attack(tmp_path_factory):
    return Foreign.written(tmp_path_factory.mktemp("foreign"))


def status(stack, method, path, body=None, *, secret=None):
    """Return the status of one request, with no word on who asks but `secret`."""
    headers = {"Content-Type": "application/json", "Host": f"127.0.0.1:{stack.port}"}
    if secret is not None:
        headers["Authorization"] = f"Basic {secret}"
    with closing(http.client.HTTPConnection("127.0.0.1", stack.port, timeout=75)) as connection:
        connection.request(method, path, json.dumps(body or {}), headers)
        return connection.getresponse().status


def routes(stack):
    """Return the method and path of each route of the server, as it lists them itself."""
    document = stack.get("openapi.json")
    return {
        (method.upper(), "/api" + re.sub(r"\{[^}]+\}", uuid4().hex, path))
        for path, methods in document["paths"].items()
        for method in METHODS & methods.keys()
    }


def test_every_route_refuses_a_request_without_the_secret(stack, record_property):
    every = routes(stack) | {("GET", "/api/openapi.json"), ("GET", "/api/docs")}
    assert len(every) > 150
    answers = {route: status(stack, *route) for route in sorted(every)}
    assert {route for route, answer in answers.items() if answer != 401} == OPEN
    record_property("routes", len(every))


@pytest.mark.parametrize("secret", ["", "x", "ZHViYW46", "ZHViYW46ZHViYW4="])
def test_a_wrong_secret_is_refused(stack, secret):
    assert status(stack, "POST", "/api/deployments/filter", secret=secret) == 401


@pytest.mark.parametrize("path", SOCKETS)
def test_a_socket_without_the_secret_is_closed_before_it_tells_anything(stack, path):
    async def visit():
        url = f"ws://127.0.0.1:{stack.port}/api/{path}"
        async with connect(url, subprotocols=["prefect"], proxy=None) as socket:
            await socket.send(json.dumps({"type": "auth", "token": "duban:x"}))
            await socket.recv()

    with pytest.raises(ConnectionClosed) as closed:
        asyncio.run(visit())
    assert closed.value.rcvd.code == 1008


@pytest.mark.skipif(os.getuid() != 0, reason="only root starts a process as somebody else")
def test_another_user_of_the_machine_neither_reads_the_secret_nor_gets_in(stack):
    stack.home.parent.chmod(0o755)
    files = [stack.secret, *(Path(f"/proc/{pid}/environ") for pid in stack.members())]
    near, far = multiprocessing.Pipe()
    visit = multiprocessing.get_context("fork").Process(target=_visit, args=(far, stack, files))
    visit.start()
    assert near.poll(PATIENCE)
    assert near.recv() == (401, ["PermissionError"] * len(files))
    visit.join()


def _visit(answers, stack, files):
    """Become a user without rights, ask Prefect, and try to read `files`."""
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    read = []
    for file in files:
        try:
            read.append(file.read_bytes())
        except OSError as error:
            read.append(type(error).__name__)
    answers.send((status(stack, "POST", "/api/deployments/filter"), read))


def test_the_secret_is_in_one_private_file_and_the_environment_alone(stack):
    secret = stack.secret.read_text(encoding="ascii")
    assert len(secret) > 40
    assert stack.secret.stat().st_mode & 0o777 == 0o600
    eventually(lambda: stack.finished(DEPLOYMENT) or stack.run(DEPLOYMENT))
    assert leaks(stack.home, secrets=[secret, secret.partition(":")[2]]) == [str(stack.secret)]
    assert leaking_commands([*stack.members(), stack.process.pid], [secret]) == []
    desk = next(pid for pid in stack.members() if b"desk.serve" in _command(pid))
    assert secret.encode() not in environ(desk)


def test_without_the_secret_each_step_of_the_attack_fails(stack, attack):
    deployment = f"/api/deployments/{stack.deployment(DEPLOYMENT)}"
    assert status(stack, "PATCH", deployment, attack.deployment) == 401
    assert status(stack, "POST", f"{deployment}/create_flow_run") == 401
    here = stack.get(deployment.removeprefix("/api/"))
    assert here["entrypoint"] != attack.deployment["entrypoint"]


def test_an_entry_point_changed_with_the_secret_is_not_executed(stack, attack):
    attack.put_into(stack, DEPLOYMENT)
    new = attack.deployment | {"name": "added", "flow_id": _flow(stack)}
    added = stack.ask("deployments/", new)["id"]
    never = stack.ask(f"deployments/{added}/create_flow_run", {"state": {"type": "SCHEDULED"}})

    state = stack.run(DEPLOYMENT)["state_type"]
    assert (state, attack.was_executed()) == ("COMPLETED", False)
    assert stack.get(f"flow_runs/{never['id']}")["state_type"] == "SCHEDULED"


def _flow(stack):
    return stack.get(f"deployments/{stack.deployment(DEPLOYMENT)}")["flow_id"]


def _command(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes()
