"""An outside clock stamps the anchor, and none of its failures stops a sweep."""

from __future__ import annotations

import datetime as dt
import http.server
import subprocess
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ledger.proof.anchors import anchor_line, anchors, stamp_file, stamps
from ledger.proof.chain import Anchor
from tasks.proof.stamp import stamp
from tests.trickling import HEADERS, Trickler
from tests.world import ISSUED, PostOffice, World, small_plan

if TYPE_CHECKING:
    from pathlib import Path

ANCHOR = Anchor(dt.date(2014, 3, 14), 2002, "5e" * 32)
CONFIG = """
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
"""


def authority(folder: Path) -> None:
    """Make a time stamping authority: its key, its certificate, its configuration."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an outside clock")])
    now = dt.datetime.now(dt.UTC)
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(stamping, critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder), encoding="ascii")
    (folder / "serial").write_text("01\n", encoding="ascii")


def openssl(*argv: str, content: bytes = b"", cwd: Path) -> bytes:
    ended = subprocess.run(
        ["openssl", *argv], cwd=cwd, input=content, capture_output=True, check=True
    )
    return ended.stdout


class Clock(http.server.ThreadingHTTPServer):
    """The authority at an address of this machine; `mode` is what it does wrong."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder, self.mode = folder, "well"
        self.first = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/stamp"

    def reply(self, query: bytes) -> bytes:
        (self.folder / "query.tsq").write_bytes(query)
        answer = openssl(
            "ts", "-reply", "-config", "tsa.cnf", "-section", "it", "-queryfile", "query.tsq",
            "-signer", "certificate.pem", "-inkey", "key.pem", cwd=self.folder,
        )  # fmt: skip
        self.first = self.first or answer
        return {"nonsense": b"nonsense", "another": self.first}.get(self.mode, answer)


class Answer(http.server.BaseHTTPRequestHandler):
    server: Clock

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"]))
        status = {"broken": 500, "away": 302}.get(self.server.mode, 200)
        body = self.server.reply(query)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def clock(tmp_path):
    folder = tmp_path / "authority"
    folder.mkdir()
    authority(folder)
    with Clock(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def settings(ledger, clock):
    return replace(ledger.settings, tsa_url=clock.url)


def test_the_stamp_is_kept_and_openssl_verifies_it(settings, clock):
    assert stamp(settings, ANCHOR) == 1
    (clock.folder / "line").write_text(anchor_line(ANCHOR), encoding="ascii")
    path = str(stamp_file(settings.home, ANCHOR))
    output = openssl(
        "ts", "-verify", "-data", "line", "-in", path, "-CAfile", "certificate.pem",
        cwd=clock.folder,
    )  # fmt: skip
    assert b"OK" in output


@pytest.mark.parametrize("mode", ["broken", "away", "nonsense", "another"])
def test_what_is_no_stamp_of_this_anchor_is_not_kept(settings, clock, caplog, mode):
    stamp(settings, ANCHOR)
    clock.mode = mode
    assert stamp(settings, ANCHOR._replace(entries=2003)) == 0
    assert [path.name for path in stamps(settings.home)] == [stamp_file(settings.home, ANCHOR).name]
    assert "not stamped" in caplog.text


def test_a_sweep_goes_on_where_nobody_answers(ledger, tmp_path, clock):
    clock.server_close()
    ledger.settings = replace(ledger.settings, tsa_url=clock.url)
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, {}))
    counts = world.sweep(ISSUED)
    assert (counts["anchored"], counts["stamped"]) == (1, 0)
    assert len(anchors(ledger.settings.home)) == 1


def test_an_authority_that_trickles_is_left_alone(ledger, monkeypatch, caplog):
    monkeypatch.setattr("tasks.proof.stamp.LIMIT", 0.2)
    with Trickler(first=HEADERS) as slow:
        settings = replace(ledger.settings, tsa_url=f"http://{slow.address}")
        assert stamp(settings, ANCHOR) == 0
    assert "not over within 0.2 s" in caplog.text


def test_a_sweep_stamps_what_it_anchors(ledger, tmp_path, clock):
    ledger.settings = replace(ledger.settings, tsa_url=clock.url)
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, {}))
    assert world.sweep(ISSUED)["stamped"] == 1
    (anchor,) = anchors(ledger.settings.home)
    assert stamps(ledger.settings.home) == [stamp_file(ledger.settings.home, anchor)]


def test_without_an_authority_nobody_is_asked(ledger):
    assert stamp(ledger.settings, ANCHOR) == 0
