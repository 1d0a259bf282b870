"""Uploads that are too large, too many, cut off or mislabelled: refused without a trace."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from desk.access import signin
from ledger.duties import life
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tests.faults.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

MB = 1024 * 1024
MOST_GROWN = 50 * MB
QUICKLY = 20  # seconds, on a machine that does other things besides
PATH = f"/duty/{KEY}/do/file"
LINE = b"----b"
TYPES = '<?xml version="1.0"?><Types xmlns="http://x/content-types">{}</Types>'
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
HTML = b"<!doctype html><script>alert(1)</script>"


def docx(**parts: bytes) -> bytes:
    whole = io.BytesIO()
    kind = MACROS if "macros" in parts else DOCX
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        override = f'<Override PartName="/word/document.xml" ContentType="{kind}"/>'
        zipped.writestr("[Content_Types].xml", TYPES.format(override))
        for name, content in parts.items():
            zipped.writestr(f"word/{name}", content)
    return whole.getvalue()


def part(name: str, content: bytes, file: str = "") -> bytes:
    filename = f'; filename="{file}"' if file else ""
    head = f'Content-Disposition: form-data; name="{name}"{filename}\r\n\r\n'
    return b"--" + LINE + b"\r\n" + head.encode() + content + b"\r\n"


def a_file(content: bytes, name: str = "a.pdf") -> bytes:
    return part("file-document", content, name)


def form(token: str, *parts: bytes) -> bytes:
    content = [part("token", token.encode()), part("summary", "已完成".encode()), *parts]
    return b"".join(content) + b"--" + LINE + b"--\r\n"


def in_pieces(whole: bytes, much: int) -> Iterator[bytes]:
    """Yield a body that never says how long it is: the parts, then `much` bytes of a last one."""
    yield whole.removesuffix(b"--" + LINE + b"--\r\n")
    yield part("file-document", b"", "big.pdf")[:-2]
    for _ in range(much // 65536):
        yield b"a" * 65536


def sent(served, cookie, content) -> httpx.Response:
    headers = {
        "Cookie": f"duban={cookie}",
        "Origin": served.url,
        "Content-Type": f"multipart/form-data; boundary={LINE.decode()}",
    }
    with httpx.Client(base_url=served.url, trust_env=False, timeout=60) as client:
        return client.post(PATH, content=content, headers=headers)


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CASES = {
    "100 MB that say so": (413, lambda: [a_file(b"a" * 100 * MB)]),
    "a file over the limit": (422, lambda: [a_file(PDF + b"a" * 21 * MB)]),
    "a bomb": (422, lambda: [a_file(docx(bomb=bytes(300 * MB)), "a.docx")]),
    "ten thousand parts": (422, lambda: [part(f"f{n}", b"x") for n in range(10_000)]),
    "ten thousand files": (422, lambda: [a_file(PDF)] * 10_000),
    "HTML named .pdf": (422, lambda: [a_file(HTML)]),
    "macros": (422, lambda: [a_file(docx(macros=b"vba"), "a.docx")]),
    "an empty file": (422, lambda: [a_file(b"")]),
    "a part without a name": (422, lambda: [b"--" + LINE + b"\r\n\r\nx\r\n"]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_too_much_or_not_what_it_says_is_refused_and_nothing_stays(served, cookie, name):
    status, parts = CASES[name]
    assert_refused(served, cookie, form(signin.form_token(cookie), *parts()), status)


@pytest.mark.parametrize(("much", "status"), [(0, 422), (MB, 422), (100 * MB, 413)])
def test_a_body_that_never_ends_is_refused(served, cookie, much, status):
    assert_refused(served, cookie, in_pieces(form(signin.form_token(cookie)), much), status)


def assert_refused(served, cookie, content, status) -> None:
    settled(served, cookie)
    before, began = memory(served), time.monotonic()
    answer = sent(served, cookie, content)
    spent = time.monotonic() - began

    assert answer.status_code == status, answer.text
    assert spent < QUICKLY
    assert memory(served, peak=True) - before < MOST_GROWN
    assert left(served.home) == []


def test_a_line_cut_off_half_way_leaves_nothing_and_is_no_defect(served, cookie):
    whole = form(signin.form_token(cookie), a_file(PDF + bytes(MB)))
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n"
        f"Cookie: duban={cookie}\r\nContent-Length: {len(whole)}\r\n"
        f"Content-Type: multipart/form-data; boundary={LINE.decode()}\r\n\r\n"
    )
    for share in (0, 0.5, 0.99):
        served.say(head.encode() + whole[: int(len(whole) * share)], wait=0.2)
    settled(served, cookie)

    assert left(served.home) == []
    assert "Traceback" not in (served.home / "serve.log").read_text("utf-8")


def test_after_all_that_an_honest_file_is_kept(served, cookie):
    token = signin.form_token(cookie)
    answer = sent(served, cookie, form(token, a_file(PDF, "../../紀要.pdf")))

    with (
        Ledger.open(load_settings({"DUBAN_HOME": str(served.home)})) as ledger,
        ledger.read() as conn,
    ):
        files = [(file.name, file.sha256) for file in life.evidence(conn, KEY)]
    assert (answer.status_code, [name for name, _ in files]) == (303, ["紀要.pdf"])
    assert left(served.home) == [files[0][1]]


def settled(served, cookie) -> None:
    """Ask for the duty's page once: whatever a request needs has been loaded then."""
    headers = {"Cookie": f"duban={cookie}"}
    answer = httpx.get(f"{served.url}/duty/{KEY}", headers=headers, trust_env=False)
    assert answer.status_code == 200


def memory(served, *, peak: bool = False) -> int:
    """Return the bytes the server holds; its `peak` since this was asked last without."""
    process = Path(f"/proc/{served.pid}")
    if not peak:
        (process / "clear_refs").write_text("5")
    name = "VmHWM:" if peak else "VmRSS:"
    lines = (process / "status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def left(home: Path) -> list[str]:
    """Return the files in the store of evidence, those that wait there among them."""
    return [path.name for path in (home / "evidence").rglob("*") if path.is_file()]
