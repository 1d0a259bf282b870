"""The files of deploy/ name what there is: settings, modules, commands; nothing listens too far."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
from ruamel.yaml import YAML

from desk.cli import COMMANDS
from tests import postgresql

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILES = [f for f in sorted(DEPLOY.rglob("*")) if f.is_file() and "secrets" not in f.parts]
TEXTS = {f.relative_to(ROOT).as_posix(): f.read_text(encoding="utf-8") for f in FILES}
SCRIPTS = sorted(DEPLOY.glob("*.sh"))
UNITS = sorted(DEPLOY.glob("systemd/*"))


def documents(name):
    return list(YAML(typ="safe").load_all((DEPLOY / name).read_text(encoding="utf-8")))


def test_there_is_something_to_look_at():
    assert len(TEXTS) > 10
    assert (len(SCRIPTS), len(UNITS)) == (2, 3)


@pytest.mark.parametrize("name", TEXTS)
def test_every_setting_named_is_one(name):
    source = (ROOT / "ledger" / "settings.py").read_text(encoding="utf-8")
    known = set(re.findall(r'_read\(\s*environ, "([A-Z_]+)"', source))
    named = set(re.findall(r"\bDUBAN_([A-Z]+(?:_[A-Z]+)*?)(?:_FILE)?\b", TEXTS[name]))
    assert named <= known


@pytest.mark.parametrize("name", TEXTS)
def test_every_module_and_command_named_is_there(name):
    modules = re.findall(r"-m[\", ]+([a-z_]+\.[a-z_.]+)", TEXTS[name])
    assert [m for m in modules if importlib.util.find_spec(m) is None] == []
    asked = re.findall(r"(?:bin/|`|exec |\", \")duban ([a-z][a-z-]+)", TEXTS[name])
    assert set(asked) <= set(COMMANDS)


def test_containers_publish_on_loopback_only():
    (compose,) = documents("compose.yaml")
    ports = [p for service in compose["services"].values() for p in service.get("ports", ())]
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_no_secret_stands_in_a_container_file():
    (compose,) = documents("compose.yaml")
    assert set(compose["secrets"]) == {
        "postgres", "database-url", "duban", "prefect", "prefect-database",
    }  # fmt: skip
    assert all(list(secret) == ["file"] for secret in compose["secrets"].values())
    found = [name for name, text in TEXTS.items() if re.search(r"(?i)password\s*[:=]\s*\w", text)]
    assert found == []


def test_prefects_secret_reaches_its_server_and_the_flows_but_no_desk():
    (compose,) = documents("compose.yaml")
    services = compose["services"]
    holders = {n: s for n, s in services.items() if "prefect" in s.get("secrets", ())}
    assert set(holders) == {"prefect", "schedules", "worker"}
    for service in holders.values():
        assert 'API_AUTH_STRING="$$(cat /run/secrets/prefect)"' in service["command"][-1]
    assert "PREFECT_SERVER_API_AUTH_STRING" in services["prefect"]["command"][-1]


def test_in_a_cluster_prefects_secret_comes_from_the_store_of_secrets():
    references = {}
    for document in documents("kubernetes/duban.yaml"):
        if document["kind"] == "Deployment":
            (container,) = document["spec"]["template"]["spec"]["containers"]
            references[document["metadata"]["name"]] = {
                each["name"]: each["valueFrom"]["secretKeyRef"]
                for each in container.get("env", ())
                if each["name"].endswith("_AUTH_STRING")
            }
    secret = {"name": "prefect", "key": "auth"}
    flows = {"PREFECT_API_AUTH_STRING": secret}
    server = {"PREFECT_SERVER_API_AUTH_STRING": secret}
    assert references == {"prefect": server, "schedules": flows, "worker": flows, "desk": {}}


def test_no_file_starts_a_worker_that_executes_what_the_api_names():
    foreign = r"worker,? \"?start|--type (docker|kubernetes)"
    assert [name for name, text in TEXTS.items() if re.search(foreign, text)] == []


def test_no_file_starts_a_server_without_the_guard_of_its_secret():
    foreign = r"prefect,? server,? start"
    assert [name for name, text in TEXTS.items() if re.search(foreign, text)] == []


def test_prefects_role_never_reads_the_database_of_the_ledger(tmp_path):
    (tmp_path / "password").write_text("pl4nted", encoding="ascii")
    sql = TEXTS["deploy/postgres.sql"].replace(
        "/run/secrets/prefect-database", str(tmp_path / "password")
    )
    with postgresql.server() as running:
        running.create("duban")
        subprocess.run(
            [postgresql.client(), "--no-psqlrc", "-v", "ON_ERROR_STOP=1", running.url("postgres")],
            input=sql,
            text=True,
            check=True,
            capture_output=True,
        )
        prefect = {"host": str(running.sockets), "user": "prefect"}
        with psycopg.connect(dbname="prefect", **prefect) as conn:
            conn.execute("CREATE TABLE its_own (id int)")
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(dbname="duban", **prefect)


def test_a_cluster_runs_nothing_as_root():
    pods = [
        d["spec"]["template"]["spec"]
        for name in ("kubernetes/duban.yaml", "kubernetes/upgrade.yaml")
        for d in documents(name)
        if d["kind"] in {"Deployment", "Job"}
    ]
    assert len(pods) == 5
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        for container in pod["containers"]:
            assert container["securityContext"]["allowPrivilegeEscalation"] is False


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.name)
def test_a_script_is_one_bash_can_read(script):
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda u: u.name)
def test_a_unit_is_one_systemd_can_read(unit):
    said = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    ).stderr
    ours = [line for line in said.splitlines() if unit.name in line]
    assert [line for line in ours if "is not executable" not in line] == []
