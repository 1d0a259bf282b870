"""A real mail server: Exim by itself, with config, spool, port and mailboxes of its own."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

BINARY = shutil.which("exim4", path=f"{os.environ['PATH']}:/usr/sbin") or ""
CONFIG = """\
exim_path = {binary}
exim_user = {user}
exim_group = {group}
spool_directory = {home}/spool
log_file_path = {home}/log-%s
pid_file_path = {home}/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
disable_ipv6
primary_hostname = mx.example
deliver_drop_privilege
queue_only
keep_environment =
tls_advertise_hosts =
rfc1413_query_timeout = 0s
smtp_accept_max = 100
acl_smtp_rcpt = takes_all
begin acl
takes_all:
  accept
begin routers
gone:
  driver = redirect
  local_parts = +gone
  condition = ${{if exists{{{home}/gone}}}}
  data = :fail: 550 5.1.1 There is no such mailbox
  allow_fail
later:
  driver = redirect
  local_parts = +gone
  data = :defer: the mailbox is locked
  allow_defer
own:
  driver = accept
  local_parts = duban
  transport = own
others:
  driver = accept
  transport = others
begin transports
own:
  driver = appendfile
  directory = {home}/own
  maildir_format
  create_directory
  return_path_add
others:
  driver = appendfile
  directory = {home}/others
  maildir_format
  create_directory
  envelope_to_add
begin retry
*  *  F,4d,1s
"""


class Exim:
    """A server that takes everything; `run_queue` delivers what it took.

    Mail to the local parts in `gone` waits until `give_up`, and then comes back. Mail to duban is
    in the Maildir `own`, all other in `others`.
    """

    def __init__(self, *gone: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="exim-", dir="/tmp"))
        self._account = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self.port = _free_port()
        names = {"user": self._account.pw_name, "group": _group(self._account.pw_gid)}
        lists = f"localpartlist gone = {' : '.join(gone or ['nobody'])}\n"
        config = CONFIG.format(binary=BINARY, home=self.home, port=self.port, **names)
        (self.home / "exim.conf").write_text(lists + config)
        for name in ("own", "others"):
            for part in ("", "new", "cur", "tmp"):
                (self.home / name / part).mkdir(exist_ok=True)
        (self.home / "spool").mkdir()
        if os.getuid() == 0:
            for path in (self.home, *self.home.rglob("*")):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def __enter__(self) -> Self:
        self._daemon = subprocess.Popen(
            self._command("-bdf"), stdin=subprocess.DEVNULL, **self._as_somebody()
        )
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.02)
        raise AssertionError(f"exim does not listen: {self.log}")

    def __exit__(self, *_: object) -> None:
        self._daemon.send_signal(signal.SIGTERM)
        self._daemon.wait(10)
        shutil.rmtree(self.home)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Everything it logged."""
        return "\n".join(path.read_text() for path in sorted(self.home.glob("log-*")))

    def run_queue(self) -> None:
        """Try to deliver everything that waits, and the reports that come of it."""
        for _ in range(2):
            subprocess.run(self._command("-qff"), check=True, timeout=60, **self._as_somebody())

    def give_up(self) -> None:
        """From now on mail for those who are gone comes back."""
        (self.home / "gone").touch()

    def mails(self, name: str) -> list[bytes]:
        """Return the mails in the Maildir `own` or `others`."""
        return [path.read_bytes() for path in sorted((self.home / name / "new").iterdir())]

    def _command(self, *options: str) -> list[str]:
        return [BINARY, "-C", str(self.home / "exim.conf"), *options]

    def _as_somebody(self) -> dict[str, Any]:
        """Return how to start it without privileges, whoever runs the tests."""
        if os.getuid():
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}


def _group(number: int) -> str:
    return grp.getgrgid(number).gr_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
