"""The address of the desk, as letters name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.settings import Settings

PORT = 8180  # of `duban demo` and `duban up`


def desk_address(settings: Settings, *, is_demo: bool) -> str:
    """Return DUBAN_BASE_URL, for a demonstration without it the address it is served at, or ""."""
    at = settings.base_url or (local_address(PORT) if is_demo else "")
    return at.rstrip("/")


def local_address(port: int) -> str:
    """Return the address of a desk on this machine; others of it are `*.localhost`."""
    return f"http://localhost:{port}"
