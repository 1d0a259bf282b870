"""Secrets planted in an installation, and the search for them where they do not belong."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

NAMES = ("secret", "mail", "oidc", "channel", "hook", "metrics", "database")
SECRETS = {name: f"pl4nted-{name}-9c41f07ae2d85b3660aab1" for name in NAMES}
LOGIN = "duban"
PIECE = 1 << 20


def environ(mail: str, *, issuer: str = "http://127.0.0.1:1/realm") -> dict[str, str]:
    """Return settings with a secret in each; `mail` is `host:port` of a server."""
    channels = (
        f"bot=json://token:{SECRETS['channel']}@127.0.0.1:1/",
        f"system=hook://127.0.0.1:1/{SECRETS['hook']}",
    )
    return {
        "DUBAN_SECRET": SECRETS["secret"],
        "DUBAN_MAIL_URL": f"smtp://{LOGIN}:{SECRETS['mail']}@{mail}",
        "DUBAN_BASE_URL": "http://127.0.0.1",
        "DUBAN_OIDC_ISSUER": issuer,
        "DUBAN_OIDC_CLIENT": LOGIN,
        "DUBAN_OIDC_SECRET": SECRETS["oidc"],
        "DUBAN_CHANNELS": "\n".join(channels),
        "DUBAN_METRICS_TOKEN": SECRETS["metrics"],
    }


def leaks(*folders: Path, secrets: Iterable[str] = SECRETS.values()) -> list[str]:
    """Return the files of `folders` that contain one of `secrets`, plain or in base64."""
    forms = {form for secret in secrets for form in _forms(secret)}
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [str(path) for path in files if any(_pieces(path, forms))]


def leaking_commands(pids: Iterable[int], secrets: Iterable[str] = SECRETS.values()) -> list[bytes]:
    """Return the command lines of processes, readable by everybody here, that contain a secret."""
    forms = {form for secret in secrets for form in _forms(secret)}
    lines = [path.read_bytes() for pid in pids if (path := Path(f"/proc/{pid}/cmdline")).exists()]
    return [line for line in lines if any(form in line for form in forms)]


def _forms(secret: str) -> Iterator[bytes]:
    yield secret.encode()
    yield quote(secret, safe="").encode()
    for ahead in range(3):  # in the midst of something, base64 reads three ways
        code = base64.b64encode(b"\0" * ahead + secret.encode())
        yield code[4 if ahead else 0 : -4]


def _pieces(path: Path, forms: Collection[bytes]) -> Iterator[bool]:
    """Yield for each piece of a file, and each seam of two, whether it contains any of them."""
    end = b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield any(form in end + piece for form in forms)
            end = piece[-200:]
